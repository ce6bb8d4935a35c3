// What the figures of W2 share.
import { colours } from "../colours";
import { worthCaution } from "./checkpoint-worth";
import type { History } from "./phases";
import type { W2Run } from "./saved-run";

export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

/** The part of a run that its figures are drawn from. */
export type ShownRun = Pick<W2Run, "results" | "configuration">;

/** How a network's history is drawn and called. */
export const looks: Record<History, { colour: string; symbol: string; title: string }> = {
  ordered: { colour: colours.ordered, symbol: "circle", title: "from ordered" },
  collapse: { colour: colours.collapse, symbol: "square", title: "from collapse" },
  control: { colour: colours.control, symbol: "diamond", title: "control: fresh start" },
};

/** Where panels side by side begin and end. @param gap between them, of the whole width */
export function panels(count: number, gap = 0.09): [number, number][] {
  const width = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => [i * (width + gap), i * (width + gap) + width]);
}

/** Plotly's suffix of an axis: "" of the first, then "2", "3", ... */
export const axisSuffix = (index: number) => (index === 0 ? "" : String(index + 1));

/** A note below a figure over checkpoints that do not deserve their names, and the room it takes. */
export function cautionBelow({ results, configuration }: ShownRun) {
  const caution = worthCaution(results, configuration);
  if (!caution) return { annotations: [], margin: {} };
  const text = wrapped(`Caution. ${caution}.`, 110);
  const place = { xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -58 };
  return {
    annotations: [
      { ...place, text, showarrow: false, align: "left", font: { size: 12, color: colours.vermillion } },
    ],
    margin: { b: 60 + 18 * text.split("<br>").length + 12 },
  };
}

function wrapped(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join("<br>");
}
