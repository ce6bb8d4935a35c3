// What the heat maps of interventions share: panels side by side, two colour scales, tokens as tick labels.
import { colours } from "../../colours";
import { spans } from "../../panels";

const PAPER = "#FFFFFF";

/** The colours of values from 0: white to blue. */
export const sequentialScale = [
  [0, PAPER],
  [1, colours.blue],
] as const;

/** The colours of values around 0: blue, white, vermillion. */
export const divergingScale = [
  [0, colours.blue],
  [0.5, PAPER],
  [1, colours.vermillion],
] as const;

/** How tokens are written: what cannot be seen gets a sign. */
export const shownToken = (token: string): string =>
  token.replaceAll("\n", "⏎").replaceAll("<|endoftext|>", "end").replaceAll(" ", "␣");

/** Ticks of an axis whose places are tokens, by their position, as a token may come twice. */
export const tokenTicks = (tokens: readonly string[]) => ({
  tickmode: "array",
  tickvals: Array.from(tokens.keys()),
  ticktext: tokens.map(shownToken),
  tickangle: 0,
  tickfont: { size: 10 },
  showgrid: false,
  zeroline: false,
});

/** The greatest distance from 0, at least a little, so that a scale around 0 is one. */
export const reach = (rows: readonly ArrayLike<number>[]): number =>
  rows.reduce(
    (most, row) =>
      Array.from(row).reduce(
        (far, value) => (Number.isFinite(value) ? Math.max(far, Math.abs(value)) : far),
        most,
      ),
    1e-12,
  );

/** Where panels of a grid stand, from the top left. @returns domains of x and y for each */
export function gridPanels(count: number, columns: number, gap: { x: number; y: number }) {
  const rows = Math.ceil(count / columns);
  const [across, upwards] = [spans(columns, gap.x), spans(rows, gap.y)];
  return Array.from({ length: count }, (_, i) => ({
    x: across[i % columns],
    y: upwards[rows - 1 - Math.floor(i / columns)],
  }));
}

/** A panel's title, above it. */
export const panelTitle = (text: string, { x, y }: { x: readonly number[]; y: readonly number[] }) => ({
  text,
  xref: "paper",
  yref: "paper",
  xanchor: "center",
  yanchor: "bottom",
  showarrow: false,
  x: (x[0] + x[1]) / 2,
  y: y[1],
  font: { size: 13 },
});
