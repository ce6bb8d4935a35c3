// Reads out the cells of a heat map: under the pointer, or, with the focus on it, moved by arrow keys. What a cell says
// stands in a line below, which a screen reader speaks.
import { element, setAttributes, setText } from "./dom";

export interface CellReaderOptions {
  label: string;
  size(): { rows: number; columns: number };
  describe(row: number, column: number): string;
  /** What Enter, the space bar and a click do. */
  choose?(row: number, column: number): void;
}

export interface CellReader {
  root: HTMLElement;
  canvas: HTMLCanvasElement;
  /** Says the cell again after a change. */
  refresh(): void;
}

export function cellReader({ label, size, describe, choose }: CellReaderOptions): CellReader {
  let cell: { row: number; column: number } | undefined;
  const canvas = element("canvas", { class: "heat", "aria-hidden": "true" });
  const marker = element("span", { class: "marker", hidden: true });
  const line = element("p", { class: "readout", "aria-live": "polite" });
  const stage = element(
    "div",
    {
      ...{ class: "stage", tabindex: 0, role: "application", "aria-roledescription": "heat map" },
      ...{ "aria-label": `${label}. Arrow keys move from cell to cell.` },
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
    const { rows, columns } = size();
    const row = Math.floor(((event.clientY - top) / height) * rows);
    const column = Math.floor(((event.clientX - left) / width) * columns);
    return { row, column };
  }

  function show({ row, column }: { row: number; column: number }): void {
    const { rows, columns } = size();
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
    const last = size().columns - 1;
    const moves: Record<string, [number, number]> = {
      ...{ ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] },
      ...{ ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] },
      ...{ Home: [row, 0], End: [row, last] },
      ...{ PageUp: [row, column - 16], PageDown: [row, column + 16] },
    };
    const move = moves[event.key];
    if (move) show({ row: move[0], column: move[1] });
    else if ((event.key === "Enter" || event.key === " ") && cell && choose) choose(cell.row, cell.column);
    else return;
    event.preventDefault();
  }

  return {
    root: element("div", { class: "map" }, stage, line),
    canvas,
    refresh() {
      const { rows } = size();
      setAttributes(stage, { "aria-disabled": rows === 0 ? "true" : undefined });
      if (cell) show(cell);
    },
  };
}
