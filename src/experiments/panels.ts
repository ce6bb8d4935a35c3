// Panels of one figure: where they stand, and what Plotly calls their axes.

/** Where parts side by side begin and end. @param gap between two of them, of the whole length */
export function spans(count: number, gap: number): [number, number][] {
  const size = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => [i * (size + gap), i * (size + gap) + size]);
}

/** Plotly's suffix of an axis: "" of the first, then "2", "3", ... */
export const axisSuffix = (index: number) => (index === 0 ? "" : String(index + 1));
