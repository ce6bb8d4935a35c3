// Builds .npz files of any content, right or wrong, and compares arrays with a fixture's values.

import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import type { BigIntegerArray, NpyArray, NumberArray } from "../../src/io/npy-array";
import { type PackedMember, zipChunks } from "../../src/io/zip-writer";

/** The bytes of an .npy file with this header dictionary. */
export function npyOf(header: string, data: Uint8Array | number = 0, version = 1): Buffer {
  const text = Buffer.from(header, "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  return Buffer.concat([
    Buffer.from("\x93NUMPY", "latin1"),
    Buffer.from([version, 0]),
    length,
    text,
    typeof data === "number" ? Buffer.alloc(data) : data,
  ]);
}

/** The header dictionary numpy would write, unpadded. */
export function headerOf(descr: string, shape: string): string {
  return `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
}

/** A zip member whose directory entry is right, but for what `declared` says. */
export function memberOf(
  name: string,
  content: Uint8Array,
  declared: Partial<PackedMember> = {},
): PackedMember {
  const deflated = declared.deflated ?? false;
  const chunks = [deflated ? deflateRawSync(content) : content];
  return { name, crc: crc32(content), size: content.length, deflated, chunks, ...declared };
}

/** The bytes of a zip archive. */
export function zipOf(...members: PackedMember[]): Buffer {
  return Buffer.concat(zipChunks(members));
}

export interface Expected {
  dtype: string;
  shape: number[];
  values: string[];
}

/** Asserts that arrays have the dtypes, shapes and values, sign of zero included, that a fixture lists as text. */
export function assertArrays(
  actual: Map<string, NpyArray<NumberArray | BigIntegerArray>>,
  expected: Record<string, Expected>,
): void {
  assert.deepEqual([...actual.keys()], Object.keys(expected));
  for (const [key, array] of actual) assertArray(array, expected[key], key);
}

export function assertArray(
  array: NpyArray<NumberArray | BigIntegerArray>,
  expected: Expected,
  key: string,
): void {
  assert.equal(array.dtype, expected.dtype, key);
  assert.deepEqual(array.shape, expected.shape, key);
  const values = expected.values.map((text) =>
    array.data[0]?.constructor === BigInt ? BigInt(text) : toNumber(text),
  );
  assert.deepEqual(Array.from<number | bigint>(array.data), values, key); // strict: tells -0 from 0
}

function toNumber(text: string): number {
  return Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
}
