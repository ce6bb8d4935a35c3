// Draws a weight matrix as a heat map.
import type { PlotlyFigure } from "../../result-file";
import { divergingScale, reach } from "./heat-map";

/**
 * Draws a weight matrix as a heat map: a row for each input, a column for each output.
 *
 * @param rows as `weightRows` gives them
 * @param options.name of the weight, for the title
 * @param options.from first row and column of the rectangle that is shown
 * @example
 * import { booleanWorld } from "dolab";
 * const figure = booleanWorld.weightFigure([[1, -2], [0, 0.5]], { name: "h.0.mlp" });
 * figure.data[0].zmax; // => 2
 */
export function weightFigure(
  rows: readonly ArrayLike<number>[],
  { name, from = { row: 0, column: 0 } }: { name: string; from?: { row: number; column: number } },
): PlotlyFigure {
  const most = reach(rows);
  return {
    data: [
      {
        type: "heatmap",
        z: rows.map((row) => Array.from(row)),
        y0: from.row,
        x0: from.column,
        dx: 1,
        dy: 1,
        zmin: -most,
        zmax: most,
        colorscale: divergingScale,
        colorbar: { title: { text: "weight" } },
        hovertemplate: "row %{y}, column %{x}: %{z:.4g}<extra></extra>",
      },
    ],
    layout: {
      title: { text: name },
      xaxis: { title: { text: "output" }, showgrid: false, zeroline: false },
      yaxis: { title: { text: "input" }, showgrid: false, zeroline: false, autorange: "reversed" },
    },
  };
}
