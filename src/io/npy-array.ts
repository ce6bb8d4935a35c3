// Reads numpy's .npy files, which hold one array of numbers each, into typed arrays, and writes them as numpy does.
// The source is numpy.lib.format (NEP 1), versions 1 to 3. Elements always come out in C order and native byte order.
// int64 and uint64 come out as plain numbers (in a Float64Array) unless asked for as bigint: a file with a value
// beyond 2^53 - 1, which a number cannot hold, is refused rather than rounded.

import { displayShape, type Refusal, refusalFor } from "./array-file-error";
import { halfToNumber, numberToHalf } from "./half-precision";
import { requireKnownOptions } from "./known-options";
import {
  formatNpyHeader,
  HEAD_BYTES,
  LITTLE_ENDIAN,
  type NpyDtype,
  type NpyHeader,
  parseNpyHeader,
} from "./npy-header";
import { withOpenFile } from "./open-file";
import { writeFileAtomically } from "./write-atomically";

const ARRAY_TYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Typed arrays of 64-bit integers. */
export type BigIntegerArray = BigInt64Array | BigUint64Array;

/** Typed arrays of plain numbers. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * An array as a file holds it: `data` has the product of `shape` elements, in C order.
 *
 * `dtype` is the type in the file. `data` is the typed array of that name, except: bool is a Uint8Array of 0 and 1,
 * float16 a Float32Array, and int64 and uint64 a Float64Array (or, read with `bigint`, a BigInt64Array or BigUint64Array).
 */
export interface NpyArray<Data extends NumberArray | BigIntegerArray = NumberArray> {
  dtype: NpyDtype;
  shape: number[];
  data: Data;
}

/** An array to write; without `dtype` it is written as the type of its `data`. */
export interface WritableArray {
  dtype?: NpyDtype;
  shape: readonly number[];
  data: NumberArray | BigIntegerArray;
}

/**
 * Reads an .npy file.
 *
 * @param path the file
 * @param options.bigint whether int64 and uint64 come as bigint instead of as numbers
 * @returns dtype, shape and elements; statistics take its `data`
 * @throws {NpzError} where the file is anything but one whole, plain array of numbers
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readNpy, writeNpy } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.npy`;
 * writeNpy(path, { shape: [2, 1], data: Float64Array.of(0.5, 2) });
 * const { dtype, shape, data } = readNpy(path);
 * [dtype, ...shape]; // => ["float64", 2, 1]
 * data; // => [0.5, 2]
 * rmSync(path);
 */
export function readNpy(path: string, options?: { bigint?: false }): NpyArray;
export function readNpy(path: string, options: { bigint: boolean }): NpyArray<NumberArray | BigIntegerArray>;
export function readNpy(
  path: string,
  options: { bigint?: boolean } = {},
): NpyArray<NumberArray | BigIntegerArray> {
  requireKnownOptions(`read ${path}`, options, ["bigint"]);
  const { bigint = false } = options;
  const refuse = refusalFor(path);
  return withOpenFile(path, refuse, (file) => {
    const header = parseNpyHeader(file.read(0, Math.min(file.size, HEAD_BYTES)), refuse);
    checkLength(header, file.size, refuse);
    return decodeElements(file.read(0, file.size), header, bigint, refuse);
  });
}

/**
 * Writes an .npy file, atomically, with the bytes that `numpy.save` would write.
 *
 * @param path the file to create or replace
 * @param array its shape, its elements in C order, and, where they are stored as another type than that of `data`, its
 *   dtype: "bool" for a Uint8Array, "float16" for a Float32Array, "int64" or "uint64" for a Float64Array
 * @throws {RangeError | TypeError} where shape, data and dtype do not fit together
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readNpy, writeNpy } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.npy`;
 * writeNpy(path, { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) });
 * readNpy(path).dtype; // => "bool"
 * rmSync(path);
 */
export function writeNpy(path: string, array: WritableArray): void {
  writeFileAtomically(path, encodeNpy(array));
}

/** Refuses an array whose file has fewer or more bytes than its header declares. */
export function checkLength(header: NpyHeader, bytes: number, refuse: Refusal): void {
  const expected = header.dataOffset + header.byteLength;
  if (bytes === expected) return;
  const shape = displayShape(header.shape);
  throw refuse(`${header.dtype} of shape ${shape} takes ${expected} bytes with its header`, `${bytes} bytes`);
}

/**
 * Turns the bytes of a whole .npy file into an array, without a copy where type, order and alignment allow.
 *
 * @param bytes the file; its buffer becomes the array's and may be changed
 */
export function decodeElements(
  bytes: Buffer,
  header: NpyHeader,
  bigint: boolean,
  refuse: Refusal,
): NpyArray<NumberArray | BigIntegerArray> {
  const { dtype, itemBytes, shape, dataOffset } = header;
  let elements = bytes.subarray(dataOffset);
  if (elements.byteOffset % itemBytes !== 0) elements = Buffer.from(new Uint8Array(elements).buffer);
  if (header.swapped) swapBytes(elements, itemBytes);
  let data: NumberArray | BigIntegerArray;
  if (dtype === "bool") data = checkBooleans(viewAs(Uint8Array, elements), refuse);
  else if (dtype === "float16")
    data = mapInto(new Float32Array(header.count), viewAs(Uint16Array, elements), halfToNumber);
  else if ((dtype === "int64" || dtype === "uint64") && !bigint) data = toNumbers(elements, dtype, refuse);
  else data = viewAs<NumberArray | BigIntegerArray>(ARRAY_TYPES[dtype], elements);
  return { dtype, shape, data: header.fortranOrder ? toRowMajor(data, shape) : data };
}

