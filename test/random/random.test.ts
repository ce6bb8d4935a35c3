import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createRandom, type Random, type RandomState } from "../../src/random";
import splitSeeds from "../fixtures/random/split_seeds.json";
import published from "../fixtures/random/xoshiro128plusplus.json";

fc.configureGlobal({ seed: 20261122, numRuns: 100 });
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const fromWords = (...words: number[]) =>
  createRandom({ generator: "xoshiro128++", seed: "0000000000000000", words });
const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
/** All 32 bits of the next output: 2^32 - 1 values, so only the output 0 would be drawn again. */
const word = (rng: Random) => rng.integer(0, 2 ** 32 - 1);

test("createRandom() follows the published xoshiro128++ from the words 1, 2, 3, 4", () => {
  const rng = fromWords(1, 2, 3, 4);
  assert.deepEqual(
    draw(10, () => word(rng)),
    published.from_words_1_2_3_4,
  );
  for (let i = 10; i < 100000; i++) word(rng);
  assert.deepEqual(rng.state().words, published.words_after_100000);
});

test("createRandom() seeds its words with the published SplitMix64", () => {
  for (const { seed, words, next } of published.seeded) {
    const rng = createRandom(seed);
    assert.deepEqual(rng.state().words, words);
    assert.deepEqual(
      draw(10, () => word(rng)),
      next,
    );
  }
});

test("uniform() has the 53 bits of genrand_res53", () => {
  for (const { seed, uniform } of published.seeded) {
    const rng = createRandom(seed);
    assert.deepEqual(
      draw(5, () => rng.uniform()),
      uniform,
    );
  }
});

/** Kolmogorov-Smirnov distance of a sample to the distribution function `cdf`. */
function distance(sample: Float64Array, cdf: (x: number) => number): number {
  sample.sort();
  return sample.reduce((worst, x, i) => {
    const p = cdf(x);
    return Math.max(worst, p - i / sample.length, (i + 1) / sample.length - p);
  }, 0);
}

test("uniform() and normal() pass a Kolmogorov-Smirnov test at the 0.1 % level", () => {
  const size = 20000;
  const critical = 1.95 / Math.sqrt(size);
  const rng = createRandom(7);
  assert.ok(
    distance(
      Float64Array.from({ length: size }, () => rng.uniform()),
      (x) => x,
    ) < critical,
  );
  // Distribution function by Simpson's rule on the density, independent of the quantile function.
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const step = 1 / 256;
  const table = new Float64Array(2 * 8 * 256 + 1);
  for (let i = 1; i < table.length; i++) {
    const x = -8 + i * step;
    table[i] = table[i - 1] + (step / 6) * (density(x - step) + 4 * density(x - step / 2) + density(x));
  }
  const cdf = (x: number) => {
    const position = (x + 8) / step;
    const cell = Math.floor(position);
    return table[cell] + (position - cell) * (table[cell + 1] - table[cell]);
  };
  assert.ok(
    distance(
      Float64Array.from({ length: size }, () => rng.normal()),
      cdf,
    ) < critical,
  );
});

test("integer() gives each value of [low, high) its share, also where a plain remainder would not", () => {
  const rng = createRandom(11);
  const counts = new Float64Array(7);
  for (let i = 0; i < 70000; i++) counts[rng.integer(-3, 4) + 3]++;
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10000) ** 2 / 10000, 0);
  assert.ok(chiSquared < 22.46, `chi-squared with 6 degrees of freedom, 0.1 % level: got ${chiSquared}`);
  // Of 3 * 2^30 values a remainder of 32 bits would put half of all draws into the first third.
  let firstThird = 0;
  for (let i = 0; i < 30000; i++) if (rng.integer(0, 3 * 2 ** 30) < 2 ** 30) firstThird++;
  assert.ok(Math.abs(firstThird - 10000) < 300, `got ${firstThird}`);
  let large = 0;
  for (let i = 0; i < 30000; i++) if (rng.integer(0, 3 * 2 ** 51) < 2 ** 51) large++;
  assert.ok(Math.abs(large - 10000) < 300, `got ${large}`);
});

test("integer() stays in [low, high) for every pair of bounds", () => {
  fc.assert(
    fc.property(seeds, fc.maxSafeInteger(), fc.maxSafeInteger(), (seed, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(high > low && Number.isSafeInteger(high - low));
      const value = createRandom(seed).integer(low, high);
      assert.ok(Number.isSafeInteger(value) && value >= low && value < high);
    }),
  );
});

