import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { histogram } from "../../src/stats";
import python from "../fixtures/stats/scientific_python.json";

fc.configureGlobal({ seed: 20261122 });

test("histogram() counts and cuts exactly as numpy, also where values lie on edges", () => {
  for (const { values, bins, range, counts, edges } of python.histogram) {
    const options = range === null ? { bins } : { bins, range: range as [number, number] };
    const ours = histogram(values, options);
    assert.deepEqual(Array.from(ours.counts), counts);
    assert.deepEqual(Array.from(ours.edges), edges);
  }
});

test("histogram() puts every value between the edges of its bin", () => {
  const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 40 }), (sample, bins) => {
      const { counts, edges } = histogram(sample, { bins });
      for (let bin = 0; bin < bins; bin++) {
        const last = bin === bins - 1;
        const inside = (x: number) => x >= edges[bin] && (last ? x <= edges[bin + 1] : x < edges[bin + 1]);
        assert.equal(counts[bin], sample.filter(inside).length);
      }
    }),
  );
});

test("histogram() counts each of its own edges in the bin that it opens, and the last in the last bin", () => {
  const limits = fc.tuple(
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.double({ min: 0.01, max: 10, noNaN: true }),
  );
  fc.assert(
    fc.property(limits, fc.integer({ min: 2, max: 300 }), ([first, width], bins) => {
      const { edges } = histogram([first, first + width], { bins });
      const { counts } = histogram(edges, { bins });
      assert.deepEqual(counts, new Int32Array(bins).fill(1).fill(2, bins - 1));
    }),
  );
});

test("histogram() leaves out what is outside a given range, infinities included", () => {
  const { counts } = histogram([Number.NEGATIVE_INFINITY, 0, 1, 2, Number.POSITIVE_INFINITY], {
    bins: 2,
    range: [0, 2],
  });
  assert.deepEqual(Array.from(counts), [1, 2]);
});

test("histogram() refuses NaN, infinite or reversed ranges, and bins too many or too few", () => {
  assert.throws(() => histogram([1, Number.NaN]), {
    name: "RangeError",
    message: "Cannot make a histogram as values must be numbers: got NaN at index 1",
  });
  assert.throws(() => histogram([Number.NaN], { range: [0, 1] }), /got NaN at index 0/);
  assert.throws(() => histogram([1, Number.POSITIVE_INFINITY]), /range must be finite and ordered/);
  assert.throws(() => histogram([1], { range: [2, 1] }), /range must be finite and ordered: got \[2, 1\]/);
  assert.throws(() => histogram([-1.7e308, 1.7e308]), /range must be finite/);
  assert.throws(() => histogram([1, 1 + Number.EPSILON], { bins: 256 }), /256 bins must have distinct edges/);
  assert.throws(() => histogram([0, 1e-310], { bins: 256 }), /256 bins must have distinct edges/);
  for (const bins of [0, -1, 1.5, Number.NaN]) assert.throws(() => histogram([1, 2], { bins }), RangeError);
});
