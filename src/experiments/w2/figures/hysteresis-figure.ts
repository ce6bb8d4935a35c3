// The hysteresis loops: test error while λ rises step by step from the ordered checkpoint and falls again, and while it falls
// from the collapse one and rises again. Where the two legs of one network part, its error at a λ depends on where it came from.
import { mean } from "../../../stats";
import type { PlotlyFigure } from "../../result-file";
import { sweepLambdas } from "../training/phases";
import { type FigureName, looks, named, type ShownRun, titleOf } from "./figure-parts";

/** The two legs of each sweep, in the legend's words. */
const legTitles = {
  ordered: ["from ordered, λ rising", "from ordered, λ falling again"],
  collapse: ["from collapse, λ falling", "from collapse, λ rising again"],
} as const;

/**
 * Draws the hysteresis loops: thick lines are means over seeds, solid on the way out and dashed on the way back, and thin ones
 * single seeds.
 *
 * @param run a run with sweeps of λ
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.hysteresisFigure(run).data.length; // => 4
 */
export function hysteresisFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const { hysteresis, hysteresisEpochs: each } = configuration;
  const traces = (["ordered", "collapse"] as const).flatMap((source) => {
    const { colour } = looks[source];
    const bySeed = results.flatMap(({ seed, hysteresis: sweeps }) =>
      sweeps.filter((sweep) => sweep.source === source).map(({ points }) => ({ seed, points })),
    );
    if (bySeed.length === 0 || hysteresis.length === 0) return [];
    const single = bySeed.map(({ seed, points }) => ({
      type: "scatter",
      mode: "lines",
      showlegend: false,
      opacity: 0.35,
      line: { color: colour, width: 1 },
      x: points.map((point) => point.target_lambda),
      y: points.map(({ error }) => error),
      hovertemplate: `λ=%{x}: error %{y:.3f}<extra>seed ${seed}</extra>`,
    }));
    const lambdas = sweepLambdas(configuration, source); // [2n - 1]
    const errors = lambdas.map((_, place) => mean(bySeed.map(({ points }) => points[place].error)));
    const turn = hysteresis.length - 1;
    const leg = (way: 0 | 1, begin: number, end?: number) => ({
      type: "scatter",
      mode: "lines+markers",
      name: legTitles[source][way],
      legendgroup: source,
      x: lambdas.slice(begin, end),
      y: errors.slice(begin, end),
      line: { color: colour, width: 3, dash: way === 0 ? "solid" : "dash" },
      marker: { size: 11, symbol: "arrow", angleref: "previous" },
      hovertemplate: `λ=%{x}: error %{y:.3f}<extra>${legTitles[source][way]}</extra>`,
    });
    return [...(bySeed.length > 1 ? single : []), leg(0, 0, turn + 1), leg(1, turn)];
  });
  const epochs = `${each} ${each === 1 ? "epoch" : "epochs"} at each value`;
  return {
    data: traces,
    layout: {
      ...titleOf(named(`λ swept from each end to the other and back, ${epochs}`, name), configuration),
      xaxis: { title: { text: "λ" } },
      yaxis: { title: { text: "Test error at the end of the step" } },
    },
  };
}
