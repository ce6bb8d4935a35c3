// Causal tracing drawn: at which layer and position a patch brings the other input's answer.
import type { TraceRow } from "../../../models/gpt2/interpret/causal-tracing";
import { axisSuffix } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { divergingScale, gridPanels, panelTitle, reach, shownToken, tokenTicks } from "./heat-map";

const panelsOf = [
  { title: "residual stream", kinds: ["embedding", "residual"] },
  { title: "attention output", kinds: ["attention"] },
  { title: "MLP output", kinds: ["mlp"] },
] as const;

/**
 * Draws a causal trace: the effect of each patch, layer by position, a panel each for the stream, attention and MLPs.
 *
 * @param rows as `traceCausally` gives them
 * @param options.tokens of the clean input, one a position
 * @param options.question what is traced, for the title
 * @example
 * import { booleanWorld, type TraceRow } from "dolab";
 * const row = (position: number, effect: number): TraceRow => ({ kind: "mlp", layer: 0, position, effect });
 * const figure = booleanWorld.traceFigure([row(0, 0), row(1, 0.5)], { tokens: ["1", ","] });
 * figure.data[2].z; // => [[0, 0.5]]
 */
export function traceFigure(
  rows: readonly TraceRow[],
  {
    tokens,
    question = "Which layer and position carry the answer?",
  }: { tokens: readonly string[]; question?: string },
): PlotlyFigure {
  const panels = gridPanels(panelsOf.length, 1, { x: 0, y: 0.13 });
  const most = Math.max(1, reach([rows.map(({ effect }) => effect)]));
  const layout: Record<string, unknown> = {
    title: { text: question },
    annotations: panels.map((panel, i) => panelTitle(panelsOf[i].title, panel)),
    coloraxis: {
      colorscale: divergingScale,
      cmin: -most,
      cmax: most,
      colorbar: { title: { text: "effect" }, tickformat: ".0%" },
    },
  };
  const traces = panels.map((panel, i) => {
    const suffix = axisSuffix(i);
    const own = rows.filter(({ kind }) => (panelsOf[i].kinds as readonly string[]).includes(kind));
    const layers = [...new Set(own.map(({ layer }) => layer))].sort((a, b) => a - b);
    const z = layers.map((layer) =>
      Array.from(tokens, (_, position) => {
        const effect = own.find((row) => row.layer === layer && row.position === position)?.effect;
        return effect === undefined || Number.isNaN(effect) ? null : effect;
      }),
    );
    layout[`xaxis${suffix}`] = {
      ...tokenTicks(tokens),
      domain: panel.x,
      anchor: `y${suffix}`,
      ...(i === panels.length - 1 ? { title: { text: "patched position" } } : {}),
    };
    layout[`yaxis${suffix}`] = {
      tickmode: "array",
      tickvals: layers,
      domain: panel.y,
      anchor: `x${suffix}`,
      showgrid: false,
      ticktext: layers.map((layer) => (layer < 0 ? "embedding" : String(layer))),
      zeroline: false,
      title: { text: "layer" },
    };
    return {
      type: "heatmap",
      y: layers,
      z,
      coloraxis: "coloraxis",
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      text: layers.map(() => tokens.map(shownToken)),
      hovertemplate: `layer %{y}, "%{text}" (position %{x}): %{z:.1%}<extra>${panelsOf[i].title}</extra>`,
    };
  });
  return { data: traces, layout };
}
