import assert from "node:assert/strict";
import { existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readSafetensors, SafetensorsError, type WritableTensor, writeSafetensors } from "../../src/io";
import { fixture, scratchFile, scratchFolder } from "./scratch";

const published = fixture("safetensors.safetensors");
const described: Record<string, { shape: number[]; values: string[] }> = JSON.parse(
  readFileSync(fixture("safetensors.json"), "utf8"),
);

/** A file of this header and so many bytes of elements. */
function fileOf(t: TestContext, header: unknown, dataBytes: number): string {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return scratchFile(t, Buffer.concat([length, Buffer.from(text), Buffer.alloc(dataBytes)]), "a.safetensors");
}

function assertRefused(path: string, pattern: RegExp, key?: string): void {
  assert.throws(
    () => readSafetensors(path),
    (error: SafetensorsError) => {
      assert.ok(error instanceof SafetensorsError, `${error}`);
      assert.match(error.message, pattern);
      assert.ok(error.message.includes(path) && error.file === path);
      assert.equal(error.key, key);
      return true;
    },
  );
}

const toNumber = (text: string) => ({ inf: Infinity, "-inf": -Infinity, nan: NaN })[text] ?? Number(text);
const two = (begin: number, end: number) => ({ dtype: "F32", shape: [2], data_offsets: [begin, end] });

test("readSafetensors() reads every dtype as PyTorch wrote it", () => {
  const { tensors, metadata } = readSafetensors(published);
  assert.deepEqual([...metadata], [["format", "pt"]]);
  assert.deepEqual([...tensors.keys()].sort(), Object.keys(described).sort());
  for (const [key, { shape, values }] of Object.entries(described)) {
    assert.deepEqual(tensors.get(key)?.shape, shape, key);
    assert.deepEqual([...tensors.get(key)!.data], values.map(toNumber), key);
  }
  assert.ok(
    tensors.get("brain")!.data instanceof Float32Array && tensors.get("half")!.data instanceof Float32Array,
  );
  assert.ok(tensors.get("long")!.data instanceof Float64Array);
});

test("writeSafetensors() writes the bytes that the published writer writes", (t) => {
  const path = join(scratchFolder(t), "ours.safetensors");
  const { tensors, metadata } = readSafetensors(published);
  writeSafetensors(path, new Map([...tensors].reverse()), { metadata });
  assert.deepEqual(readFileSync(path), readFileSync(published));
});

test("readSafetensors() reads only the tensors asked for, and 64-bit integers as bigint where asked", () => {
  const { tensors } = readSafetensors(published, { keys: ["long", "absent"], bigint: true });
  assert.deepEqual(
    [...tensors].map(([key, { data }]) => [key, data]),
    [["long", BigInt64Array.of(-(2n ** 53n) + 1n, 0n, 2n ** 53n - 1n)]],
  );
});

test("writeSafetensors() rounds BF16 to the nearest, ties to even, and keeps infinities and NaN", (t) => {
  const path = join(scratchFolder(t), "brain.safetensors");
  const data = Float32Array.of(1.00390625, 1.01171875, 3.4e38, -Infinity, NaN, -0);
  writeSafetensors(path, { brain: { dtype: "BF16", shape: [6], data } });
  const rounded = [...readSafetensors(path).tensors.get("brain")!.data];
  assert.deepEqual(rounded, [1, 1.015625, Infinity, -Infinity, NaN, -0]);
});

test("writeSafetensors() takes each typed array as the dtype of its name", (t) => {
  const path = join(scratchFolder(t), "own.safetensors");
  const data = [
    Float32Array,
    Float64Array,
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
  ];
  const named = data.map((type) => [type.name, { shape: [1], data: type.of(7) }] as const);
  const wide = [BigInt64Array, BigUint64Array].map(
    (type) => [type.name, { shape: [1], data: type.of(7n) }] as const,
  );
  writeSafetensors(path, new Map<string, WritableTensor>([...named, ...wide]));
  const { tensors } = readSafetensors(path, { bigint: true });
  for (const [name, { data }] of tensors) assert.equal(data.constructor.name, name);
  assert.equal(tensors.size, 10);
});

