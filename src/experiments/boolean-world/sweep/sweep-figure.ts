// The sweep drawn: share of held-out states that are answered exactly, against the share of states that was held-out.
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { BooleanWorldConfiguration } from "../configuration";
import { sweepTable } from "./sweep-table";
import type { TrialRow, TrialWorld } from "./trials";

/** `aside`: how far a world's marks stand to the right of their share, so that intervals do not hide each other. */
const looks: Record<TrialWorld, { title: string; colour: string; symbol: string; aside: number }> = {
  document: { title: "the document's rules (32 states)", colour: colours.blue, symbol: "circle", aside: 0 },
  harder: { title: "harder rules (64 states)", colour: colours.vermillion, symbol: "square", aside: 0.006 },
};

/**
 * Draws a sweep: lines are means with their intervals, dots single trainings, and dashed lines what copying the answer of the
 * nearest states that were read would give.
 *
 * @param rows the sweep's trainings, all or some
 * @param configuration the seed, replicates and level of the intervals
 * @param options.title the figure's title
 * @example
 * import { booleanWorld } from "dolab";
 * const run = booleanWorld.referenceRun();
 * booleanWorld.sweepFigure(run.rows, run.configuration).data.length; // => 6
 */
export function sweepFigure(
  rows: readonly TrialRow[],
  configuration: Pick<BooleanWorldConfiguration, "seed" | "replicates" | "level">,
  { title: heading = "Exact answers to states that were never read" }: { title?: string } = {},
): PlotlyFigure {
  const table = sweepTable(rows, configuration);
  const data = (Object.keys(looks) as TrialWorld[]).flatMap((world) => {
    const { title, colour, symbol, aside } = looks[world];
    const place = ({ excluded, states }: { excluded: number; states: number }) => excluded / states + aside;
    const lines = table.filter((row) => row.world === world);
    const single = rows.filter((row) => row.world === world);
    if (single.length === 0) return [];
    return [
      {
        type: "scatter",
        mode: "markers",
        showlegend: false,
        opacity: 0.4,
        cliponaxis: false,
        x: single.map(place),
        y: single.map((row) => row.excluded_exact),
        marker: { color: colour, symbol, size: 7 },
        text: single.map(({ seed, excluded, states }) => `${excluded} of ${states}, seed ${seed}`),
        hovertemplate: "%{text}: %{y:.0%}<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: title,
        cliponaxis: false,
        x: lines.map(place),
        y: lines.map((row) => row.excluded_exact),
        error_y: {
          type: "data",
          symmetric: false,
          thickness: 2,
          array: lines.map((row) => (Number.isNaN(row.high) ? 0 : row.high - row.excluded_exact)),
          arrayminus: lines.map((row) => (Number.isNaN(row.low) ? 0 : row.excluded_exact - row.low)),
        },
        line: { color: colour, width: 3 },
        marker: { color: colour, symbol, size: 10 },
        text: lines.map(
          ({ excluded, states, trainings }) => `${excluded} of ${states}, ${trainings} trainings`,
        ),
        hovertemplate: `%{text}: %{y:.1%}<extra>${title}</extra>`,
      },
      {
        type: "scatter",
        mode: "lines",
        name: `copied from neighbours, ${title}`,
        cliponaxis: false,
        x: lines.map(place),
        y: lines.map((row) => row.neighbours_exact),
        line: { color: colour, width: 2, dash: "dash" },
        hovertemplate: "%{y:.1%}<extra>copied from the nearest states</extra>",
      },
    ];
  });
  return {
    data,
    layout: {
      title: { text: heading },
      xaxis: { title: { text: "Held-out states" }, tickformat: ".0%", rangemode: "tozero" },
      yaxis: { title: { text: "Answered exactly" }, tickformat: ".0%", range: [0, 1.02] },
    },
  };
}
