// Reads and writes Hugging Face's .safetensors files: named tensors without code, as PyTorch checkpoints are published today.
// The source is the format section of github.com/huggingface/safetensors: a u64 length, a JSON header, the elements, all
// little-endian. Files are written byte for byte as its own writer does (widest dtype first, then by name), and
// everything its reader refuses is refused: gaps, overlaps, trailing bytes, names given twice.
// It is narrower on purpose: elements of 4, 6 and 8 floating bits and complex ones have no typed array and are refused.

import { display } from "./array-file-error";
import { requireKnownOptions } from "./known-options";
import { type BigIntegerArray, decodeElements, encodeNpy, type NumberArray } from "./npy-array";
import { LITTLE_ENDIAN } from "./npy-header";
import { type OpenFile, withOpenFile } from "./open-file";
import {
  DTYPES,
  LENGTH_BYTES,
  METADATA,
  ORDER,
  readSafetensorsHeader,
  refusalFor,
  type SafetensorsDtype,
  type TensorEntry,
} from "./safetensors-header";
import { writeFileAtomically } from "./write-atomically";

/**
 * A tensor as a file holds it: `data` has the product of `shape` elements, last axis fastest.
 *
 * `data` is the typed array of `dtype`'s name, except: BOOL is a Uint8Array of 0 and 1, F16 and BF16 a Float32Array,
 * and I64 and U64 a Float64Array (or, read with `bigint`, a BigInt64Array or BigUint64Array).
 */
export interface SafetensorsTensor<Data extends NumberArray | BigIntegerArray = NumberArray> {
  dtype: SafetensorsDtype;
  shape: number[];
  data: Data;
}

/** A tensor to write; without `dtype` it is written as the type of its `data`. */
export interface WritableTensor {
  dtype?: SafetensorsDtype;
  shape: readonly number[];
  data: NumberArray | BigIntegerArray;
}

/** What a file holds. */
export interface SafetensorsFile<Data extends NumberArray | BigIntegerArray = NumberArray> {
  /** The tensors by name, in the order of their bytes in the file. */
  tensors: Map<string, SafetensorsTensor<Data>>;
  /** The header's `__metadata__`; empty where it has none. */
  metadata: Map<string, string>;
}

/** How to read a .safetensors file. */
export interface ReadSafetensorsOptions {
  /** The tensors to read; the elements of others stay on disk, and those that the file lacks are absent. */
  keys?: readonly string[];
  /** Whether I64 and U64 come as bigint instead of as numbers. */
  bigint?: boolean;
}

/**
 * Reads the tensors of a .safetensors file.
 *
 * @param path the file
 * @param options which tensors to read, and how
 * @throws {SafetensorsError} where the header is not as the format has it, tensors overlap or leave gaps, the file is
 *   cut short or longer, or a wanted tensor's elements have no typed array
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readSafetensors, writeSafetensors } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.safetensors`;
 * const weight = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
 * writeSafetensors(path, { weight }, { metadata: { epoch: "3" } });
 * const { tensors, metadata } = readSafetensors(path);
 * tensors.get("weight")!.shape; // => [2, 2]
 * metadata.get("epoch"); // => "3"
 * rmSync(path);
 */
export function readSafetensors(
  path: string,
  options?: ReadSafetensorsOptions & { bigint?: false },
): SafetensorsFile;
export function readSafetensors(
  path: string,
  options: ReadSafetensorsOptions,
): SafetensorsFile<NumberArray | BigIntegerArray>;
export function readSafetensors(
  path: string,
  options: ReadSafetensorsOptions = {},
): SafetensorsFile<NumberArray | BigIntegerArray> {
  requireKnownOptions(`read ${path}`, options, ["keys", "bigint"]);
  const { keys, bigint = false } = options;
  const refuse = refusalFor(path);
  return withOpenFile(path, refuse, (file) => {
    const { entries, metadata } = readSafetensorsHeader(path, file);
    const wanted = keys === undefined ? entries : entries.filter(({ key }) => keys.includes(key));
    return {
      tensors: new Map(wanted.map((entry) => [entry.key, readTensor(path, file, entry, bigint)])),
      metadata,
    };
  });
}

function readTensor(
  path: string,
  file: OpenFile,
  { key, dtype, shape, count, position, byteLength }: TensorEntry,
  bigint: boolean,
): SafetensorsTensor<NumberArray | BigIntegerArray> {
  const refuse = refusalFor(path, key);
  if (!isKnown(dtype)) throw refuse(`elements must be of ${ORDER.join(", ")} to be read`, dtype);
  const { stored, itemBytes } = DTYPES[dtype];
  const bytes = file.read(position, byteLength);
  const header = { dtype: stored, itemBytes, shape, count, byteLength, dataOffset: 0 };
  const swapped = !LITTLE_ENDIAN && itemBytes > 1;
  const { data } = decodeElements(bytes, { ...header, swapped, fortranOrder: false }, bigint, refuse);
  return { dtype, shape, data: dtype === "BF16" ? fromBrainFloats(data as Uint16Array) : data };
}

