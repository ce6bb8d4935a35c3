// A table as one notebook output: HTML that is readable as it stands and, where scripts run, sorts and turns pages by
// mouse and keyboard; and aligned plain text.
import { type DisplayBundle, display } from "./display";
import { type CellFormat, type TextColumn, textColumn } from "./table-cells";
import { readColumns, type TableData } from "./table-columns";
import { tableHtml } from "./table-html";

export interface TableOptions {
  title?: string;
  /** A sentence under the title: what a row is, where the numbers come from. */
  caption?: string;
  /** The columns to show, in this order; all by default. */
  columns?: readonly string[];
  /** How single columns are written. */
  formats?: Readonly<Record<string, CellFormat>>;
  /** Significant digits of the other columns. */
  digits?: number;
  /** Rows on a page. */
  pageSize?: number;
  /** Rows that the output holds at most; what is left out is said. */
  maxRows?: number;
}

/**
 * Shows a table in the running cell.
 *
 * @param data a danfo DataFrame, an arquero table, an array of row objects, or an object of equally long columns
 * @param options its title and caption, which columns it shows, how they are written, and rows a page
 * @throws {TypeError | RangeError} for data that is no table, unknown columns or bad sizes
 * @example
 * import { table } from "dolab";
 * const rows = [{ cell: "A", n: 812, auc: 0.9871 }, { cell: "B", n: 9, auc: NaN }];
 * table(rows, { title: "Cells", columns: ["cell", "auc"], pageSize: 5 });
 * rows.length; // => 2
 */
export function table(data: TableData, options: TableOptions = {}): void {
  display(tableBundle(data, options));
}

/**
 * Makes the output that `table` shows, as HTML and aligned text.
 *
 * @param data as that of `table`
 * @param options as those of `table`
 * @throws {TypeError | RangeError} for data that is no table, unknown columns or bad sizes
 * @example
 * import { tableBundle } from "dolab";
 * const { data } = tableBundle({ cell: ["A", "B"], n: [812, 9] }, { title: "Cells" });
 * data["text/plain"]; // => "Cells\ncell    n\n----  ---\nA     812\nB       9"
 */
export function tableBundle(data: TableData, options: TableOptions = {}): DisplayBundle {
  const { title = "", caption = "", formats = {}, digits = 4, pageSize = 10, maxRows = 1000 } = options;
  for (const [name, value] of Object.entries({ pageSize, maxRows })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`Cannot show a table as ${name} must be a whole number of at least 1: got ${value}`);
  }
  const columns = readColumns(data, options.columns);
  const stray = Object.keys(formats).find((name) => !columns.some((column) => column.name === name));
  // An empty list of rows names no columns, so that no format can be told to be of a wrong one.
  if (stray !== undefined && columns.length > 0) {
    const known = columns.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot format the column "${stray}" as the table shows only: ${known}`);
  }
  const rowCount = columns[0]?.cells.length ?? 0;
  const texts = columns
    .map(({ name, cells }) => ({ name, cells: cells.slice(0, maxRows) }))
    .map((column) => textColumn(column, formats[column.name], digits));
  const leftOut = rowCount > maxRows ? `the first ${maxRows} of ${rowCount} rows` : "";
  return {
    data: {
      "text/html": tableHtml(texts, { title, caption, leftOut, pageSize }),
      "text/plain": plainTable(texts, { title, leftOut, pageSize }),
    },
    metadata: {},
  };
}

/** The first page in aligned columns. */
function plainTable(
  columns: TextColumn[],
  { title, leftOut, pageSize }: { title: string; leftOut: string; pageSize: number },
): string {
  const rowCount = columns[0]?.cells.length ?? 0;
  const shown = Math.min(rowCount, pageSize);
  const blocks = columns.map(({ name, numeric, cells }) => {
    const texts = [name, ...cells.slice(0, shown).map((cell) => cell.text)].map((text) =>
      text.replace(/\s+/g, " "),
    );
    const width = Math.max(...texts.map((text) => text.length));
    return texts.map((text) => (numeric ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = Array.from({ length: shown + 1 }, (_, row) =>
    blocks
      .map((block) => block[row])
      .join("  ")
      .trimEnd(),
  );
  if (blocks.length > 0) lines.splice(1, 0, blocks.map((block) => "-".repeat(block[0].length)).join("  "));
  const more = rowCount > shown ? [`(rows 1-${shown} of ${rowCount})`] : rowCount === 0 ? ["(no rows)"] : [];
  return [...(title ? [title] : []), ...lines, ...more, ...(leftOut ? [`(${leftOut})`] : [])]
    .filter(Boolean)
    .join("\n");
}
