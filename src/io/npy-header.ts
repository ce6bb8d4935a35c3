// Reads and writes the head of an .npy file: magic, version, length, and a Python dictionary literal with dtype, order and
// shape. The source is numpy.lib.format (NEP 1). The dictionary is parsed by its grammar, never evaluated, and written as numpy
// writes it, padding included, so that the bytes are the same.

import { endianness } from "node:os";
import { display, displayShape, type Refusal } from "./array-file-error";

/** Element types of plain arrays, under numpy's names. */
export type NpyDtype = "bool" | `${"int" | "uint"}${8 | 16 | 32 | 64}` | `float${16 | 32 | 64}`;

/** What the head declares; `byteLength` bytes of elements follow it, from `dataOffset` on. */
export interface NpyHeader {
  dtype: NpyDtype;
  itemBytes: number;
  /** Whether the elements' bytes must be reversed for this machine. */
  swapped: boolean;
  fortranOrder: boolean;
  shape: number[];
  count: number;
  dataOffset: number;
  byteLength: number;
}

const CODES: Record<NpyDtype, string> = {
  bool: "b1",
  int8: "i1",
  int16: "i2",
  int32: "i4",
  int64: "i8",
  uint8: "u1",
  uint16: "u2",
  uint32: "u4",
  uint64: "u8",
  float16: "f2",
  float32: "f4",
  float64: "f8",
};
const DTYPES = new Map(Object.entries(CODES).map(([dtype, code]) => [code, dtype as NpyDtype]));

/** Whether this machine stores the low byte first, as nearly all do. */
export const LITTLE_ENDIAN = endianness() === "LE";
const MAGIC = "\x93NUMPY";
const LONGEST_HEADER = 10_000; // numpy's own limit (max_header_size)
const MOST_DIMENSIONS = 64; // numpy 2's limit
const GROWTH_DIGITS = 21; // numpy leaves room to rewrite the length of the first axis

/** How many bytes of a file are enough to read any head this module takes. */
export const HEAD_BYTES = LONGEST_HEADER + 12;

/** What a head says of its array, whatever its dtype; `descr` is numpy's name of that, such as "<f4" or "|S100". */
export interface NpyDescription {
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  dataOffset: number;
}

/** Reads the head of an .npy file without judging its dtype. @throws {NpzError} (made by `refuse`) as `parseNpyHeader` */
export function parseNpyDescription(bytes: Buffer, refuse: Refusal): NpyDescription {
  if (bytes.length < 10) throw refuse("an .npy array takes at least 10 bytes", `${bytes.length} bytes`);
  if (bytes.toString("latin1", 0, 6) !== MAGIC) {
    throw refuse("an .npy array starts with \\x93NUMPY", display(bytes.toString("latin1", 0, 6)));
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0)
    throw refuse("the .npy version must be 1.0, 2.0 or 3.0", `${major}.${minor}`);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start)
    throw refuse(`an .npy array of version ${major} takes at least ${start} bytes`, `${bytes.length} bytes`);
  const length = major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  if (length > LONGEST_HEADER)
    throw refuse(`an .npy header has at most ${LONGEST_HEADER} bytes`, `${length} bytes`);
  const dataOffset = start + length;
  if (bytes.length < dataOffset)
    throw refuse(`the .npy header ends at byte ${dataOffset}`, `the end at byte ${bytes.length}`);
  return { ...parseDictionary(bytes.toString("latin1", start, dataOffset), refuse), dataOffset };
}

/**
 * Reads the head of an .npy file.
 *
 * @param bytes the first bytes of the file: all of it, or HEAD_BYTES
 * @throws {NpzError} (made by `refuse`) for anything but a plain array in versions 1 to 3 of the format
 */
export function parseNpyHeader(bytes: Buffer, refuse: Refusal): NpyHeader {
  const { descr, fortranOrder, shape, dataOffset } = parseNpyDescription(bytes, refuse);

  const [, order, code] = /^([<>|])(.*)$/s.exec(descr) ?? [];
  const dtype = DTYPES.get(code);
  if (dtype === undefined || (order === "|" && !code.endsWith("1"))) {
    throw refuse(unreadable(descr), `dtype ${display(descr)}`);
  }
  const itemBytes = Number(code[1]);
  const volume = shape.reduce((product, size) => product * (size || 1), itemBytes); // as numpy, without empty axes
  if (!Number.isSafeInteger(volume)) throw refuse("a shape must fit into memory", displayShape(shape));
  const count = shape.reduce((product, size) => product * size, 1);
  const byteLength = count * itemBytes;
  const swapped = itemBytes > 1 && (order === "<") !== LITTLE_ENDIAN;
  return { dtype, itemBytes, swapped, fortranOrder, shape, count, dataOffset, byteLength };
}