test("writeSafetensors() refuses what would not read back, and leaves no file", (t) => {
  const path = join(scratchFolder(t), "none.safetensors");
  const data = Float32Array.of(1, 2);
  const refused = (tensors: Parameters<typeof writeSafetensors>[1], pattern: RegExp, metadata = {}) =>
    assert.throws(() => writeSafetensors(path, tensors, { metadata }), pattern);
  refused(
    { weight: { shape: [3], data } },
    /Cannot write tensor "weight" as its shape must hold its 2 elements/,
  );
  refused(
    { weight: { dtype: "BF16", shape: [2], data: Uint16Array.of(1, 2) } },
    /"weight" as BF16 takes a Float32Array/,
  );
  refused({ weight: { dtype: "F64", shape: [2], data } }, /"weight" as float64/);
  refused({ weight: { dtype: "F8" as "F16", shape: [2], data } }, /dtype must be one of/);
  refused(
    { weight: { shape: [2], data: [1, 2] as unknown as Float32Array } },
    /"weight" as its data must be a typed array/,
  );
  refused({ __metadata__: { shape: [2], data } }, /the header's own/);
  refused({ weight: { shape: [2], data } }, /metadata "epoch" as it must be text: got number/, { epoch: 3 });
  assert.equal(existsSync(path), false);
});

test("readSafetensors() refuses a file cut short at any byte, or longer", (t) => {
  const bytes = readFileSync(published);
  assertRefused(scratchFile(t, Buffer.concat([bytes, Buffer.from("x")])), /must end with its last tensor/);
  const path = scratchFile(t, bytes);
  for (let length = bytes.length - 1; length >= 0; length--) {
    truncateSync(path, length);
    assertRefused(path, /takes at least 8 bytes|must reach byte|must end with its last tensor/);
  }
});

test("readSafetensors() refuses a length that no header has, before it takes memory", (t) => {
  assertRefused(
    scratchFile(t, Buffer.alloc(16, 0xff)),
    /header length up to 100000000: got 18446744073709551615/,
  );
  assertRefused(
    scratchFile(t, Buffer.from("\x00\xe0\xf5\x05\0\0\0\0{}", "latin1")),
    /must reach byte 99999752/,
  );
  assertRefused(scratchFile(t, "PK\x03\x04 another kind of file"), /header length/);
  assertRefused(join(scratchFolder(t), "absent.safetensors"), /no such file/);
});

for (const [what, header, dataBytes, pattern, key] of [
  ["a gap", { a: two(0, 8), b: two(12, 20) }, 20, /one begins at 8: got 12/, "b"],
  ["an overlap", { a: two(0, 8), b: two(4, 12) }, 12, /one begins at 8: got 4/, "b"],
  ["a gap at the start", { a: two(4, 12) }, 12, /one begins at 0: got 4/, "a"],
  [
    "a size that is not the shape's",
    { a: { ...two(0, 12) } },
    12,
    /F32 of shape \(2,\) takes 8 bytes: got .* 12/,
    "a",
  ],
  ["offsets in the wrong order", { a: two(8, 0) }, 8, /first not after the second: got \[8,0\]/, "a"],
  ["offsets that are no sizes", { a: two(-8, 0) }, 8, /two bytes/, "a"],
  ["a shape below zero", { a: { ...two(0, 8), shape: [-1, -2] } }, 8, /none below zero: got \[-1,-2\]/, "a"],
  ["an absurd shape", { a: { ...two(0, 8), shape: [2 ** 40, 2 ** 40, 0] } }, 8, /fit into memory/, "a"],
  ["an unknown dtype", { a: { ...two(0, 8), dtype: "F33" } }, 8, /dtype is one of .*: got "F33"/, "a"],
  ["a tensor that is no object", { a: 3 }, 0, /dtype is one of .*: got none/, "a"],
  [
    "metadata that is no text",
    { __metadata__: { epoch: 3 } },
    0,
    /object of strings: got {"epoch":3}/,
    undefined,
  ],
  [
    "a name given twice",
    '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061" : 1}',
    0,
    /"a" a second time/,
  ],
  ["a header that is no object", "[]", 0, /begins with {/],
  ["a header that is not JSON", "{'a': 1}", 0, /is a JSON object/],
  [
    "an element type without a typed array",
    { a: { ...two(0, 2), dtype: "F8_E4M3" } },
    2,
    /to be read: got F8_E4M3/,
    "a",
  ],
] as [string, unknown, number, RegExp, string?][]) {
  test(`readSafetensors() refuses ${what}`, (t) => assertRefused(fileOf(t, header, dataBytes), pattern, key));
}

test("readSafetensors() leaves tensors of unreadable elements where others are asked for", (t) => {
  const path = fileOf(t, { a: { ...two(0, 2), dtype: "F8_E4M3" }, b: two(2, 10) }, 10);
  assert.deepEqual([...readSafetensors(path, { keys: ["b"] }).tensors.get("b")!.data], [0, 0]);
});
