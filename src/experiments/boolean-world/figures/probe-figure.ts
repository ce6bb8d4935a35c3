// Accuracy of linear probes by layer, a line for each variable, at one position of the text.
import type { ProbeRow } from "../../../models/gpt2/interpret/linear-probes";
import { mean } from "../../../stats";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { shownToken } from "./heat-map";

const hues = ["blue", "vermillion", "green", "purple", "sky", "orange"] as const;
/** More variables than hues repeat them, with another look. */
const repeats = [
  { symbol: "circle", dash: "solid" },
  { symbol: "square", dash: "dot" },
  { symbol: "diamond", dash: "dashdot" },
] as const;

/**
 * Draws the accuracy of linear probes by layer, a line for each variable, beside that of probes for shuffled labels.
 *
 * @param rows as `probeResiduals` gives them
 * @param options.position which token's stream
 * @param options.token its text, for the title
 * @throws {RangeError} where there is no row of the position
 * @example
 * import { booleanWorld } from "dolab";
 * const probe = { variable: "A", position: 3, control: 0.5, majority: 0.5 };
 * const rows = [{ ...probe, layer: 0, accuracy: 0.6 }, { ...probe, layer: 1, accuracy: 1 }];
 * booleanWorld.probeFigure(rows, { position: 3 }).data[0].y; // => [0.6, 1]
 */
export function probeFigure(
  rows: readonly ProbeRow[],
  { position, token }: { position: number; token?: string },
): PlotlyFigure {
  const shown = rows.filter((row) => row.position === position);
  if (shown.length === 0)
    throw new RangeError(`Cannot draw probes as there must be some at the position: got none at ${position}`);
  const variables = [...new Set(shown.map(({ variable }) => variable))];
  const layers = [...new Set(shown.map(({ layer }) => layer))].sort((a, b) => a - b);
  const lines = variables.map((variable, i) => {
    const own = shown.filter((row) => row.variable === variable);
    const colour = colours[hues[i % hues.length]];
    const { symbol, dash } = repeats[Math.floor(i / hues.length) % repeats.length];
    return {
      type: "scatter",
      mode: "lines+markers",
      name: variable,
      cliponaxis: false,
      x: own.map(({ layer }) => layer),
      y: own.map(({ accuracy }) => accuracy),
      line: { color: colour, width: 2, dash },
      marker: { color: colour, size: 9, symbol },
      customdata: own.map(({ control, majority }) => [control, majority]),
      hovertemplate: `%{y:.0%}; shuffled labels %{customdata[0]:.0%}, the more frequent %{customdata[1]:.0%}<extra>${variable}</extra>`,
    };
  });
  const control = {
    type: "scatter",
    mode: "lines",
    name: "shuffled labels, mean",
    cliponaxis: false,
    x: layers,
    y: layers.map((layer) => mean(shown.filter((row) => row.layer === layer).map((row) => row.control))),
    line: { color: colours.control, width: 2, dash: "dash" },
    hovertemplate: "%{y:.0%}<extra>shuffled labels</extra>",
  };
  const place =
    token === undefined ? `position ${position}` : `token "${shownToken(token)}" (position ${position})`;
  return {
    data: [...lines, control],
    layout: {
      title: { text: `What a linear probe reads off the stream at ${place}` },
      xaxis: {
        title: { text: "layers that have written" },
        tickmode: "array",
        tickvals: layers,
        ticktext: layers.map((layer) => (layer === 0 ? "embedding" : String(layer))),
      },
      yaxis: { title: { text: "told right, left out of the fit" }, tickformat: ".0%", range: [0, 1.03] },
    },
  };
}
