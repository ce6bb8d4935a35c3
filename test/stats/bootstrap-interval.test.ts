import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createRandom, type Random } from "../../src/random";
import { bootstrapAuc, bootstrapInterval, mean, rankAuc } from "../../src/stats";
import python from "../fixtures/stats/scientific_python.json";
import { assertClose } from "./close";

fc.configureGlobal({ seed: 20261122 });

const { scores, labels, draws, mean: expectedMean, auc: expectedAuc } = python.bootstrap;

/** A stream that replays the draws of the fixture. */
function replay(): Random {
  let next = 0;
  return { ...createRandom(0), integer: () => draws[next++] } as Random;
}
const pick = <T>(values: ArrayLike<T>, indices: Int32Array): T[] => Array.from(indices, (i) => values[i]);

test("bootstrapInterval() equals numpy's percentiles of the same resamples", () => {
  const ours = bootstrapInterval(scores.length, (indices) => mean(pick(scores, indices)), {
    rng: replay(),
    replicates: 40,
    level: 0.9,
  });
  assertClose(ours.estimate, expectedMean.estimate);
  assertClose(Array.from(ours.replicates), expectedMean.replicates);
  assertClose([ours.low, ours.high], expectedMean.interval_90);
  assert.equal(ours.dropped, 0);
});

test("bootstrapAuc() equals scikit-learn on the same resamples, and drops and counts those without a class", () => {
  const ours = bootstrapAuc(scores, labels, { rng: replay(), replicates: 40, level: 0.9 });
  assertClose(ours.estimate, expectedAuc.estimate);
  assertClose(Array.from(ours.replicates), expectedAuc.replicates);
  assertClose([ours.low, ours.high], expectedAuc.interval_90);
  assert.equal(ours.dropped, expectedAuc.dropped);
  assert.ok(ours.dropped > 0);
});

test("bootstrapAuc() equals the generic path with rankAuc(), replicate for replicate and bit for bit", () => {
  const pairs = fc.array(
    fc.tuple(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ noNaN: true })), fc.boolean()),
  );
  fc.assert(
    fc.property(pairs, fc.nat(), fc.boolean(), (sample, seed, stratified) => {
      const sampleScores = sample.map(([score]) => score);
      const sampleLabels = sample.map(([, label]) => label);
      const options = () => ({
        rng: createRandom(seed),
        replicates: 20,
        groups: stratified ? sampleLabels : undefined,
      });
      const statistic = (indices: Int32Array) =>
        rankAuc(pick(sampleScores, indices), pick(sampleLabels, indices));
      assert.deepEqual(
        bootstrapAuc(sampleScores, sampleLabels, options()),
        bootstrapInterval(sample.length, statistic, options()),
      );
    }),
  );
});

test("bootstrapInterval() keeps the size of each group when groups are given", () => {
  const groups = ["a", "b", "a", "c", "b", "a"];
  const seen = new Set<number>();
  bootstrapInterval(
    groups.length,
    (indices) => {
      for (const i of indices) seen.add(i);
      assert.deepEqual(pick(groups, indices), groups);
      return 0;
    },
    { rng: createRandom(4), groups },
  );
  assert.equal(seen.size, groups.length);
});

test("bootstrapInterval() of a mean has the standard error of the theory", () => {
  const rng = createRandom(6);
  const sample = Float64Array.from({ length: 400 }, () => rng.normal());
  const statistic = (indices: Int32Array) => mean(pick(sample, indices));
  const { low, high, replicates } = bootstrapInterval(400, statistic, { rng, replicates: 4000 });
  const average = mean(sample);
  const variance = mean(sample.map((x) => (x - average) ** 2));
  // 95 % of a normal distribution lie within 1.96 standard errors; Monte Carlo error of the ends is about 3 %.
  const half = 1.96 * Math.sqrt(variance / 400);
  assertClose([low, high], [average - half, average + half], 0.1 * half);
  assert.equal(replicates.length, 4000);
});

test("bootstrapInterval() is the same for the same seed, and moves on the stream it was given", () => {
  const run = (rng: Random) => bootstrapInterval(9, (indices) => indices[0], { rng, replicates: 50 });
  const rng = createRandom(8);
  const first = run(rng);
  assert.deepEqual(run(createRandom(8)), first);
  assert.notDeepEqual(run(rng).replicates, first.replicates);
});

test("bootstrapInterval() gives a NaN interval when every replicate is NaN, as for no samples", () => {
  const { estimate, low, high, dropped } = bootstrapAuc([], [], { rng: createRandom(1), replicates: 7 });
  assert.deepEqual([estimate, low, high, dropped], [Number.NaN, Number.NaN, Number.NaN, 7]);
});

test("bootstrapInterval() and bootstrapAuc() refuse what they cannot honour, before a draw", () => {
  const rng = createRandom(1);
  const before = rng.state();
  const zero = () => 0;
  for (const size of [-1, 1.5, Number.NaN])
    assert.throws(() => bootstrapInterval(size, zero, { rng }), /size must be/);
  for (const replicates of [0, 1.5, Number.NaN]) {
    assert.throws(() => bootstrapInterval(3, zero, { rng, replicates }), /replicates must be .+: got/);
  }
  for (const level of [0, 1, 95, Number.NaN]) {
    assert.throws(() => bootstrapInterval(3, zero, { rng, level }), /level must lie between 0 and 1: got/);
  }
  assert.throws(() => bootstrapInterval(3, zero, { rng, groups: [1, 2] }), {
    name: "TypeError",
    message: "Cannot resample within groups as both arrays must have the same length: got 3 and 2",
  });
  assert.throws(() => bootstrapAuc([1, 2], [0, 3], { rng }), /labels must be 0 or 1: got 3 at index 1/);
  assert.deepEqual(rng.state(), before);
});
