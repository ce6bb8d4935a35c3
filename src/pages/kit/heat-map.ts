// Numbers as colours: from the paper's colour to blue where none is negative, else blue below 0 and vermillion above. In
// the dark, Okabe and Ito's lighter neighbours, sky and orange, stand in, which differ from dark paper as much. The cells can
// be read: under the pointer, or, with the focus on the map, moved by arrow keys.
import { colours } from "../../experiments/colours";
import { element, setAttributes, setText } from "./dom";

export interface HeatMapData {
  rows: number;
  columns: number;
  at(row: number, column: number): number;
  /** The size that is drawn in full colour. */
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

export interface HeatMapOptions {
  /** What the map shows. */
  label: string;
  /** What a cell says, in a line below that a screen reader speaks. */
  describe(row: number, column: number): string;
  /** What Enter, the space bar and a click do. */
  choose?(row: number, column: number): void;
}

export interface HeatMap {
  root: HTMLElement;
  /** Draws the map anew, and says its chosen cell again. */
  draw(data: HeatMapData): void;
}

/** Makes an empty map. */
export function heatMap({ label, describe, choose }: HeatMapOptions): HeatMap {
  let shown: HeatMapData = { rows: 0, columns: 0, at: () => 0, most: 1 };
  let cell: { row: number; column: number } | undefined;
  const canvas = element("canvas", { class: "heat", "aria-hidden": "true" });
  const marker = element("span", { class: "marker", hidden: true });
  const line = element("p", { class: "readout", "aria-live": "polite" });
  const stage = element(
    "div",
    {
      class: "stage",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "heat map",
      "aria-label": `${label}. Arrow keys move from cell to cell.`,
      onkeydown: (event) => key(event as KeyboardEvent),
      onpointermove: (event) => show(under(event as PointerEvent)),
      onclick: (event) => {
        show(under(event as PointerEvent));
        if (cell) choose?.(cell.row, cell.column);
      },
      onfocus: () => show(cell ?? { row: 0, column: 0 }),
    },
    canvas,
    marker,
  );

  function under(event: PointerEvent | MouseEvent) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const { rows, columns } = shown;
    const row = Math.floor(((event.clientY - top) / height) * rows);
    const column = Math.floor(((event.clientX - left) / width) * columns);
    return { row, column };
  }

  function show({ row, column }: { row: number; column: number }): void {
    const { rows, columns } = shown;
    if (rows === 0 || columns === 0) {
      cell = undefined;
      marker.hidden = true;
      setText(line, "");
      return;
    }
    cell = { row: Math.min(Math.max(row, 0), rows - 1), column: Math.min(Math.max(column, 0), columns - 1) };
    marker.hidden = false;
    Object.assign(marker.style, {
      left: `${(100 * cell.column) / columns}%`,
      top: `${(100 * cell.row) / rows}%`,
      width: `${100 / columns}%`,
      height: `${100 / rows}%`,
    });
    setText(line, describe(cell.row, cell.column));
  }

  function key(event: KeyboardEvent): void {
    const { row, column } = cell ?? { row: 0, column: 0 };
    const last = shown.columns - 1;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, last],
      PageUp: [row, column - 16],
      PageDown: [row, column + 16],
    };
    const move = moves[event.key];
    if (move) show({ row: move[0], column: move[1] });
    else if ((event.key === "Enter" || event.key === " ") && cell && choose) choose(cell.row, cell.column);
    else return;
    event.preventDefault();
  }

  whenSchemeChanges(() => drawHeatMap(canvas, shown));
  return {
    root: element("div", { class: "map" }, stage, line),
    draw(data) {
      shown = data;
      drawHeatMap(canvas, data);
      setAttributes(stage, { "aria-disabled": data.rows === 0 ? "true" : undefined });
      if (cell) show(cell);
    },
  };
}
