// Four questions about the first seed's networks: is a branch at rest or only slow, how long does an ordered one live close to the critical λ, does anything free
// one that is at chance, and how much of a loop is only the speed of its sweep?
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { chanceFrom } from "../results/checkpoint-worth";
import { type Stay, sweepsBySpeed } from "../results/seed-result";
import { type FigureName, looks, named, type ShownRun, titleOf } from "./figure-parts";

/** Without blue and vermillion, which are those of order and collapse. */
const palette = [colours.green, colours.purple, colours.sky, colours.orange, colours.grey];

const trajectoryTrace = ({ trajectory }: Stay, name: string, colour: string) => ({
  type: "scatter",
  mode: "lines+markers",
  name,
  x: trajectory.map(({ epoch }) => epoch),
  y: trajectory.map(({ error }) => error),
  line: { color: colour, width: 2 },
  marker: { size: 6 },
  hovertemplate: `epoch %{x}: error %{y:.3f}<extra>${name}</extra>`,
});

const level = (y: number, colour: string) => ({
  type: "line",
  x0: 0,
  x1: 1,
  xref: "paper",
  y0: y,
  y1: y,
  line: { color: colour, width: 1.5, dash: "dash" },
});

const axes = {
  xaxis: { title: { text: "Epochs" } },
  yaxis: { title: { text: "Test error" }, rangemode: "tozero" },
};

/** Line dashes of the longer branches, a λ each. */
const dashes = ["solid", "dash", "dot", "dashdot"];

/**
 * Draws the branches that were trained four times as long, one line each; the upright line is where the interventions end.
 *
 * @param run a run with such branches
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.longerFigure(run).data.length; // => 6
 */
export function longerFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const { longerTargets, interventionEpochs } = configuration;
  const traces = results.flatMap(({ longer }) =>
    longer.map((branch) => {
      const { title, colour } = looks[branch.source];
      const trace = trajectoryTrace(branch, `${title}, λ=${branch.target_lambda}`, colour);
      const dash = dashes[longerTargets.indexOf(branch.target_lambda) % dashes.length];
      return { ...trace, line: { ...trace.line, dash } };
    }),
  );
  return {
    data: traces,
    layout: {
      ...titleOf(
        named("At rest, or only slow? The same jumps, trained four times as long", name),
        configuration,
      ),
      ...axes,
      shapes: [
        {
          type: "line",
          x0: interventionEpochs,
          x1: interventionEpochs,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { color: colours.grey, width: 1.5, dash: "dot" },
        },
      ],
    },
  };
}

/**
 * Draws the ordered network at one λ, epoch by epoch; the dashed line is the threshold of an ordered checkpoint.
 *
 * @param run a run with such a stay
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.lifetimeFigure(run).data.length; // => 1
 */
export function lifetimeFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const { lifetimeLambda, orderedThreshold } = configuration;
  return {
    data: results.flatMap(({ seed, lifetime }) =>
      lifetime.map((stay) => trajectoryTrace(stay, `seed ${seed}, from ordered`, colours.ordered)),
    ),
    layout: {
      ...titleOf(
        named(`How long does an ordered network live at λ = ${lifetimeLambda}?`, name),
        configuration,
      ),
      ...axes,
      shapes: [level(orderedThreshold, colours.orange)],
    },
  };
}

/**
 * Draws the attempts to free a network that is at chance, one line each; the dashed line is chance, less a margin.
 *
 * @param run a run with such attempts
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.escapeFigure(run).data.length; // => 4
 */
export function escapeFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  return {
    data: results.flatMap(({ escapes }) =>
      escapes.map((attempt, i) => {
        const name = `λ = ${attempt.target_lambda}, learning rate ${attempt.learning_rate.toPrecision(2)}`;
        return trajectoryTrace(attempt, name, palette[i % palette.length]);
      }),
    ),
    layout: {
      ...titleOf(named("Does anything free a network that is at chance?", name), configuration),
      ...axes,
      shapes: [level(chanceFrom, colours.grey)],
    },
  };
}

/**
 * Draws loops from the ordered checkpoint at several speeds: solid on the way out, dashed on the way back.
 *
 * @param run a run with such loops
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.speedFigure(run).data.length; // => 6
 */
export function speedFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const sweeps = results.flatMap((result) => sweepsBySpeed(result, configuration));
  const data = sweeps.flatMap(({ hold, points }, i) => {
    const turn = (points.length - 1) / 2;
    const leg = (begin: number, end: number, dash: string, way: string) => ({
      type: "scatter",
      mode: "lines+markers",
      name: `${hold} ${hold === 1 ? "epoch" : "epochs"} at each λ, ${way}`,
      x: points.slice(begin, end).map(({ target_lambda }) => target_lambda),
      y: points.slice(begin, end).map(({ error }) => error),
      line: { color: palette[i % palette.length], width: 2, dash },
      marker: { size: 6 },
      hovertemplate: "λ=%{x}: error %{y:.3f}<extra>%{fullData.name}</extra>",
    });
    return [leg(0, turn + 1, "solid", "out"), leg(turn, points.length, "dash", "back")];
  });
  return {
    data,
    layout: {
      ...titleOf(named("How much of the loop is the speed of its sweep?", name), configuration),
      xaxis: { title: { text: "λ" } },
      yaxis: { title: { text: "Test error at the end of the step" }, rangemode: "tozero" },
    },
  };
}
