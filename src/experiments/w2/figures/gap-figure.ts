// What is left of the gap at the end of the interventions, one bar a target: source document 000's figure, with the bootstrap
// interval over seeds in the hover text.
import { createRandom } from "../../../random";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { gapInterval, gapsByTarget, numpyDeviation, numpyMean, strongGap } from "../results/gaps";
import { cautiousTitle, type FigureName, named, type ShownRun } from "./figure-parts";

/**
 * Draws the gap at each target, in percent: bars are means over seeds, error bars the population standard deviation, and dots
 * single seeds.
 *
 * @param run a run with interventions
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const [bars, seeds] = w2.gapFigure(w2.publishedRun()).data;
 * seeds.y.length; // => 9
 */
export function gapFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const { targets, interventionEpochs, replicates, level, seed } = configuration;
  const rows = gapsByTarget(results, targets)
    .filter(({ gaps }) => gaps.length > 0)
    .map(({ target, gaps }) => {
      const rng = createRandom(seed).split(`gap ${target}`);
      const interval = gapInterval(gaps, { rng, replicates, level });
      return {
        label: `λ=${target}`,
        gaps,
        mean: numpyMean(gaps),
        deviation: numpyDeviation(gaps),
        ...interval,
      };
    });
  return {
    data: [
      {
        type: "bar",
        name: "mean over seeds",
        x: rows.map(({ label }) => label),
        showlegend: false,
        y: rows.map(({ mean }) => 100 * mean),
        error_y: {
          type: "data",
          array: rows.map(({ deviation }) => 100 * deviation),
          thickness: 2,
          width: 6,
        },
        marker: { color: colours.blue, opacity: 0.85 },
        width: 0.5,
        customdata: rows.map(({ low, high }) =>
          Number.isNaN(low) ? "needs two seeds" : `${percent(low)} to ${percent(high)}`,
        ),
        hovertemplate: `%{y:.1f} %<br>${100 * level} % interval: %{customdata}<extra>%{x}</extra>`,
      },
      {
        type: "scatter",
        mode: "markers",
        name: "single seeds",
        x: rows.flatMap(({ label, gaps }) => gaps.map(() => label)),
        y: rows.flatMap(({ gaps }) => gaps.map((gap) => 100 * gap)),
        marker: { color: colours.orange, size: 7, line: { color: "white", width: 1 } },
        hovertemplate: "%{y:.1f} %<extra>%{x}</extra>",
      },
    ],
    layout: {
      ...cautiousTitle(
        named(
          `Causal intervention: history-dependence test (${interventionEpochs} epochs at each target λ)`,
          name,
        ),
        run,
      ),
      xaxis: { title: { text: "Target λ" }, type: "category" },
      yaxis: { title: { text: "Remaining gap after intervention (%)" }, zeroline: true },
      shapes: [
        {
          type: "line",
          x0: 0,
          x1: 1,
          xref: "paper",
          y0: 100 * strongGap,
          y1: 100 * strongGap,
          line: { color: colours.green, dash: "dash", width: 2 },
          showlegend: true,
          name: "strong gap threshold (10 %)",
        },
      ],
      annotations: [
        ...rows.map(({ label, mean, deviation, gaps }) => ({
          x: label,
          y: 100 * Math.max(0, mean + deviation, ...gaps),
          yshift: 14,
          showarrow: false,
          text: `<b>${percent(mean)}</b>`,
        })),
      ],
    },
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
