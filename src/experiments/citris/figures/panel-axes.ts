// Axes of panels side by side, each panel with a title over it.
import { axisSuffix, spans } from "../../panels";

export interface Panel {
  title: string;
  /** Plotly's settings of its axes, beside where they stand. */
  x: object;
  y: object;
}

/** What a layout says of panels. @param gap between two of them, of the whole width */
export function panelAxes(panels: readonly Panel[], gap: number) {
  const domains = spans(panels.length, gap);
  const axes = panels.flatMap(({ x, y }, i) => [
    [`xaxis${axisSuffix(i)}`, { domain: domains[i], anchor: `y${axisSuffix(i)}`, ...x }],
    [`yaxis${axisSuffix(i)}`, { anchor: `x${axisSuffix(i)}`, ...y }],
  ]);
  const annotations = panels.map(({ title }, i) => ({
    text: title,
    xref: "paper",
    yref: "paper",
    showarrow: false,
    x: (domains[i][0] + domains[i][1]) / 2,
    y: 1,
    xanchor: "center",
    yanchor: "bottom",
  }));
  return { ...Object.fromEntries(axes), annotations };
}

/** The axes that a trace of a panel has. */
export const onPanel = (index: number) => ({
  xaxis: `x${axisSuffix(index)}`,
  yaxis: `y${axisSuffix(index)}`,
});