/**
 * Writes tensors as a .safetensors file, atomically.
 *
 * @param path the file to create or replace
 * @param tensors tensors by name
 * @param options.metadata text kept in the header; written in the order of its keys
 * @throws {RangeError | TypeError} where a name is the format's own, or shape, data and dtype do not fit together
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readSafetensors, writeSafetensors } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.safetensors`;
 * writeSafetensors(path, { bias: { dtype: "BF16", shape: [2], data: Float32Array.of(1, -2) } });
 * readSafetensors(path).tensors.get("bias"); // => { dtype: "BF16", shape: [2], data: Float32Array.of(1, -2) }
 * rmSync(path);
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, WritableTensor> | Readonly<Record<string, WritableTensor>>,
  options: { metadata?: ReadonlyMap<string, string> | Readonly<Record<string, string>> } = {},
): void {
  requireKnownOptions(`write ${path}`, options, ["metadata"]);
  const { metadata = {} } = options;
  const entries = (tensors instanceof Map ? [...tensors] : Object.entries(tensors)).map(encodeTensor);
  entries.sort((a, b) => ORDER.indexOf(b.dtype) - ORDER.indexOf(a.dtype) || Buffer.compare(a.name, b.name));
  const notes = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  const odd = notes.find(([, text]) => typeof text !== "string");
  if (odd)
    throw new TypeError(`Cannot write metadata ${display(odd[0])} as it must be text: got ${typeof odd[1]}`);
  const sorted = notes.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const inside = sorted.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  const members = inside.length > 0 ? [`"${METADATA}":{${inside.join(",")}}`] : [];
  let end = 0;
  for (const { key, dtype, shape, bytes } of entries) {
    const begin = end;
    end += bytes.length;
    members.push(
      `${JSON.stringify(key)}:{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${begin},${end}]}`,
    );
  }
  const text = Buffer.from(`{${members.join(",")}}`);
  const header = Buffer.alloc(Math.ceil(text.length / 8) * 8, " "); // so that the elements start at a multiple of 8
  text.copy(header);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileAtomically(path, [length, header, ...entries.map(({ bytes }) => bytes)]);
}

function encodeTensor([key, { dtype, shape, data }]: [string, WritableTensor]) {
  if (key === METADATA) {
    throw new RangeError(`Cannot write a tensor as its name must not be the header's own: got "${METADATA}"`);
  }
  if (dtype !== undefined && !isKnown(dtype))
    throw new RangeError(
      `Cannot write tensor ${display(key)} as dtype must be one of ${ORDER.join(", ")}: got ${dtype}`,
    );
  const own = dtype ?? ORDER.find((name) => `${DTYPES[name].stored}array` === arrayName(data)) ?? "F32";
  if (own === "BF16" && !(data instanceof Float32Array))
    throw new TypeError(
      `Cannot write tensor ${display(key)} as BF16 takes a Float32Array: got ${arrayName(data)}`,
    );
  const bits = own === "BF16" ? toBrainFloats(data as Float32Array) : data;
  const [, elements] = encodeNpy({ dtype: DTYPES[own].stored, shape, data: bits }, `tensor ${display(key)}`);
  const bytes = toLittleEndian(elements, DTYPES[own].itemBytes);
  return { key, name: Buffer.from(key), dtype: own, shape, bytes };
}

/** Returns the name of an array's type in the manner of numpy's: "float32array", "int64array" for a BigInt64Array. */
const arrayName = (data: NumberArray | BigIntegerArray) =>
  String(data?.constructor?.name).toLowerCase().replace(/^big/, "");

const isKnown = (dtype: string): dtype is SafetensorsDtype => Object.hasOwn(DTYPES, dtype);

/** A brain float is the upper half of a single. */
function fromBrainFloats(halves: Uint16Array): Float32Array {
  const bits = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(bits.buffer);
}

/** Rounds singles to the nearest brain float, ties to even; NaN stays NaN, with its upper bits. */
function toBrainFloats(singles: Float32Array): Uint16Array {
  const bits = new Uint32Array(singles.slice().buffer);
  const round = (_: number, index: number) =>
    Number.isNaN(singles[index])
      ? (bits[index] >>> 16) | 0x40
      : (bits[index] + 0x7fff + ((bits[index] >>> 16) & 1)) >>> 16;
  return Uint16Array.from(bits, round);
}

/** Returns the elements' bytes with the low byte first; a copy only on machines that hold them the other way. */
function toLittleEndian(bytes: Uint8Array, itemBytes: number): Uint8Array {
  if (LITTLE_ENDIAN || itemBytes === 1) return bytes;
  const copy = Buffer.from(bytes);
  return itemBytes === 2 ? copy.swap16() : itemBytes === 4 ? copy.swap32() : copy.swap64();
}
