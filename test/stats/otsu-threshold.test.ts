import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createRandom } from "../../src/random";
import { histogram, otsuThreshold } from "../../src/stats";
import published from "../fixtures/stats/otsu.json";
import python from "../fixtures/stats/scientific_python.json";

fc.configureGlobal({ seed: 20261122 });

test("otsuThreshold() equals the document's function bit for bit, also where only rounding decides", () => {
  for (const { x, nbins, threshold, hist_nonzero, edge0, edge256 } of published.cases) {
    assert.equal(otsuThreshold(x, { bins: nbins }), threshold);
    const { counts, edges } = histogram(x, { bins: nbins });
    const nonzero = Array.from(counts, (count, bin) => [bin, count]).filter(([, count]) => count > 0);
    assert.deepEqual(nonzero, hist_nonzero);
    assert.deepEqual([edges[0], edges[256]], [edge0, edge256]);
  }
  for (const { values, threshold } of python.otsu) assert.equal(otsuThreshold(values), threshold);
});

test("otsuThreshold() picks the first of equal maxima", () => {
  // Two values, four bins: the split after bin 0, 1 or 2 separates them equally well, in exact arithmetic too.
  assert.equal(otsuThreshold([0, 4], { bins: 4 }), 0.5);
});

/** Between-class variance of the split x < t, from the values themselves. */
function betweenClassVariance(values: number[], t: number): number {
  const low = values.filter((x) => x < t);
  const high = values.filter((x) => x >= t);
  if (low.length === 0 || high.length === 0) return 0;
  const mean = (part: number[]) => part.reduce((sum, x) => sum + x, 0) / part.length;
  return (low.length * high.length * (mean(low) - mean(high)) ** 2) / values.length ** 2;
}

test("otsuThreshold() splits as well as any threshold, where each bin holds one integer", () => {
  const integers = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(integers, (sample) => {
      fc.pre(new Set(sample).size > 1);
      const [least, range] = [Math.min(...sample), Math.max(...sample) - Math.min(...sample)];
      // Bin k, of width range / (range + 1), holds the integer least + k and no other; it belongs to the lower class.
      const bin = Math.round(
        ((otsuThreshold(sample, { bins: range + 1 }) - least) * (range + 1)) / range - 0.5,
      );
      const t = least + bin + 1;
      const best = Math.max(...sample.map((x) => betweenClassVariance(sample, x)));
      assert.ok(betweenClassVariance(sample, t) >= best * (1 - 1e-9));
    }),
  );
});

test("otsuThreshold() follows a scale, and a shift up to splits that are as good", () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });
  // Powers of two and whole shifts of integers keep the edges exact, so that the bins hold the same values.
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -64, max: 64 }),
      (sample, power, shift) => {
        fc.pre(new Set(sample).size > 1);
        const t = otsuThreshold(sample);
        assert.equal(otsuThreshold(sample.map((x) => x * 2 ** power)), t * 2 ** power);
        // A shift can break ties of equal splits elsewhere; equal in terms of bin centres, which Otsu's method sees.
        const [least, width] = [Math.min(...sample), (Math.max(...sample) - Math.min(...sample)) / 256];
        const centres = sample.map(
          (x) => least + (Math.min(Math.floor((x - least) / width), 255) + 0.5) * width,
        );
        const shifted = otsuThreshold(sample.map((x) => x + shift)) - shift;
        const [quality, shiftedQuality] = [t, shifted].map((end) =>
          betweenClassVariance(centres, end + width / 2),
        );
        assert.ok(Math.abs(quality - shiftedQuality) <= 1e-9 * quality);
      },
    ),
  );
});

test("otsuThreshold() lies between the modes of a bimodal sample", () => {
  const rng = createRandom(3);
  const sample = Float64Array.from({ length: 4000 }, (_, i) => rng.normal() * 0.3 + (i % 2 === 0 ? -2 : 1));
  const t = otsuThreshold(sample);
  assert.ok(t > -1.2 && t < 0.2, `got ${t}`);
});

test("otsuThreshold() gives NaN without values and refuses constant, NaN and infinite input", () => {
  assert.ok(Number.isNaN(otsuThreshold([])));
  assert.throws(() => otsuThreshold(published.constant_input.x), {
    name: "RangeError",
    message: "Cannot split by Otsu's method as two values must be distinct: got 7 times 3.25",
  });
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => otsuThreshold([0, 1, wrong]), RangeError);
  }
  for (const bins of [1, 2.5, Number.NaN])
    assert.throws(() => otsuThreshold([0, 1], { bins }), /bins must be/);
});
