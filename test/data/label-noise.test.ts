import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { injectLabelNoise } from "../../src/data/label-noise";
import { createNumpyRandom } from "../../src/random/numpy-mt19937";
import given from "../fixtures/seed000/label_noise.json";
import made from "../fixtures/seed000/label_noise_numpy.json";

interface NumpyCase {
  n: number;
  rate: number;
  seed: number;
  changed: number;
  noisy?: number[];
  idx?: number[];
  noisy_sha256?: string;
  first_idx?: number[];
}

const cyclic = (n: number) => Uint8Array.from({ length: n }, (_, index) => (index * 7) % 10);

describe("injectLabelNoise()", () => {
  it("repeats the document's draws where numpy's are asked for", () => {
    for (const { labels, rate, seed, noisy, idx } of given.cases) {
      const found = injectLabelNoise(Uint8Array.from(labels), rate, { seed, draws: "numpy" });
      assert.deepEqual([...found.labels], noisy);
      assert.deepEqual([...found.changed], idx);
    }
  });

  it("repeats numpy for 0 to 65,536 labels and any seed of 32 bits", () => {
    for (const { n, rate, seed, changed, noisy, idx, noisy_sha256, first_idx } of made.cases as NumpyCase[]) {
      const found = injectLabelNoise(cyclic(n), rate, { seed, draws: "numpy" });
      assert.equal(found.changed.length, changed);
      if (noisy) assert.deepEqual([...found.labels], noisy);
      if (idx) assert.deepEqual([...found.changed], idx);
      if (noisy_sha256) assert.equal(createHash("sha256").update(found.labels).digest("hex"), noisy_sha256);
      if (first_idx) assert.deepEqual([...found.changed.slice(0, 20)], first_idx);
    }
  });

  it("changes trunc(rate * n) labels, in binary floating point", () => {
    for (const draws of ["dolab", "numpy"] as const) {
      for (const { n, rate, count } of given.counts) {
        const clean = cyclic(n);
        const { labels, changed } = injectLabelNoise(clean, rate, { seed: 1, draws });
        assert.equal(changed.length, count);
        assert.equal(labels.filter((label, index) => label !== clean[index]).length, count);
      }
    }
  });

  it("changes each index it names, once, to another of the classes, and no other label", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (list, rate, seed) => {
        const clean = Int32Array.from(list);
        const { labels, changed } = injectLabelNoise(clean, rate, { seed, classes: 4 });
        assert.ok(labels instanceof Int32Array);
        assert.deepEqual([...clean], list, "the clean labels stay");
        const touched = new Set(changed);
        assert.equal(touched.size, changed.length);
        labels.forEach((label, index) => {
          assert.equal(label !== clean[index], touched.has(index));
          assert.ok(label >= 0 && label < 4);
        });
      }),
      { seed: 20261122 },
    );
  });

  it("draws places and classes uniformly", () => {
    const { labels, changed } = injectLabelNoise(new Uint8Array(90_000).fill(4), 0.5, { seed: 3 });
    const counts = new Array(10).fill(0);
    for (const index of changed) counts[labels[index]] += 1;
    assert.equal(counts[4], 0);
    const expected = 5000; // standard deviation 67
    for (const [label, count] of counts.entries())
      if (label !== 4) assert.ok(Math.abs(count - expected) < 340, `${count} of class ${label}`);
    const inFirstHalf = changed.filter((index) => index < 45_000).length;
    assert.ok(Math.abs(inFirstHalf - 22_500) < 530, `${inFirstHalf} in the first half`);
  });

  it("depends on the seed alone", () => {
    const noisy = (seed: number) => [...injectLabelNoise(cyclic(200), 0.4, { seed }).labels];
    assert.deepEqual(noisy(5), noisy(5));
    assert.notDeepEqual(noisy(5), noisy(6));
  });

  it("refuses rates outside 0 to 1, labels outside the classes and lone classes", () => {
    const inject = (labels: number[], rate: number, options = {}) =>
      injectLabelNoise(Int32Array.from(labels), rate, { seed: 0, ...options });
    for (const rate of [-0.1, 1.1, Number.NaN]) assert.throws(() => inject([0], rate), /rate .* got/);
    assert.throws(() => inject([0, 10], 0.5), { name: "RangeError", message: /from 0 to 9: got 10 at 1/ });
    assert.throws(() => inject([-1], 0.5), /got -1 at 0/);
    assert.throws(() => inject([0], 0.5, { classes: 1 }), /classes/);
    assert.throws(() => inject([0], 0.5, { seed: -1 }), /seed/);
    assert.throws(() => inject([0], 0.5, { seed: 2 ** 32, draws: "numpy" }), /2\^32 - 1/);
    assert.throws(() => inject([0], 0.5, { draws: "torch" as "numpy" }), /draws/);
    assert.throws(() => injectLabelNoise([0, 1] as unknown as Uint8Array, 0.5, { seed: 0 }), TypeError);
  });
});

describe("createNumpyRandom()", () => {
  it("draws what np.random.randint draws, past the generator's first 624 words", () => {
    const numpy = createNumpyRandom(made.draws.seed);
    const drawn = Array.from({ length: 700 }, () => numpy.integer(1000003));
    assert.deepEqual(drawn.slice(-20), made.draws.randint_1000003);
  });

  it("refuses bounds and lengths that numpy has no draws for", () => {
    const numpy = createNumpyRandom(0);
    for (const bound of [0, 1.5, 2 ** 32 + 1]) assert.throws(() => numpy.integer(bound), RangeError);
    for (const n of [-1, 2 ** 31]) assert.throws(() => numpy.permutation(n), RangeError);
  });
});
