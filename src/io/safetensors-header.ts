// Reads the head of a .safetensors file: a u64 length, then a JSON object of `name: {dtype, shape, data_offsets}` with the
// file's own text under `__metadata__`. Everything is checked here, before any element is read: offsets cover the rest
// of the file without gap or overlap, and each range has the size that its shape takes. Nothing here needs Node, so that a
// page reads its model's weights with the same checks.

import { ArrayFileError, display, displayShape, type Refusal } from "./array-file-error";
import type { NpyDtype } from "./npy-header";
import { isPlainObject, type PlainObject } from "./plain-data";

/** Element types under the format's names, narrowest first; files hold their tensors in the reverse of this order. */
export const DTYPES = {
  BOOL: { stored: "bool", itemBytes: 1 },
  U8: { stored: "uint8", itemBytes: 1 },
  I8: { stored: "int8", itemBytes: 1 },
  I16: { stored: "int16", itemBytes: 2 },
  U16: { stored: "uint16", itemBytes: 2 },
  F16: { stored: "float16", itemBytes: 2 },
  BF16: { stored: "uint16", itemBytes: 2 },
  I32: { stored: "int32", itemBytes: 4 },
  U32: { stored: "uint32", itemBytes: 4 },
  F32: { stored: "float32", itemBytes: 4 },
  F64: { stored: "float64", itemBytes: 8 },
  I64: { stored: "int64", itemBytes: 8 },
  U64: { stored: "uint64", itemBytes: 8 },
} as const satisfies Record<string, { stored: NpyDtype; itemBytes: number }>;

export type SafetensorsDtype = keyof typeof DTYPES;

export const ORDER = Object.keys(DTYPES) as SafetensorsDtype[];
export const LENGTH_BYTES = 8;
const LONGEST_HEADER = 100_000_000; // the format's own limit
export const METADATA = "__metadata__";

/** Says why a safetensors file, or one of its tensors, is refused; `ArrayFileError` has its fields. */
export class SafetensorsError extends ArrayFileError {
  override readonly name: string = "SafetensorsError";

  constructor(file: string, key: string | undefined, expectation: string, found: string, cause?: unknown) {
    super("tensor", file, key, expectation, found, { cause });
  }
}

/** Returns a maker of errors that name this file and, where given, this tensor. */
export const refusalFor =
  (file: string, key?: string): Refusal =>
  (expectation, found, cause) =>
    new SafetensorsError(file, key, expectation, String(found), cause);

/** Bytes that are read by ranges: a file on disk, or one in memory. */
export interface ByteSource {
  readonly size: number;
  read(position: number, length: number): Uint8Array;
}

/** What the header says of one tensor; `dtype` may be one that is not read (see BITS). */
export interface TensorEntry {
  key: string;
  dtype: string;
  shape: number[];
  count: number;
  /** Where its first byte stands in the file. */
  position: number;
  byteLength: number;
}

/** Sizes of all the format's elements, also of those that have no typed array and whose tensors can only be skipped. */
const BITS = new Map<string, number>([
  ...ORDER.map((dtype): [string, number] => [dtype, 8 * DTYPES[dtype].itemBytes]),
  ["F4", 4],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["F8_E5M2", 8],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["C64", 64],
]);

/**
 * Reads and checks the head of a file.
 *
 * @param path what errors call the file
 * @returns its tensors in the order of their bytes, and its metadata
 * @throws {SafetensorsError} for a head that the format does not allow
 */
export function readSafetensorsHeader(
  path: string,
  file: ByteSource,
): { entries: TensorEntry[]; metadata: Map<string, string> } {
  const refuse = refusalFor(path);
  const { text, end: dataOffset } = readText(file, refuse);
  const { [METADATA]: notes, ...declared } = parseObject(text, refuse);
  const entries = Object.entries(declared).map(([key, value]) =>
    parseEntry(key, value, dataOffset, refusalFor(path, key)),
  );
  entries.sort((a, b) => a.position - b.position || a.byteLength - b.byteLength);
  let end = dataOffset;
  for (const { key, position, byteLength } of entries) {
    if (position !== end) {
      const rule = `tensors lie one after the other, so that one begins at ${end - dataOffset}`;
      throw refusalFor(path, key)(rule, `${position - dataOffset}`);
    }
    end += byteLength;
  }
  if (file.size !== end)
    throw refuse(`the file must end with its last tensor at byte ${end}`, `${file.size} bytes`);
  return { entries, metadata: parseMetadata(notes, refuse) };
}

function readText(file: ByteSource, refuse: Refusal): { text: string; end: number } {
  if (file.size < LENGTH_BYTES)
    throw refuse("a .safetensors file takes at least 8 bytes", `${file.size} bytes`);
  const { buffer, byteOffset } = file.read(0, LENGTH_BYTES);
  const length = new DataView(buffer, byteOffset).getBigUint64(0, true);
  if (length > LONGEST_HEADER) {
    throw refuse(`a .safetensors file begins with a header length up to ${LONGEST_HEADER}`, String(length));
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > file.size) throw refuse(`the file must reach byte ${end}`, `the end at byte ${file.size}`);
  const bytes = file.read(LENGTH_BYTES, Number(length));
  if (bytes[0] !== 0x7b)
    throw refuse("the header begins with {", display(String.fromCharCode(...bytes.subarray(0, 4))));
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), end };
  } catch (error) {
    throw refuse("the header is UTF-8", "other bytes", error);
  }
}

function parseObject(text: string, refuse: Refusal): PlainObject {
  let header: PlainObject;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw refuse("the header is a JSON object", (error as Error).message, error);
  }
  const twice = findRepeatedName(text);
  if (twice !== undefined)
    throw refuse("each tensor has a name of its own", `${display(twice)} a second time`);
  return header;
}

/** Returns a name that the outermost object of valid JSON has twice: JSON.parse keeps only the last. */
function findRepeatedName(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[[\]{}]/g)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && token.endsWith(":")) {
      const name: string = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

function parseEntry(key: string, value: unknown, dataOffset: number, refuse: Refusal): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isPlainObject(value) ? value : ({} as PlainObject);
  const bits = typeof dtype === "string" ? BITS.get(dtype) : undefined;
  if (bits === undefined) throw refuse(`dtype is one of ${[...BITS.keys()].join(", ")}`, shown(dtype));
  if (!isSizes(shape)) throw refuse("a shape is a list of sizes, none below zero", shown(shape));
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw refuse("data_offsets are two bytes, the first not after the second", shown(offsets));
  }
  const volume = shape.reduce((product, size) => product * (size || 1), bits); // empty axes hide no overflow
  if (!Number.isSafeInteger(volume)) throw refuse("a shape must fit into memory", displayShape(shape));
  const count = shape.reduce((product, size) => product * size, 1);
  const byteLength = offsets[1] - offsets[0];
  if (count * bits !== byteLength * 8) {
    const rule = `${dtype} of shape ${displayShape(shape)} takes ${(count * bits) / 8} bytes`;
    throw refuse(rule, `data_offsets ${shown(offsets)} of ${byteLength} bytes`);
  }
  return { key, dtype: dtype as string, shape, count, position: dataOffset + offsets[0], byteLength };
}

function parseMetadata(notes: unknown, refuse: Refusal): Map<string, string> {
  if (notes === undefined) return new Map();
  const entries = isPlainObject(notes) ? Object.entries(notes) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    throw refuse(`${METADATA} is an object of strings`, shown(notes));
  }
  return new Map(entries);
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const shown = (value: unknown) => (value === undefined ? "none" : JSON.stringify(value).slice(0, 80));
