import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { wilcoxonRankSum } from "simple-statistics";
import { createRandom } from "../../src/random";
import { rankAuc } from "../../src/stats";
import published from "../fixtures/stats/auc_ties.json";
import { assertClose } from "./close";

fc.configureGlobal({ seed: 20261122 });

/** Scores with ties, and labels of both classes. */
const labelled = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), fc.boolean()), {
    minLength: 2,
  })
  .filter((pairs) => pairs.some(([, label]) => label) && pairs.some(([, label]) => !label))
  .map((pairs) => ({ scores: pairs.map(([score]) => score), labels: pairs.map(([, label]) => label) }));

test("rankAuc() equals scikit-learn's roc_auc_score, ties averaged", () => {
  for (const { score, label, auc } of published.cases) assertClose(rankAuc(score, label), auc, published.tol);
});

test("rankAuc() counts each pair of a positive and a negative as won, tied or lost", () => {
  fc.assert(
    fc.property(labelled, ({ scores, labels }) => {
      let [won, pairs] = [0, 0];
      scores.forEach((positive, i) => {
        scores.forEach((negative, j) => {
          if (!labels[i] || labels[j]) return;
          pairs++;
          won += positive > negative ? 1 : positive === negative ? 0.5 : 0;
        });
      });
      assert.equal(rankAuc(scores, labels), won / pairs);
    }),
  );
});

test("rankAuc() of scores and of their opposites add up to 1", () => {
  fc.assert(
    fc.property(labelled, ({ scores, labels }) => {
      const opposites = scores.map((score) => -score);
      assertClose(rankAuc(scores, labels) + rankAuc(opposites, labels), 1, 1e-15);
    }),
  );
});

test("rankAuc() does not change under a strictly increasing map of the scores", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.boolean())), (pairs) => {
      const labels = pairs.map(([, label]) => Number(label));
      const scores = pairs.map(([score]) => score);
      assert.deepEqual(
        rankAuc(
          scores.map((score) => Math.exp(score) - 7),
          labels,
        ),
        rankAuc(scores, labels),
      );
    }),
  );
});

test("rankAuc() agrees with simple-statistics' rank sum on 20,000 scores", () => {
  const rng = createRandom(1);
  const scores = Float64Array.from({ length: 20000 }, () => Math.round(rng.normal() * 100));
  const labels = Uint8Array.from(scores, (score) => Number(rng.normal() * 200 < score));
  const positives = Array.from(scores).filter((_, i) => labels[i] === 1);
  const negatives = Array.from(scores).filter((_, i) => labels[i] === 0);
  const rankSum = wilcoxonRankSum(positives, negatives);
  const wins = rankSum - (positives.length * (positives.length + 1)) / 2;
  assert.equal(rankAuc(scores, labels), wins / (positives.length * negatives.length));
});

test("rankAuc() gives NaN when a class is missing", () => {
  const { score, label } = published.one_class;
  assert.ok(Number.isNaN(rankAuc(score, label)));
  assert.ok(Number.isNaN(rankAuc([1, 2], [0, false])));
  assert.ok(Number.isNaN(rankAuc([], [])));
});

test("rankAuc() takes infinities and treats 0 and -0 as tied", () => {
  assert.equal(rankAuc([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], [0, 1]), 1);
  assert.equal(rankAuc([0, -0], [0, 1]), 0.5);
});

test("rankAuc() does not change its input, and refuses NaN, other labels and other lengths", () => {
  const scores = Float64Array.of(3, 1, 2);
  const labels = [1, 0, 1];
  rankAuc(scores, labels);
  assert.deepEqual([...scores, ...labels], [3, 1, 2, 1, 0, 1]);
  assert.throws(() => rankAuc([1, Number.NaN], [0, 1]), {
    name: "RangeError",
    message: "Cannot rank scores as each must be a number: got NaN at index 1",
  });
  assert.throws(() => rankAuc([1, 2], [0, 2]), {
    name: "RangeError",
    message: "Cannot rank scores as labels must be 0 or 1: got 2 at index 1",
  });
  assert.throws(() => rankAuc([1, 2], [0, Number.NaN]), RangeError);
  assert.throws(() => rankAuc([1, 2], [0]), {
    name: "TypeError",
    message: "Cannot rank scores by label as both arrays must have the same length: got 2 and 1",
  });
});
