// One shape for everything that people call a table: named columns of cells. Reads danfo frames and arquero tables by
// their public members, without importing either, so that two installed copies of a library do no harm.

export type Cell = unknown;

export interface Column {
  name: string;
  cells: Cell[];
}

/** A danfo DataFrame, as far as it is read here. */
export interface FrameLike {
  columns: string[];
  values: unknown;
  index?: (string | number)[];
}

/** An arquero table, as far as it is read here; its filter and order are kept. */
export interface ArqueroLike {
  columnNames(): string[];
  array(name: string): ArrayLike<unknown>;
}

export type TableData =
  | FrameLike
  | ArqueroLike
  | readonly object[]
  | Readonly<Record<string, ArrayLike<unknown>>>;

/**
 * @param names the columns to take, in this order; all by default
 * @throws {TypeError} for anything that is not a table
 * @throws {RangeError} for a column that is not there, or columns of unequal length
 */
export function readColumns(data: TableData, names?: readonly string[]): Column[] {
  const columns = readAll(data);
  const rows = columns[0]?.cells.length ?? 0;
  const odd = columns.find(({ cells }) => cells.length !== rows);
  if (odd) {
    const lengths = `"${columns[0].name}" has ${rows}, "${odd.name}" ${odd.cells.length}`;
    throw new RangeError(`Cannot show a table as its columns must be equally long: ${lengths}`);
  }
  if (!names) return columns;
  if (Array.isArray(data) && data.length === 0) return names.map((name) => ({ name, cells: [] })); // no row names any
  return names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column) return column;
    const known = columns.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`Cannot show the column "${name}" as the table has only: ${known}`);
  });
}

function readAll(data: TableData): Column[] {
  if (Array.isArray(data)) return rowsToColumns(data);
  if (isArquero(data))
    return data.columnNames().map((name) => ({ name, cells: Array.from(data.array(name)) }));
  if (isFrame(data)) return frameToColumns(data);
  if (data === null || typeof data !== "object") {
    throw new TypeError(
      `Cannot show a table as it must be rows, columns or a data frame: got ${typeof data}`,
    );
  }
  return Object.entries(data).map(([name, cells]) => {
    if (isList(cells)) return { name, cells: Array.from(cells) };
    throw new TypeError(`Cannot show a table as its column "${name}" must be an array: got ${typeof cells}`);
  });
}

/** Whether a value is a danfo DataFrame or an arquero table. */
export const isTable = (value: unknown): value is FrameLike | ArqueroLike =>
  value !== null &&
  typeof value === "object" &&
  (isArquero(value as TableData) || isFrame(value as TableData));

const isArquero = (data: TableData): data is ArqueroLike =>
  typeof (data as ArqueroLike)?.columnNames === "function" &&
  typeof (data as ArqueroLike).array === "function";

/** A record of columns may well have one called "columns"; only a frame also has `shape` and rows in `values`. */
const isFrame = (data: TableData): data is FrameLike =>
  Array.isArray((data as FrameLike)?.columns) && Array.isArray((data as { shape?: unknown }).shape);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** The union of the rows' keys, in the order in which they first appear. */
function rowsToColumns(rows: readonly unknown[]): Column[] {
  const wrong = rows.findIndex((row) => row === null || typeof row !== "object" || isList(row));
  if (wrong >= 0) {
    const got = rows[wrong] === null ? "null" : isList(rows[wrong]) ? "an array" : typeof rows[wrong];
    throw new TypeError(`Cannot show a table as each row must be an object: got ${got} at row ${wrong}`);
  }
  const names = new Set(rows.flatMap((row) => Object.keys(row as object)));
  return [...names].map((name) => ({
    name,
    cells: rows.map((row) => (row as Record<string, unknown>)[name]),
  }));
}

/** danfo numbers its rows when nobody named them; only names are worth a column. */
function frameToColumns({ columns, values, index = [] }: FrameLike): Column[] {
  const rows = values as unknown[][];
  const read = columns.map((name, column) => ({ name: String(name), cells: rows.map((row) => row[column]) }));
  if (index.every((label, row) => label === row)) return read;
  return [{ name: "index", cells: [...index] }, ...read];
}
