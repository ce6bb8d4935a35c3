import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { median, percentile, percentiles } from "../../src/stats";
import published from "../fixtures/stats/percentiles.json";
import python from "../fixtures/stats/scientific_python.json";
import { assertClose } from "./close";

fc.configureGlobal({ seed: 20261122 });

const finite = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 });

test("percentiles() and median() equal numpy's bit for bit", () => {
  for (const { values, q, value, median: middle } of [python.percentiles]) {
    assert.deepEqual(Array.from(percentiles(values, q)), value);
    assert.equal(median(values), middle);
  }
  for (const { x, q, value, median: middle } of published.cases) {
    assert.deepEqual(Array.from(percentiles(x, q)), value);
    assertClose(median(x), middle);
  }
});

test("percentiles() lie between the least and the greatest value and grow with q", () => {
  const qs = Array.from({ length: 21 }, (_, i) => 5 * i);
  fc.assert(
    fc.property(finite, (sample) => {
      const result = percentiles(sample, qs);
      assert.equal(result[0], Math.min(...sample));
      assert.equal(result[20], Math.max(...sample));
      for (let i = 1; i < qs.length; i++) assert.ok(result[i] >= result[i - 1]);
    }),
  );
});

test("percentile(50) is the median, and both follow a change of sign", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (sample) => {
      assertClose(percentile(sample, 50), median(sample));
      assertClose(
        percentile(
          sample.map((x) => -x),
          25,
        ),
        -percentile(sample, 75),
      );
    }),
  );
});

test("percentiles() and median() do not change their input", () => {
  const sample = Float64Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000);
  const copy = sample.slice();
  percentiles(sample, [10, 90]);
  median(sample);
  assert.deepEqual(sample, copy);
  assert.equal(median(Object.freeze([3, 1, 2])), 2);
});

test("percentiles() and median() give NaN without values and wherever one is NaN", () => {
  for (const sample of [[], [Number.NaN], [1, 2, Number.NaN, 3]]) {
    assert.deepEqual(Array.from(percentiles(sample, [0, 50])), [Number.NaN, Number.NaN]);
    assert.ok(Number.isNaN(median(sample)));
  }
  assert.equal(percentiles([1], []).length, 0);
});

test("percentiles() and median() stay right where differences and sums overflow", () => {
  const infinity = Number.POSITIVE_INFINITY;
  assert.equal(percentile([-1.5e308, 1.5e308], 25), -0.75e308);
  assert.equal(median([1.5e308, 1.7e308]), 1.6e308);
  assert.equal(percentile([1, infinity], 75), infinity);
  assert.equal(percentile([1, 2, infinity], 50), 2);
  assert.equal(median([infinity, infinity]), infinity);
  assert.ok(Number.isNaN(median([-infinity, infinity])));
});

test("percentiles() refuses q outside 0 to 100", () => {
  for (const q of [-1, 100.5, Number.NaN]) {
    assert.throws(() => percentile([1, 2], q), {
      name: "RangeError",
      message: `Cannot take a percentile as q must be from 0 to 100: got ${q}`,
    });
  }
});