/**
 * Returns the bytes of an .npy file as chunks: its header and its elements.
 *
 * @param what what errors call the array
 * @throws {RangeError | TypeError} where shape, data and dtype do not fit together
 */
export function encodeNpy(array: WritableArray, what = "an array"): Uint8Array[] {
  const { data, shape, dtype = dtypeOf(data, what) } = array;
  if (!Array.isArray(shape))
    throw new TypeError(
      `Cannot write ${what} as it must be of the form { shape: [2, 3], data }: got no shape`,
    );
  const count = shape.reduce((product, size) => product * size, 1);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || count !== data.length) {
    const found = displayShape(shape);
    throw new RangeError(
      `Cannot write ${what} as its shape must hold its ${data.length} elements: got ${found}`,
    );
  }
  return [formatNpyHeader(dtype, shape), viewAs(Uint8Array, toStored(data, dtype, what))];
}

function viewAs<Data>(
  type: { new (buffer: ArrayBufferLike, offset: number, length: number): Data; BYTES_PER_ELEMENT: number },
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Data {
  return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
}

function dtypeOf(data: NumberArray | BigIntegerArray, what: string): NpyDtype {
  const entry = Object.entries(ARRAY_TYPES).find(([, type]) => data instanceof type);
  if (entry === undefined)
    throw new TypeError(`Cannot write ${what} as its data must be a typed array: got ${typeof data}`);
  return entry[0] as NpyDtype;
}

/** Returns the elements as `dtype` stores them; only bool, float16, int64 and uint64 take data of another type. */
function toStored(
  data: NumberArray | BigIntegerArray,
  dtype: NpyDtype,
  what: string,
): NumberArray | BigIntegerArray {
  const refuse = (expectation: string, found: string | number) =>
    new RangeError(`Cannot write ${what} as ${expectation}: got ${found}`);
  const own = dtypeOf(data, what);
  if (own === dtype) return data;
  if (dtype === "bool" && own === "uint8") return checkBooleans(data as Uint8Array, refuse);
  if (dtype === "float16" && own === "float32") {
    return mapInto(new Uint16Array(data.length), data as Float32Array, numberToHalf);
  }
  if ((dtype === "int64" || dtype === "uint64") && own === "float64") {
    const lowest = dtype === "int64" ? Number.MIN_SAFE_INTEGER : 0;
    const stored = new ARRAY_TYPES[dtype](data.length);
    for (let index = 0; index < data.length; index++) {
      const value = data[index] as number;
      if (!Number.isSafeInteger(value) || value < lowest) {
        throw refuse(`${dtype} takes whole numbers from ${lowest} to 2^53 - 1`, value);
      }
      stored[index] = BigInt(value);
    }
    return stored;
  }
  throw new TypeError(`Cannot write ${what} as ${dtype} as its data has another type: got ${own}`);
}

function mapInto<Target extends NumberArray>(
  target: Target,
  source: NumberArray,
  map: (value: number) => number,
): Target {
  for (let index = 0; index < source.length; index++) target[index] = map(source[index]);
  return target;
}

function checkBooleans(bytes: Uint8Array, refuse: (expectation: string, found: number) => Error): Uint8Array {
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] > 1) throw refuse("bool elements are 0 or 1", bytes[index]);
  }
  return bytes;
}

/** Reads 64-bit integers as numbers, from their two halves: exact up to 2^53 - 1, and refused beyond. */
function toNumbers(elements: Buffer, dtype: "int64" | "uint64", refuse: Refusal): Float64Array {
  const low = viewAs(Uint32Array, elements);
  const high = dtype === "int64" ? viewAs(Int32Array, elements) : low;
  const [lowIndex, highIndex] = LITTLE_ENDIAN ? [0, 1] : [1, 0];
  const numbers = new Float64Array(elements.length / 8);
  for (let index = 0; index < numbers.length; index++) {
    const value = high[2 * index + highIndex] * 2 ** 32 + low[2 * index + lowIndex];
    if (!Number.isSafeInteger(value)) {
      const exact = viewAs<BigIntegerArray>(ARRAY_TYPES[dtype], elements)[index];
      throw refuse(`a number holds integers up to 2^53 - 1: read it with { bigint: true }`, String(exact));
    }
    numbers[index] = value;
  }
  return numbers;
}

function swapBytes(elements: Buffer, itemBytes: number): void {
  if (itemBytes === 2) elements.swap16();
  else if (itemBytes === 4) elements.swap32();
  else elements.swap64();
}

/** Returns elements that lie with the first axis fastest (Fortran order) with the last axis fastest. */
function toRowMajor<Data extends NumberArray | BigIntegerArray>(data: Data, shape: readonly number[]): Data {
  if (shape.length < 2) return data;
  const result = data.slice() as Data;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const last = shape.length - 1;
  const index = new Array<number>(shape.length).fill(0);
  for (let row = 0, from = 0; row < data.length; row += shape[last]) {
    for (let column = 0; column < shape[last]; column++)
      result[row + column] = data[from + column * strides[last]];
    for (let axis = last - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
