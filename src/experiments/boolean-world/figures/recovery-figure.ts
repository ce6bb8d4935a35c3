// Recovery drawn: how a model comes back while it trains on without a part.
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { RecoveryRow } from "../interventions/adapt-model";

/**
 * Draws how a model comes back while it trains on without a part, and what it is worth with the part switched on again.
 *
 * @param rows as `adaptModel` gives them
 * @param options.part what was switched off, for the title
 * @param options.before share of exact answers of the whole model
 * @example
 * import { booleanWorld } from "dolab";
 * const rows = [
 *   { step: 0, loss: NaN, without: 0.1, restored: 1 },
 *   { step: 20, loss: 0.2, without: 0.9, restored: 0.7 },
 * ];
 * booleanWorld.recoveryFigure(rows, { part: "head 0" }).data[0].y; // => [0.1, 0.9]
 */
export function recoveryFigure(
  rows: readonly RecoveryRow[],
  { part, before }: { part: string; before?: number },
): PlotlyFigure {
  const line = (key: "without" | "restored", name: string, colour: string, symbol: string) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    cliponaxis: false,
    x: rows.map(({ step }) => step),
    y: rows.map((row) => row[key]),
    line: { color: colour, width: 3 },
    marker: { color: colour, symbol, size: 8 },
    hovertemplate: `step %{x}: %{y:.0%}<extra>${name}</extra>`,
  });
  const level = { color: colours.grey, dash: "dash", width: 2 };
  return {
    data: [
      line("without", `without ${part}`, colours.blue, "circle"),
      line("restored", `with ${part} switched on again`, colours.orange, "diamond"),
    ],
    layout: {
      title: { text: `Training on without ${part}` },
      xaxis: { title: { text: "steps after the ablation" }, rangemode: "tozero" },
      yaxis: { title: { text: "states answered exactly" }, tickformat: ".0%", range: [0, 1.03] },
      ...(before === undefined
        ? {}
        : {
            shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: before, y1: before, line: level }],
            annotations: [
              {
                text: "before",
                xref: "paper",
                x: 1,
                xanchor: "right",
                y: before,
                yanchor: "top",
                showarrow: false,
                font: { color: colours.grey },
              },
            ],
          }),
    },
  };
}
