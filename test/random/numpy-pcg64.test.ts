import assert from "node:assert/strict";
import { test } from "node:test";
import { createNumpyGenerator } from "../../src/random";
import numpy from "../fixtures/random/numpy_integers.json";

test("createNumpyGenerator() draws numpy's integers, for seeds of one and two words and bounds that reject draws", () => {
  for (const { seed, bound, values } of numpy.cases)
    assert.deepEqual(createNumpyGenerator(seed).integers(bound, 7), values, `seed ${seed}, bound ${bound}`);
});

test("createNumpyGenerator() refuses seeds and bounds that it cannot repeat", () => {
  for (const seed of [-1, 0.5, 2 ** 53]) assert.throws(() => createNumpyGenerator(seed), RangeError);
  for (const bound of [0, 1, 2 ** 32])
    assert.throws(() => createNumpyGenerator(0).integers(bound, 1), RangeError);
});