/** Returns the head of an .npy file as numpy writes it: version 1.0, C order, this machine's byte order. */
export function formatNpyHeader(dtype: NpyDtype, shape: readonly number[]): Uint8Array {
  const code = CODES[dtype];
  const order = code.endsWith("1") ? "|" : LITTLE_ENDIAN ? "<" : ">";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  let text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${tuple}, }`;
  if (shape.length > 0) text += " ".repeat(GROWTH_DIGITS - String(shape[0]).length);
  text += " ".repeat(64 - ((10 + text.length + 1) % 64)); // so that the elements start at a multiple of 64
  const head = Buffer.from(`${MAGIC}\x01\x00\x00\x00${text}\n`, "latin1");
  head.writeUInt16LE(text.length + 1, 8);
  return head;
}

/** Says why a dtype that numpy can write is refused here. */
function unreadable(descr: string): string {
  const kind = /^[<>=|]?([A-Za-z])/.exec(descr)?.[1] ?? "none";
  if (kind === "O") return "object arrays hold Python pickles, which are never run";
  if ("USa".includes(kind)) return "only numbers are read, not strings";
  if ("cG".includes(kind)) return "only real numbers are read: save the real and imaginary parts apart";
  if ("Mm".includes(kind)) return "only numbers are read, not dates: save them as int64";
  if (kind === "V") return "only numbers are read, not structured or raw bytes";
  return "dtype must be bool, int or uint of 8 to 64 bits, or float of 16 to 64 bits";
}

/** Parses `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`: these keys, once each, in any order. */
function parseDictionary(
  text: string,
  refuse: Refusal,
): { descr: string; fortranOrder: boolean; shape: number[] } {
  const garbage = () =>
    refuse("an .npy header is a dictionary of descr, fortran_order and shape", display(text.trim()));
  let rest = text;
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest);
    if (match === null) return undefined;
    rest = rest.slice(match[0].length);
    return match[match.length - 1];
  };
  const found = new Map<string, string>();
  if (/[^ -~\t\r\n]/.test(text) || take(/^\s*\{/) === undefined) throw garbage();
  for (let more = true; more && take(/^\s*\}/) === undefined; ) {
    const key = take(/^\s*(['"])(descr|fortran_order|shape)\1\s*:/);
    if (key === undefined || found.has(key)) throw garbage();
    if (key === "descr" && /^\s*[[(]/.test(rest)) {
      throw refuse(
        "only plain arrays are read, not structured ones: save each field under its own key",
        display(rest.trim()),
      );
    }
    const value = take(VALUES[key]);
    if (value === undefined) throw garbage();
    found.set(key, value);
    more = take(/^\s*,/) !== undefined;
    if (!more && take(/^\s*\}/) === undefined) throw garbage();
  }
  if (found.size < 3 || rest.trim() !== "") throw garbage();
  return {
    descr: found.get("descr") as string,
    fortranOrder: found.get("fortran_order") === "True",
    shape: parseShape(found.get("shape") as string, refuse),
  };
}

const VALUES: Record<string, RegExp> = {
  descr: /^\s*(['"])([^'"\\]*)\1/,
  fortran_order: /^\s*(True|False)/,
  shape: /^\s*\(([-\d,\sL]*)\)/,
};

/** Parses the inside of a Python tuple of sizes: "", "3,", "3, 4" or "3L, 4L" (as Python 2 wrote). */
function parseShape(inside: string, refuse: Refusal): number[] {
  const shown = `(${inside.slice(0, 80)})`;
  const parts = inside.split(",").map((part) => part.trim());
  if (parts[parts.length - 1] === "") parts.pop();
  else if (parts.length === 1) throw refuse("a shape is a tuple of sizes", shown); // (3) is a number, not a tuple
  if (parts.length > MOST_DIMENSIONS)
    throw refuse(`an array has at most ${MOST_DIMENSIONS} axes`, parts.length);
  return parts.map((part) => {
    if (!/^(?:0|[1-9]\d*)L?$/.test(part)) throw refuse("a shape is a tuple of sizes, none below zero", shown);
    const size = Number(part.replace("L", ""));
    if (!Number.isSafeInteger(size)) throw refuse("a shape must fit into memory", shown);
    return size;
  });
}
