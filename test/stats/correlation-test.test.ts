import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/random";
import { aucInterval, correlationTest, describe, rankAuc } from "../../src/stats";
import { studentTwoSided } from "../../src/stats/student-t";
import scipy from "../fixtures/stats/correlation_tests.json";
import { assertClose } from "./close";

test("correlationTest() has scipy's p-values and interval, Pearson's and Spearman's", () => {
  for (const { x, y, pearson, spearman } of scipy.cases) {
    const linear = correlationTest(x, y, { level: 0.9 });
    const ranks = correlationTest(x, y, { method: "spearman" });
    assertClose([linear.estimate, linear.low, linear.high], [pearson[0], pearson[2], pearson[3]], 1e-12);
    assertClose(ranks.estimate, spearman[0], 1e-12);
    for (const [ours, theirs] of [
      [linear.pValue, pearson[1]],
      [ranks.pValue, spearman[1]],
    ])
      assert.ok(
        Math.abs(ours - theirs) <= 1e-9 * theirs + 1e-300,
        `${x.length} pairs: ${ours} for ${theirs}`,
      );
    assert.equal(linear.pairs, x.length);
  }
});

test("studentTwoSided() has scipy's tails, relative to their size, from 1 degree of freedom to a million", () => {
  for (const [t, nu, tail] of scipy.tails) {
    const ours = studentTwoSided(t, nu);
    assert.ok(Math.abs(ours - tail) <= 1e-9 * tail + 1e-300, `t = ${t}, nu = ${nu}: ${ours} for ${tail}`);
    assert.equal(studentTwoSided(-t, nu), ours);
  }
});

test("correlationTest() at its edges: a line, few pairs, constants", () => {
  const line = correlationTest([1, 2, 3, 4], [2, 4, 6, 8]);
  assertClose([line.estimate, line.low, line.high], [1, 1, 1], 1e-12);
  assert.ok(line.pValue < 1e-7);
  const two = correlationTest([1, 2], [3, 4]);
  assert.deepEqual([two.pValue, two.low], [NaN, NaN]);
  assert.ok(Number.isNaN(correlationTest([1, 1, 1, 1], [1, 2, 3, 4]).pValue));
});

test("aucInterval() solves Newcombe's equation, and covers the truth as often as it says", () => {
  const scores = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
  const labels = [0, 0, 1, 0, 1, 1, 0, 1, 0, 0];
  const { estimate, low, high, positives, negatives } = aucInterval(scores, labels);
  assert.equal(estimate, rankAuc(scores, labels));
  assert.deepEqual([positives, negatives], [4, 6]);
  for (const theta of [low, high]) {
    const spread = 1 + 4 * ((1 - theta) / (2 - theta) + theta / (1 + theta)); // (4 + 6) / 2 - 1 = 4
    const deviation = Math.sqrt((theta * (1 - theta) * spread) / 24);
    assertClose(Math.abs(estimate - theta), 1.959963984540054 * deviation, 1e-9);
  }
  const separated = aucInterval([1, 2, 3, 4], [0, 0, 1, 1]);
  assert.ok(separated.high === 1 && separated.low < 0.8);
  assert.ok(Number.isNaN(aucInterval([1, 2], [1, 1]).low));

  const rng = createRandom(5);
  const truth = 0.7602499; // P(Z < 1 / sqrt 2): two normal classes, one deviation apart
  const rounds = 1000;
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    const sample = Array.from({ length: 40 }, (_, i) => rng.normal(i < 15 ? 1 : 0, 1));
    const interval = aucInterval(
      sample,
      Array.from(sample, (_, i) => i < 15),
    );
    if (interval.low <= truth && truth <= interval.high) covered++;
  }
  assert.ok(Math.abs(covered / rounds - 0.95) < 0.02, `${covered} of ${rounds}`); // deviation 0.007, and conservative
});

test("describe() is pandas' description, with NaN as missing, of arrays of io too", () => {
  const data = Float64Array.of(5, Number.NaN, 1, 4, 2);
  assertClose(
    Object.values(describe({ data, shape: [5, 1] })),
    [4, 1, 3, Math.sqrt(10 / 3), 1, 1.75, 3, 4.25, 5],
    1e-12,
  );
  assert.deepEqual(Object.values(describe([])), [0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN]);
});
