import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NpzError, readNpz, writeNpz } from "../../src/io";
import { assertArrays, headerOf, memberOf, npyOf, zipOf } from "./npz-files";
import { fixture, scratchFile, scratchFolder } from "./scratch";

const json = (name: string) => JSON.parse(readFileSync(fixture(name), "utf8"));

test("readNpz() reads every dtype of plain arrays as numpy wrote them", () => {
  assertArrays(readNpz(fixture("dtypes.npz")), json("dtypes.json"));
});

test("readNpz() returns a typed array of each dtype's own kind", () => {
  const kinds = [...readNpz(fixture("dtypes.npz"))].map(([key, { data }]) => [key, data.constructor.name]);
  assert.deepEqual(Object.fromEntries(kinds), {
    flags: "Uint8Array",
    int8: "Int8Array",
    uint8: "Uint8Array",
    int16: "Int16Array",
    uint16: "Uint16Array",
    int32: "Int32Array",
    uint32: "Uint32Array",
    int64: "Float64Array",
    uint64: "Float64Array",
    float16: "Float32Array",
    float32: "Float32Array",
    float64: "Float64Array",
    scalar: "Float64Array",
    empty: "Float32Array",
    "one axis": "Int16Array",
    "schlüssel/λ": "Float64Array",
  });
});

test("readNpz() gives deflated, byte-swapped and Fortran-ordered arrays in C order and native bytes", () => {
  assertArrays(readNpz(fixture("orders.npz")), json("orders.json"));
});

test("readNpz() reads 64-bit integers as bigint where asked", () => {
  assertArrays(readNpz(fixture("wide.npz"), { bigint: true }), json("wide.json"));
});

test("readNpz() refuses 64-bit integers that a number cannot hold, naming the way out", () => {
  assert.throws(
    () => readNpz(fixture("wide.npz")),
    (error: NpzError) =>
      error instanceof NpzError &&
      error.file === fixture("wide.npz") &&
      error.key === "int64" &&
      /bigint: true/.test(error.message) &&
      error.found === "-9223372036854775808",
  );
});

test("readNpz() reads versions 1 to 3 of the header, and zip64 fields throughout", () => {
  const arrays = readNpz(fixture("zip64.npz"));
  assert.deepEqual(
    [...arrays].map(([key, { data }]) => [key, [...data]]),
    [
      ["v1", [1, 2, 3]],
      ["v2", [2, 3, 4]],
      ["v3", [3, 4, 5]],
    ],
  );
});

test("readNpz() reads archives written to a pipe, with sizes after the data", () => {
  const arrays = readNpz(fixture("streamed.npz"));
  assert.deepEqual([...arrays.get("a")!.data], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...arrays.get("b")!.data], [0, 1, 2]);
});

test("readNpz() looks at no other arrays than the keys it is given", () => {
  const arrays = readNpz(fixture("refused.npz"), { keys: ["fine", "absent"] });
  assert.deepEqual([...arrays.keys()], ["fine"]);
  assert.deepEqual([...arrays.get("fine")!.data], [0, 1, 2]);
});

test("readNpz() gives arrays that own their memory, so that one can be transferred", () => {
  for (const name of ["dtypes.npz", "orders.npz"]) {
    const buffers = [...readNpz(fixture(name)).values()].map(({ data }) => data.buffer);
    assert.equal(new Set(buffers).size, buffers.length);
    for (const buffer of buffers) assert.ok(buffer.byteLength <= Buffer.poolSize + 128, "no shared pool");
  }
});

for (const [key, rule] of Object.entries({
  object: "object arrays hold Python pickles, which are never run",
  string: "not strings",
  bytes: "not strings",
  structured: "not structured ones",
  complex: "only real numbers are read",
  date: "not dates",
  longdouble: "dtype must be bool, int or uint",
  void: "not structured or raw bytes",
})) {
  test(`readNpz() refuses an array of dtype ${key}, naming file and key`, () => {
    assert.throws(
      () => readNpz(fixture("refused.npz"), { keys: [key] }),
      (error: NpzError) =>
        error instanceof NpzError &&
        error.key === key &&
        error.message.includes(`array "${key}" of ${fixture("refused.npz")}`) &&
        error.expectation.includes(rule),
    );
  });
}

test("readNpz() accepts headers of other writers: other order, spacing and quotes, Python 2 lengths", (t) => {
  const data = Buffer.from(Float32Array.of(1, 2, 3).buffer);
  for (const header of [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3L,), }\n",
    '{"shape":(3,),"descr":"<f4","fortran_order":True}   ',
    " { 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 3 , ) } \n",
  ]) {
    const array = readNpz(scratchFile(t, zipOf(memberOf("a.npy", npyOf(header, data))))).get("a")!;
    assert.deepEqual([array.shape, [...array.data]], [[3], [1, 2, 3]], header);
  }
  const flags = npyOf(headerOf("<b1", "(2,)"), Buffer.from([1, 0])); // cnpy gives single bytes an order
  assert.deepEqual([...readNpz(scratchFile(t, zipOf(memberOf("a.npy", flags)))).get("a")!.data], [1, 0]);
});

