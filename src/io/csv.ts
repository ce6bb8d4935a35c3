// Writes and reads CSV as RFC 4180 defines it, with numbers as Python's `str` prints them ("1.0", "nan") and "\n" after each
// line.
// The reader also takes "\r\n" and a byte order mark, and types each column as the caller says; it guesses nothing.
// The splitting of lines is ours (30 lines), since papaparse 5 takes a stray quote and csv-parse 6 a lone "\r" for text
// (test/io/csv.test.ts, "refuses what is ragged, misquoted, misnamed or no number").

import { pythonRepr } from "./python-format";

/** How a column prints: as an integer, as a Python float (the default for numbers), or by a function. */
export type CsvFormat = "integer" | "float" | ((value: unknown) => string);

/** How a column is read: as text as it stands, or as a number, with "nan" as NaN and an empty field as null. */
export type CsvType = "string" | "number";

/** One row of a parsed file: strings for the columns read as text, number or null for those read as numbers. */
export type CsvRow<Types extends Record<string, CsvType>> = {
  [Column in keyof Types]: Types[Column] extends "number" ? number | null : string;
};

/**
 * Formats rows as CSV text with a header line.
 *
 * @param columns the columns in order; other properties of the rows are left out
 * @param rows one record per line; null, undefined and absent values become empty fields
 * @param formats how to print single columns; numbers of the others print as Python floats, booleans as True and False
 * @returns the text, its lines ended by "\n"
 * @throws {RangeError} for a fraction in a column formatted as "integer"
 * @throws {TypeError} for a row that is no record, or a value with no text of its own, such as an object
 * @example
 * import { formatCsv } from "dolab";
 * formatCsv(["n", "tau"], [{ n: 3, tau: 1 }], { n: "integer" }); // => "n,tau\n3,1.0\n"
 */
export function formatCsv(
  columns: readonly string[],
  rows: Iterable<Readonly<Record<string, unknown>>>,
  formats: Readonly<Record<string, CsvFormat>> = {},
): string {
  if (
    !Array.isArray(columns) ||
    typeof (rows as Partial<typeof rows> | undefined)?.[Symbol.iterator] !== "function"
  )
    throw new TypeError(
      "Cannot write CSV as it takes the names of the columns, then rows: formatCsv(columns, rows)",
    );
  const lines = [columns.map(quoteField).join(",")];
  for (const row of rows) {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw new TypeError(
        `Cannot write CSV as each row must be a record, { column: value }: got ${JSON.stringify(row)}`,
      );
    lines.push(
      columns
        .map((column) =>
          quoteField(
            formatField(row[column], column, Object.hasOwn(formats, column) ? formats[column] : "float"),
          ),
        )
        .join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Parses CSV text with a header line.
 *
 * @param text the whole file
 * @param types how to read columns, "string" or "number" each; those it does not name are read as text
 * @returns the names of the columns, and one record per line
 * @throws {SyntaxError} naming line and column for a ragged row, a stray or unclosed quote, a column that is named twice,
 *   absent though `types` names it, or a field that is no number in a column read as numbers
 * @example
 * import { parseCsv } from "dolab";
 * parseCsv("step,tau\n5,nan\n", { step: "number", tau: "number" }).rows; // => [{ step: 5, tau: NaN }]
 */
export function parseCsv<Types extends Record<string, CsvType>>(
  text: string,
  types: Types = {} as Types,
): { columns: string[]; rows: (CsvRow<Types> & Record<string, string | number | null>)[] } {
  const [header, ...records] = splitRecords(text.replace(/^\uFEFF/, ""));
  if (header === undefined)
    throw new SyntaxError("Cannot read CSV as the first line must name the columns: got no line");
  const columns = header.fields;
  if (new Set(columns).size < columns.length) {
    throw new SyntaxError(`Cannot read CSV as each column needs a name of its own: got ${columns.join(",")}`);
  }
  for (const [column, type] of Object.entries(types)) {
    if (type !== "string" && type !== "number")
      throw new TypeError(
        `Cannot read CSV as a column's type must be "string" or "number": got ${JSON.stringify(type)} for "${column}"`,
      );
    if (!columns.includes(column)) {
      throw new SyntaxError(`Cannot read CSV as column "${column}" is missing: got ${columns.join(",")}`);
    }
  }
  const rows = records.map(({ line, fields }) => {
    if (fields.length !== columns.length) {
      throw new SyntaxError(
        `Cannot read CSV line ${line} as it must have ${columns.length} fields: got ${fields.length}`,
      );
    }
    const typed = columns.map((column, index): [string, string | number | null] => [
      column,
      types[column] === "number" ? parseNumber(fields[index], line, column) : fields[index],
    ]);
    return Object.fromEntries(typed) as CsvRow<Types> & Record<string, string | number | null>;
  });
  return { columns, rows };
}

function formatField(value: unknown, column: string, format: CsvFormat): string {
  if (value === null || value === undefined) return "";
  if (typeof format === "function") return format(value);
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "number")
    throw new TypeError(`Cannot write column "${column}" as CSV: got ${typeof value}`);
  if (format === "float" || !Number.isFinite(value)) return pythonRepr(value);
  if (!Number.isInteger(value))
    throw new RangeError(`Cannot write column "${column}" as an integer: got ${value}`);
  return String(BigInt(value));
}

function quoteField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

function parseNumber(field: string, line: number, column: string): number | null {
  const text = field.trim();
  if (text === "") return null;
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  throw new SyntaxError(
    `Cannot read CSV line ${line}, column "${column}" as a number: got "${field.slice(0, 80)}"`,
  );
}

/** One field and what ends it; a quoted field may hold anything, with quotes doubled. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Splits text into records of fields; the line break that ends the last record starts no further one. */
function splitRecords(text: string): { line: number; fields: string[] }[] {
  const records: { line: number; fields: string[] }[] = [];
  let line = 1;
  let record: { line: number; fields: string[] } = { line, fields: [] };
  let position = 0;
  while (position < text.length || record.fields.length > 0) {
    FIELD.lastIndex = position;
    const match = FIELD.exec(text);
    if (match === null) {
      const found = JSON.stringify(text.slice(position, position + 40));
      throw new SyntaxError(
        `Cannot read CSV line ${line} as a quote or line break in it is out of place: got ${found}`,
      );
    }
    const [whole, quoted, plain, end] = match;
    record.fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    position += whole.length;
    line += whole.split("\n").length - 1;
    if (end === ",") continue;
    records.push(record);
    record = { line, fields: [] };
  }
  return records;
}
