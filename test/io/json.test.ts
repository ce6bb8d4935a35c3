import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { formatJson, readJson } from "../../src/io";
import { documentFile, fixture, scratchFile } from "./scratch";

test("formatJson() writes the very text of Python's json.dumps(indent=2)", () => {
  const text = readFileSync(fixture("layout.json"), "utf8");
  assert.equal(formatJson(JSON.parse(text), { integerKeys: ["n", "counts", "step"] }), text);
});

test("formatJson() writes the results file of the two-by-two analysis back byte for byte", () => {
  const path = documentFile("results_trm_step13020_n512.json");
  assert.equal(formatJson(readJson(path), { integerKeys: ["n"] }), readFileSync(path, "utf8"));
});

test("formatJson() prints floats as floats, and integers under the named keys only", () => {
  assert.equal(formatJson({ n: 5, tau: 5 }, { integerKeys: ["n"] }), '{\n  "n": 5,\n  "tau": 5.0\n}');
  assert.equal(formatJson({ n: { x: 1 } }, { integerKeys: ["n"] }), '{\n  "n": {\n    "x": 1.0\n  }\n}');
  assert.equal(formatJson({ n: 1e22 }, { integerKeys: ["n"] }), '{\n  "n": 10000000000000000000000\n}');
});

test("formatJson() writes NaN and infinities as null, also among integers", () => {
  assert.equal(formatJson([Number.NaN, Infinity, -Infinity]), "[\n  null,\n  null,\n  null\n]");
  assert.equal(formatJson({ n: Number.NaN }, { integerKeys: ["n"] }), '{\n  "n": null\n}');
});

test("formatJson() takes Maps in their order, typed arrays and bigints, and leaves out undefined properties", () => {
  assert.equal(
    formatJson(
      new Map([
        ["10", true],
        ["9", false],
      ]),
    ),
    '{\n  "10": true,\n  "9": false\n}',
  );
  assert.equal(formatJson(Int32Array.of(1, 2)), "[\n  1,\n  2\n]");
  assert.equal(formatJson(Float32Array.of(1)), "[\n  1.0\n]");
  assert.equal(formatJson({ a: undefined, b: 2n ** 64n }), '{\n  "b": 18446744073709551616\n}');
});

test("formatJson() refuses what JSON cannot hold, naming where it is", () => {
  const cycle: Record<string, unknown> = { deep: [{}] };
  cycle.deep = [cycle];
  assert.throws(() => formatJson(cycle), {
    name: "TypeError",
    message: /value\.deep\[0\] as JSON as it contains itself/,
  });
  for (const [value, found] of [
    [() => 1, "function"],
    [new Date(0), "Date"],
    [undefined, "undefined"],
    [Symbol("s"), "symbol"],
  ]) {
    assert.throws(() => formatJson({ a: [value] }), {
      name: "TypeError",
      message: new RegExp(`value\\.a\\[0\\].*got ${String(found)}`),
    });
  }
  assert.throws(() => formatJson({ n: 1.5 }, { integerKeys: ["n"] }), {
    name: "RangeError",
    message: /value\.n as an integer: got 1.5/,
  });
  const twice = { a: 1 };
  assert.doesNotThrow(() => formatJson([twice, twice]), "the same object twice is no cycle");
});

test("formatJson() is read back to the same value by JSON.parse", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      assert.deepEqual(JSON.parse(formatJson(value)), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 2, numRuns: 500 },
  );
});

test("readJson() takes Python's NaN and infinities as numbers, and their names in strings as text", () => {
  assert.deepEqual(readJson(fixture("python-literals.json")), {
    a: Number.NaN,
    b: [Infinity, -Infinity, 1.5],
    NaN: 'NaN, -Infinity " \\" Infinity',
  });
});

test("readJson() is strict otherwise, and names the file", (t) => {
  for (const text of [
    "",
    "{a: 1}",
    "[1,]",
    "[NaN,]",
    "{NaN: 1}",
    '{"a": NaN, "b": nan}',
    "[NaNNaN]",
    "-NaN",
    "+Infinity",
    "[1NaN]",
    '"NaN',
    "// c\nNaN",
    "['NaN']",
    '["\\ue000", NaN',
  ]) {
    const path = scratchFile(t, text, "bad.json");
    assert.throws(
      () => readJson(path),
      (error: Error) =>
        error instanceof SyntaxError && error.message.startsWith(`Cannot read ${path} as JSON: `),
      text,
    );
  }
  assert.throws(() => readJson(scratchFile(t, Buffer.from([0x22, 0xff, 0x22]))), {
    name: "SyntaxError",
    message: /UTF-8/,
  });
});

test("readJson() keeps private characters apart from its own marks", (t) => {
  const text = '["\\uE000NaN", "\ue001", "\\ue002Infinity", NaN]';
  assert.deepEqual(readJson(scratchFile(t, text)), ["\ue000NaN", "\ue001", "\ue002Infinity", Number.NaN]);
});
