// Attention maps: from which tokens each head of a layer takes what it brings to each token.
import type { Activation } from "../../../models/gpt2/interpret/read-activations";
import { axisSuffix } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { gridPanels, panelTitle, sequentialScale, shownToken, tokenTicks } from "./heat-map";

const COLUMNS = 2;

/**
 * Draws the attention of a layer, a panel for each head: a row for each token that looks, a column for each that is looked at.
 *
 * @param pattern `h.LAYER.attn.pattern` as `readActivations` gives it, [inputs, heads, time, time]
 * @param options.tokens of the input that is shown, one a position
 * @param options.input which of the inputs
 * @throws {RangeError} for another number of tokens than positions, or an input that there is not
 * @example
 * import { booleanWorld } from "dolab";
 * const pattern = { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0.25, 0.75) };
 * const figure = booleanWorld.attentionFigure(pattern, { layer: 0, tokens: ["1", ","] });
 * figure.data[0].z; // => [[1, null], [0.25, 0.75]]
 */
export function attentionFigure(
  pattern: Activation,
  { layer, tokens, input = 0 }: { layer: number; tokens: readonly string[]; input?: number },
): PlotlyFigure {
  const { shape, data } = pattern;
  const [inputs, heads, time] = shape;
  if (tokens.length !== time || !(input >= 0 && input < inputs))
    throw new RangeError(
      `Cannot draw attention as there are ${inputs} inputs of ${time} tokens: got ${tokens.length} tokens of input ${input}`,
    );
  const panels = gridPanels(heads, COLUMNS, { x: 0.12, y: 0.2 });
  const layout: Record<string, unknown> = {
    title: { text: `Attention in layer ${layer}` },
    height: 120 + Math.ceil(heads / COLUMNS) * (80 + 13 * time), // pixels
    annotations: panels.map((panel, head) => panelTitle(`head ${head}`, panel)),
    coloraxis: {
      colorscale: sequentialScale,
      cmin: 0,
      cmax: 1,
      colorbar: { title: { text: "attention" }, tickformat: ".0%" },
    },
  };
  const traces = panels.map((panel, head) => {
    const suffix = axisSuffix(head);
    const isBottom = head + COLUMNS >= heads;
    layout[`xaxis${suffix}`] = {
      ...tokenTicks(tokens),
      domain: panel.x,
      anchor: `y${suffix}`,
      ...(isBottom ? { title: { text: "token looked at" } } : {}),
    };
    layout[`yaxis${suffix}`] = {
      ...tokenTicks(tokens),
      domain: panel.y,
      anchor: `x${suffix}`,
      autorange: "reversed",
      ...(head % COLUMNS === 0 ? { title: { text: "token that looks" } } : {}),
    };
    const z = Array.from({ length: time }, (_, row) => {
      const start = ((input * heads + head) * time + row) * time;
      return Array.from(data.subarray(start, start + time), (value, column) => (column > row ? null : value));
    });
    const text = tokens.map((from) => tokens.map((to) => `${shownToken(from)} looks at ${shownToken(to)}`));
    return {
      type: "heatmap",
      z,
      text,
      coloraxis: "coloraxis",
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      hovertemplate: `%{text}: %{z:.1%}<extra>head ${head}</extra>`,
    };
  });
  return { data: traces, layout };
}
