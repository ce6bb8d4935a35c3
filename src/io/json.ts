// Writes JSON as Python's `json.dumps(value, indent=2)` lays it out, byte for byte, and reads what Python writes.
// It differs on purpose: NaN and infinities are written as null, since `NaN` is not JSON; the reader still takes
// Python's NaN, Infinity and -Infinity, and nothing else beyond RFC 8259.
// JavaScript has one number type, so the caller names the keys that hold integers; all others print as floats.

import { readFileSync } from "node:fs";
import { requireKnownOptions } from "./known-options";
import { pythonRepr } from "./python-format";

/**
 * Formats a value as Python's `json.dumps(value, indent=2)` would.
 *
 * @param value plain objects, Maps (whose keys stay in order even where they look like integers, as object keys do not),
 *   arrays, typed arrays (Int32Array and its like print as integers), strings, booleans, null, numbers and bigints;
 *   properties that are undefined do not appear
 * @param options.integerKeys keys whose numbers, alone or in lists, print as integers (`5`, not `5.0`)
 * @throws {TypeError} for a value that JSON cannot hold (a function, a Date, a cycle), naming where it is
 * @throws {RangeError} for a fraction under one of `integerKeys`
 * @example
 * import { formatJson } from "dolab";
 * formatJson({ n: 5, tau: 5 }, { integerKeys: ["n"] }); // => '{\n  "n": 5,\n  "tau": 5.0\n}'
 */
export function formatJson(value: unknown, options: { integerKeys?: Iterable<string> } = {}): string {
  requireKnownOptions("format JSON", options, ["integerKeys"]);
  const integers = new Set(options.integerKeys);
  const open = new Set<unknown>(); // containers around the current value, to find cycles

  function format(item: unknown, path: string, indent: string, integer: boolean): string {
    if (item === null) return "null";
    if (typeof item === "boolean" || typeof item === "bigint") return String(item);
    if (typeof item === "string") return quote(item);
    if (typeof item === "number") return formatNumber(item, path, integer);
    const entries = entriesOf(item);
    if (entries === undefined)
      throw new TypeError(`Cannot write ${path} as JSON has no such type: got ${describe(item)}`);
    if (open.has(item)) throw new TypeError(`Cannot write ${path} as JSON as it contains itself`);
    open.add(item);
    const inner = `${indent}  `;
    const whole = integer || (ArrayBuffer.isView(item) && !/^Float/.test(describe(item)));
    const lines = entries.map(([key, member]) =>
      typeof key === "number"
        ? inner + format(member, `${path}[${key}]`, inner, whole)
        : `${inner}${quote(key)}: ${format(member, `${path}.${key}`, inner, integers.has(key))}`,
    );
    open.delete(item);
    const [left, right] = isList(item) ? "[]" : "{}";
    return lines.length === 0 ? left + right : `${left}\n${lines.join(",\n")}\n${indent}${right}`;
  }

  return format(value, "value", "", false);
}

/**
 * Reads a JSON file, taking Python's NaN, Infinity and -Infinity for the numbers they name.
 *
 * @param path the file
 * @returns the parsed value, unchecked: validate it before use
 * @throws {SyntaxError} naming the file where it is not UTF-8 or not JSON
 * @example
 * import { rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readJson } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.json`;
 * writeFileSync(path, '{ "tau": NaN, "n": 5 }'); // as Python's json.dump writes it
 * readJson(path); // => { tau: NaN, n: 5 }
 * rmSync(path);
 */
export function readJson(path: string): unknown {
  const bytes = readFileSync(path);
  try {
    return parsePythonJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : "its bytes are not UTF-8";
    throw new SyntaxError(`Cannot read ${path} as JSON: ${reason}`, { cause: error });
  }
}

function formatNumber(value: number, path: string, integer: boolean): string {
  if (!Number.isFinite(value)) return "null";
  if (!integer) return pythonRepr(value);
  if (!Number.isInteger(value)) throw new RangeError(`Cannot write ${path} as an integer: got ${value}`);
  return String(BigInt(value));
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Returns [index or key, member] pairs of a list, Map or plain object; undefined for anything else. */
function entriesOf(value: unknown): [number | string, unknown][] | undefined {
  if (value instanceof DataView || typeof value !== "object" || value === null) return undefined;
  if (isList(value)) return Array.from(value as ArrayLike<unknown>, (member, index) => [index, member]);
  const prototype = Object.getPrototypeOf(value);
  if (value instanceof Map) return Array.from(value, ([key, member]) => [String(key), member]);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function describe(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "an object") : typeof value;
}

const ESCAPES: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

/** Quotes a string as Python's `ensure_ascii` does: everything outside printable ASCII as \uXXXX, in UTF-16 units. */
function quote(text: string): string {
  const escaped = (unit: string) => ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(/["\\]|[^ -~]/g, escaped)}"`;
}

const LITERALS = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/** Parses JSON; where plain parsing fails, with each Python literal outside strings replaced by a unique string. */
function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
  }
  const mark = unusedMark(text);
  const marked = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  try {
    return JSON.parse(marked, (key, value) => {
      if (key.startsWith(mark)) throw new SyntaxError(`Unexpected ${key} as the name of a property`);
      const literal = typeof value === "string" && value.startsWith(mark);
      return literal ? LITERALS[value.slice(mark.length) as keyof typeof LITERALS] : value;
    });
  } catch (error) {
    throw new SyntaxError((error as Error).message.replaceAll(mark, ""));
  }
}

/** Returns a character that occurs in the text neither itself nor as an escape. */
function unusedMark(text: string): string {
  const lower = text.toLowerCase();
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const mark = String.fromCharCode(code);
    if (!lower.includes(mark) && !lower.includes(`\\u${code.toString(16)}`)) return mark;
  }
  throw new SyntaxError("NaN and Infinity cannot be told from text that uses every private character");
}
