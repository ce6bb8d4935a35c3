import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NpzError, readNpy, writeNpy } from "../../src/io";
import { halfToNumber, numberToHalf } from "../../src/io/half-precision";
import { assertArray, headerOf, npyOf } from "./npz-files";
import { fixture, scratchFile, scratchFolder } from "./scratch";

test("readNpy() reads what numpy.save wrote, and writeNpy() writes the same bytes", (t) => {
  const array = readNpy(fixture("single.npy"));
  assertArray(array, JSON.parse(readFileSync(fixture("dtypes.json"), "utf8")).float32, "float32");
  const path = join(scratchFolder(t), "same.npy");
  writeNpy(path, array);
  assert.deepEqual(readFileSync(path), readFileSync(fixture("single.npy")));
});

test("readNpy() refuses data that are shorter or longer than declared, naming both lengths", (t) => {
  for (const bytes of [0, 23, 25]) {
    const file = npyOf(headerOf("<f4", "(2, 3)"), bytes);
    assert.throws(
      () => readNpy(scratchFile(t, file)),
      (error: NpzError) =>
        error instanceof NpzError &&
        error.key === undefined &&
        error.message.includes(`float32 of shape (2, 3) takes ${file.length - bytes + 24} bytes`) &&
        error.found === `${file.length} bytes`,
    );
  }
});

test("numberToHalf() rounds as numpy does: ties to even, infinity from 65520 on", () => {
  const table: [string, number][] = JSON.parse(readFileSync(fixture("halves.json"), "utf8"));
  for (const [text, bits] of table) assert.equal(numberToHalf(Number(text)), bits, text);
  assert.equal(numberToHalf(Number.NaN), 0x7e00);
});

test("numberToHalf() is the inverse of halfToNumber() for all 65,536 halves", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if ((bits & 0x7fff) > 0x7c00) assert.ok(Number.isNaN(value));
    else assert.equal(numberToHalf(value), bits);
  }
});
