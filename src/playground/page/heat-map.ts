// Numbers as colours: from the paper's colour to blue where none is negative, else blue below 0 and vermillion above. In
// the dark, Okabe and Ito's lighter neighbours, sky and orange, stand in, which differ from dark paper as much.
import { colours } from "../../experiments/colours";

export interface HeatMapData {
  rows: number;
  columns: number;
  at(row: number, column: number): number;
  /** What is drawn in full colour. */
  most: number;
}

type Rgb = readonly [number, number, number];

const darkScheme = () => matchMedia("(prefers-color-scheme: dark)");
const rgb = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** Draws a cell a pixel; the style sheet makes them larger. NaN is hatched grey. */
export function drawHeatMap(canvas: HTMLCanvasElement, { rows, columns, at, most }: HeatMapData): void {
  const dark = darkScheme().matches;
  const paper = dark ? rgb("#14171a") : rgb("#ffffff");
  const below = rgb(dark ? colours.sky : colours.blue);
  const above = rgb(dark ? colours.orange : colours.vermillion);
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(canvas.width, canvas.height);
  const grey = rgb(colours.grey);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = at(row, column);
      const odd = !Number.isFinite(value);
      const share = odd ? ((row + column) % 2) * 0.5 : Math.min(1, Math.abs(value) / most);
      const full = odd ? grey : value > 0 ? above : below;
      const pixel = 4 * (row * columns + column);
      for (let channel = 0; channel < 3; channel++)
        image.data[pixel + channel] = paper[channel] + (full[channel] - paper[channel]) * share;
      image.data[pixel + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** Calls back when the colour scheme changes. */
export const whenSchemeChanges = (redraw: () => void): void =>
  darkScheme().addEventListener("change", redraw);

/** The greatest size of any finite number, at least a little. */
export function greatest(rows: readonly Float32Array[]): number {
  let most = 1e-6;
  for (const row of rows)
    for (const value of row) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
  return most;
}