test("writeNpz() writes the very bytes of numpy.savez", (t) => {
  for (const name of ["dtypes.npz", "wide.npz"]) {
    const path = join(scratchFolder(t), name);
    writeNpz(path, readNpz(fixture(name), { bigint: true }));
    assert.deepEqual(readFileSync(path), readFileSync(fixture(name)));
  }
});

test("writeNpz() and readNpz() refuse what nobody would read, and name the array and the option that was meant", (t) => {
  const path = scratchFile(t, "");
  const data = Float32Array.of(1, 2);
  const write =
    (arrays: object, options = {}) =>
    () =>
      writeNpz(path, arrays as never, options);
  assert.throws(
    write({ a: { shape: [2], data }, b: { shape: [3], data } }),
    /array "b" as its shape must hold its 2/,
  );
  assert.throws(write({ a: data }), /array "a" as/);
  assert.throws(
    write({ a: { data } }),
    /array "a" as it must be of the form \{ shape: \[2, 3\], data \}: got no shape/,
  );
  assert.throws(
    write({ a: { shape: [2], data } }, { compressed: true }),
    /"compressed" \(nearest: "compress"\)/,
  );
  assert.throws(() => readNpz(path, { key: ["a"] } as never), /"key" \(nearest: "keys"\)/);
  assert.equal(readFileSync(path, "utf8"), "");
});

test("writeNpz() writes 64-bit integers from numbers with the same bytes", (t) => {
  const path = join(scratchFolder(t), "numbers.npz");
  writeNpz(path, readNpz(fixture("dtypes.npz")));
  assert.deepEqual(readFileSync(path), readFileSync(fixture("dtypes.npz")));
});

test("writeNpz() compressed keeps every array", (t) => {
  const path = join(scratchFolder(t), "small.npz");
  writeNpz(path, readNpz(fixture("dtypes.npz")), { compress: true });
  assertArrays(readNpz(path), json("dtypes.json"));
  assert.ok(readFileSync(path).length < readFileSync(fixture("dtypes.npz")).length);
});

test("writeNpz() takes the dtype from the data, and zip64 for more than 65,535 arrays", (t) => {
  const path = join(scratchFolder(t), "many.npz");
  const arrays = new Map<string, { data: Int16Array; shape: number[] }>();
  for (let index = 0; index < 65_600; index++)
    arrays.set(`k${index}`, { data: Int16Array.of(index), shape: [] });
  writeNpz(path, arrays);
  const read = readNpz(path, { keys: ["k65599"] });
  assert.deepEqual(read.get("k65599"), { dtype: "int16", shape: [], data: Int16Array.of(65_599) });
});

test("writeNpz() writes empty arrays that read back", (t) => {
  const path = join(scratchFolder(t), "empty.npz");
  const empty = { dtype: "float64", data: new Float64Array(0), shape: [0, 3] } as const;
  for (const compress of [false, true]) {
    writeNpz(path, { empty }, { compress });
    assert.deepEqual(readNpz(path).get("empty"), empty);
  }
  writeNpz(path, {});
  assert.equal(readNpz(path).size, 0);
});

test("writeNpz() refuses what the file could not hold, and leaves no file", (t) => {
  const path = join(scratchFolder(t), "no.npz");
  const data = Float64Array.of(1, 2.5);
  const refuse = (arrays: Parameters<typeof writeNpz>[1], error: { name: string; message: RegExp }) =>
    assert.throws(() => writeNpz(path, arrays), error);
  refuse(
    { a: { data, shape: [3] } },
    { name: "RangeError", message: /must hold its 2 elements: got \(3,\)/ },
  );
  refuse({ a: { data, shape: [-1, -2] } }, { name: "RangeError", message: /got \(-1, -2\)/ });
  refuse({ a: { data, shape: [2], dtype: "int64" } }, { name: "RangeError", message: /int64.*got 2.5/ });
  refuse(
    { a: { data: Float64Array.of(-1), shape: [1], dtype: "uint64" } },
    { name: "RangeError", message: /got -1/ },
  );
  refuse(
    { a: { data: Uint8Array.of(2), shape: [1], dtype: "bool" } },
    { name: "RangeError", message: /0 or 1: got 2/ },
  );
  refuse(
    { a: { data, shape: [2], dtype: "float32" } },
    { name: "TypeError", message: /float32.*got float64/ },
  );
  refuse({ a: { data: [1] as never, shape: [1] } }, { name: "TypeError", message: /typed array/ });
  for (const key of ["", "../a", "/a", "a//b", "a/..", "C:a", "a\\b", "a\0", "\ud800"]) {
    refuse({ [key]: { data, shape: [2] } }, { name: "RangeError", message: /never a path/ });
  }
  assert.throws(() => readFileSync(path), { code: "ENOENT" });
});