test("permutation() is a permutation, and every order is as likely as any other", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 200 }), (seed, n) => {
      const sorted = createRandom(seed).permutation(n).sort();
      assert.deepEqual(
        sorted,
        Int32Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
  const rng = createRandom(5);
  const orders = new Map<string, number>();
  for (let i = 0; i < 24000; i++) {
    const order = rng.permutation(4).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  const chiSquared = [...orders.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquared < 49.73, `chi-squared with 23 degrees of freedom, 0.1 % level: got ${chiSquared}`);
});

test("state() resumes the stream bit for bit, through JSON and after any mix of draws", () => {
  const draws = fc.array(fc.constantFrom("uniform", "normal", "integer", "permutation"), { maxLength: 20 });
  const take = (rng: Random, kind: string): unknown =>
    kind === "uniform"
      ? rng.uniform()
      : kind === "normal"
        ? rng.normal()
        : kind === "integer"
          ? rng.integer(0, 1000)
          : rng.permutation(9).join();
  fc.assert(
    fc.property(seeds, draws, draws, (seed, before, after) => {
      const rng = createRandom(seed).split("child");
      for (const kind of before) take(rng, kind);
      const resumed = createRandom(JSON.parse(JSON.stringify(rng.state())) as RandomState);
      assert.deepEqual(
        after.map((kind) => take(resumed, kind)),
        after.map((kind) => take(rng, kind)),
      );
      assert.deepEqual(resumed.split("next").state(), rng.split("next").state());
    }),
  );
});

test("state() is a copy that later draws do not change", () => {
  const rng = createRandom(1);
  const state = rng.state();
  const text = JSON.stringify(state);
  rng.uniform();
  assert.equal(JSON.stringify(state), text);
});

test("split() gives the same stream for the same label, and does not disturb the parent", () => {
  const [parent, untouched] = [createRandom(3), createRandom(3)];
  const first = parent.split("data").uniform();
  assert.equal(parent.uniform(), untouched.uniform());
  parent.permutation(10);
  assert.equal(parent.split("data").uniform(), first);
});

test("split() keeps seeds and labels apart", () => {
  for (const { seed, label, split } of splitSeeds.cases) {
    assert.equal(createRandom(seed).split(label).state().seed, split);
  }
  const streams = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    for (let label = 0; label < 100; label++) {
      streams.add(createRandom(seed).split(label).state().seed);
      streams.add(createRandom(seed).split(String(label)).state().seed);
    }
  }
  assert.equal(streams.size, 20000);
});

test("split() makes streams that are uncorrelated with each other and with the parent", () => {
  const parent = createRandom(9);
  const streams = [parent, parent.split(0), parent.split(1), parent.split("0"), parent.split(0).split(0)];
  const size = 20000;
  const samples = streams.map((rng) => Float64Array.from({ length: size }, () => rng.normal()));
  for (let i = 0; i < samples.length; i++) {
    for (let j = 0; j < i; j++) {
      const product = samples[i].reduce((sum, x, k) => sum + x * samples[j][k], 0) / size;
      assert.ok(Math.abs(product) < 4 / Math.sqrt(size), `streams ${j} and ${i}: ${product}`);
    }
  }
});

test("createRandom() rejects seeds that are not integers from 0 to 2^53 - 1", () => {
  for (const seed of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => createRandom(seed), {
      name: "RangeError",
      message: `Cannot seed a Random as a seed must be an integer from 0 to 2^53 - 1: got ${seed}`,
    });
  }
  for (const seed of ["1", null, undefined, true]) {
    assert.throws(() => createRandom(seed as unknown as number), TypeError);
  }
});

test("createRandom() rejects damaged states", () => {
  const good = createRandom(1).state();
  const damaged = [
    { ...good, generator: "mt19937" },
    { ...good, seed: "1" },
    { ...good, seed: undefined },
    { ...good, words: [1, 2, 3] },
    { ...good, words: [1, 2, 3, 2 ** 32] },
    { ...good, words: [1, 2, 3, -1] },
    { ...good, words: [0, 0, 0, 0] },
    { ...good, words: undefined },
    {},
  ];
  for (const state of damaged) {
    assert.throws(() => createRandom(state as unknown as RandomState), {
      name: "RangeError",
      message: /^Cannot restore a Random as its (generator|seed|words) must be .+: got /,
    });
  }
});

test("integer(), permutation() and split() reject what they cannot honour, without a draw", () => {
  const rng = createRandom(1);
  const before = rng.state();
  const wrongBounds = [
    [0, 0],
    [1, 0],
    [0.5, 2],
    [0, Number.NaN],
    [0, 2 ** 53],
    [-(2 ** 53) + 1, 2 ** 53 - 1],
  ];
  for (const [low, high] of wrongBounds) assert.throws(() => rng.integer(low, high), RangeError);
  for (const n of [-1, 1.5, Number.NaN, 2 ** 31]) assert.throws(() => rng.permutation(n), RangeError);
  for (const label of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => rng.split(label), RangeError);
  for (const label of [null, undefined, {}])
    assert.throws(() => rng.split(label as unknown as string), TypeError);
  assert.deepEqual(rng.state(), before);
});
