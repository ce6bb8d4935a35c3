// Activations layer by layer as heat maps: a row for each token, a column for each channel.
import type { Activation } from "../../../models/gpt2/interpret/read-activations";
import { axisSuffix } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { divergingScale, gridPanels, panelTitle, reach, tokenTicks } from "./heat-map";

/**
 * Draws activations layer by layer as heat maps: a row for each token, a column for each channel.
 *
 * @param activations by name, each [inputs, time, channels], such as residual streams or MLP neurons; one panel each
 * @param options.tokens of the input that is shown, one a position
 * @param options.input which of the inputs
 * @throws {RangeError} for an activation of another shape, or an input that there is not
 * @example
 * import { booleanWorld } from "dolab";
 * const neurons = { shape: [1, 2, 3], data: Float32Array.of(1, 0, -1, 0.5, 0, 2) };
 * const figure = booleanWorld.activationFigure(new Map([["h.0.mlp.neurons", neurons]]), { tokens: ["1", ","] });
 * figure.data[0].z; // => [[1, 0, -1], [0.5, 0, 2]]
 */
export function activationFigure(
  activations: ReadonlyMap<string, Activation>,
  { title = "Activations", tokens, input = 0 }: { title?: string; tokens: readonly string[]; input?: number },
): PlotlyFigure {
  const entries = [...activations];
  const rowsOf = entries.map(([name, { shape, data }]) => {
    const [inputs, time, channels] = shape;
    if (shape.length !== 3 || time !== tokens.length || !(input >= 0 && input < inputs))
      throw new RangeError(
        `Cannot draw "${name}" as it must be [inputs, ${tokens.length}, channels] with input ${input}: got [${shape}]`,
      );
    return Array.from(tokens, (_, position) => {
      const start = (input * time + position) * channels;
      return Array.from(data.subarray(start, start + channels));
    });
  });
  const panels = gridPanels(entries.length, 1, { x: 0, y: 0.35 / Math.max(entries.length, 1) });
  const most = reach(rowsOf.flat());
  const layout: Record<string, unknown> = {
    title: { text: title },
    height: 140 + entries.length * (50 + 13 * tokens.length), // pixels
    annotations: panels.map((panel, i) => panelTitle(entries[i][0], panel)),
    coloraxis: {
      colorscale: divergingScale,
      cmin: -most,
      cmax: most,
      colorbar: { title: { text: "value" } },
    },
  };
  const traces = panels.map((panel, i) => {
    const suffix = axisSuffix(i);
    layout[`xaxis${suffix}`] = {
      domain: panel.x,
      anchor: `y${suffix}`,
      showgrid: false,
      zeroline: false,
      ...(i === entries.length - 1 ? { title: { text: "channel" } } : {}),
    };
    layout[`yaxis${suffix}`] = {
      ...tokenTicks(tokens),
      domain: panel.y,
      anchor: `x${suffix}`,
      autorange: "reversed",
      title: { text: "token" },
    };
    return {
      type: "heatmap",
      z: rowsOf[i],
      coloraxis: "coloraxis",
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      hovertemplate: `token %{y}, channel %{x}: %{z:.3g}<extra>${entries[i][0]}</extra>`,
    };
  });
  return { data: traces, layout };
}
