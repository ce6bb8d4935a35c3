// The hysteresis loop: test error while λ rises step by step from the ordered checkpoint, and while it falls from the collapse
// one. Where the two lines part, the error at a λ depends on where the network came from.
import { mean } from "../../stats";
import type { PlotlyFigure } from "../result-file";
import { looks, type ShownRun } from "./figure-parts";
import { sweepLambdas } from "./phases";

const titles = { ordered: "λ rising, from ordered", collapse: "λ falling, from collapse" } as const;

/** Thick lines: means over seeds; thin ones: single seeds. No line where no sweep was run. */
export function hysteresisFigure({ results, configuration }: ShownRun): PlotlyFigure {
  const traces = (["ordered", "collapse"] as const).flatMap((source) => {
    const { colour } = looks[source];
    const lambdas = configuration.hysteresis.length > 0 ? sweepLambdas(configuration, source) : [];
    const bySeed = results.flatMap(({ seed, hysteresis }) =>
      hysteresis.filter((sweep) => sweep.source === source).map(({ points }) => ({ seed, points })),
    );
    if (bySeed.length === 0) return [];
    const errorsAt = (lambda: number) =>
      bySeed.flatMap(({ points }) =>
        points.filter((p) => p.target_lambda === lambda).map(({ error }) => error),
      );
    const single = bySeed.map(({ seed, points }) => ({
      ...{
        type: "scatter",
        mode: "lines",
        showlegend: false,
        opacity: 0.35,
        line: { color: colour, width: 1 },
      },
      ...{ x: points.map((p) => p.target_lambda), y: points.map(({ error }) => error) },
      hovertemplate: `λ=%{x}: error %{y:.3f}<extra>seed ${seed}</extra>`,
    }));
    const middle = {
      ...{ type: "scatter", mode: "lines+markers", name: titles[source], x: lambdas },
      y: lambdas.map((lambda) => mean(errorsAt(lambda))),
      line: { color: colour, width: 3 },
      marker: { size: 11, symbol: "arrow", angleref: "previous" },
      hovertemplate: `λ=%{x}: error %{y:.3f}<extra>${titles[source]}</extra>`,
    };
    return [...(bySeed.length > 1 ? single : []), middle];
  });
  const { hysteresisEpochs: each } = configuration;
  return {
    data: traces,
    layout: {
      title: { text: `λ swept up and down, ${each} ${each === 1 ? "epoch" : "epochs"} at each value` },
      xaxis: { title: { text: "λ" } },
      yaxis: { title: { text: "Test error at the end of the step" } },
    },
  };
}
