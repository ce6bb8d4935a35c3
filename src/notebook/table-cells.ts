// Turns cells into what is read: one text a cell, its full value where the text is rounded, and how a column is aligned and
// sorted.
import { formatColumn, formatNumber } from "./format-numbers";
import type { Column } from "./table-columns";

/** Significant digits, "percent" (a rate, times a hundred), or a function from the cell to its text. */
export type CellFormat = number | "percent" | CellText;

/** Declared as a method, so that a function of `number` or `string` will do. */
type CellText = { write(cell: unknown): string }["write"];

export interface TextCell {
  text: string;
  /** The value in full, if `text` is rounded. */
  full?: string;
  /** Nothing to show: null, undefined or NaN. */
  missing?: boolean;
}

export interface TextColumn {
  name: string;
  numeric: boolean;
  cells: TextCell[];
}

/** @param digits significant digits of a column without a format of its own */
export function textColumn({ name, cells }: Column, format?: CellFormat, digits = 4): TextColumn {
  const present = cells.filter((cell) => !isNothing(cell));
  const numeric =
    present.length > 0 && present.every((cell) => typeof cell === "number" || typeof cell === "bigint");
  if (typeof format === "function") {
    return {
      name,
      numeric,
      cells: cells.map((cell) => (isNothing(cell) ? nothing : withFull(format(cell), cell, numeric))),
    };
  }
  if (!numeric)
    return {
      name,
      numeric,
      cells: cells.map((cell) => ({ text: describe(cell), missing: isMissing(cell) })),
    };
  const percent = format === "percent";
  const numbers = present.map((cell) => Number(cell) * (percent ? 100 : 1));
  const texts = formatColumn(numbers, typeof format === "number" ? format : digits);
  let next = 0;
  return {
    name,
    numeric,
    cells: cells.map((cell) => {
      if (isNothing(cell)) return nothing;
      const text = texts[next++];
      return withFull(percent && Number.isFinite(Number(cell)) ? `${text} %` : text, cell, true);
    }),
  };
}

function withFull(text: string, cell: unknown, numeric: boolean): TextCell {
  const full = describe(cell);
  return {
    text,
    ...(numeric && full !== text && !isMissing(cell) ? { full } : {}),
    missing: isMissing(cell),
  };
}

const nothing: TextCell = { text: "–", missing: true };
const isNothing = (cell: unknown): cell is null | undefined => cell === null || cell === undefined;
const isMissing = (cell: unknown) => isNothing(cell) || Number.isNaN(cell);

/** A cell in full. */
function describe(cell: unknown): string {
  if (isNothing(cell)) return nothing.text;
  if (typeof cell === "number" || typeof cell === "bigint") return String(cell);
  if (cell instanceof Date)
    return Number.isNaN(cell.getTime()) ? "–" : cell.toISOString().replace("T00:00:00.000Z", "");
  if (typeof cell !== "object") return String(cell);
  if (ArrayBuffer.isView(cell) || Array.isArray(cell)) {
    const items = Array.from(cell as unknown as ArrayLike<unknown>);
    const shown = items
      .slice(0, 8)
      .map((item) => (typeof item === "number" ? formatNumber(item) : describe(item)));
    return `[${shown.join(", ")}${items.length > 8 ? `, … ${items.length} in all` : ""}]`;
  }
  return JSON.stringify(cell, (_, value) => (typeof value === "bigint" ? String(value) : value));
}
