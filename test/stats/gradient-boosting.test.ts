import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/random";
import { boostedDci, gradientBoosting, predictGradientBoosting } from "../../src/stats";
import published from "../fixtures/stats/gbr_dci.json";

const columns = (rows: number[][]) => rows[0].map((_, i) => rows.map((row) => row[i]));
const train = { codes: columns(published.train_codes), factors: columns(published.train_factors) };
const held = { codes: columns(published.test_codes), factors: columns(published.test_factors) };

function assertWithin(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}

test("boostedDci() is scikit-learn's DCI within the spread over its random states", () => {
  const { importance, ...scores } = boostedDci(train, held);
  const { tol_importance, tol_score } = published;
  for (const [code, row] of published.importance.entries())
    for (const [factor, value] of row.entries())
      assertWithin(importance[code][factor], value, tol_importance, `importance [${code}][${factor}]`);
  assertWithin(scores.disentanglement, published.disentanglement, tol_score, "disentanglement");
  assertWithin(scores.completeness, published.completeness, tol_score, "completeness");
  assertWithin(scores.informativenessTrain, published.informativeness_train, 1e-3, "training error");
  assertWithin(scores.informativenessTest, published.informativeness_test, 5e-3, "held-out error");
});

test("gradientBoosting() predicts what scikit-learn's booster predicts", () => {
  const model = gradientBoosting(train.codes, train.factors[0]);
  const predicted = predictGradientBoosting(model, held.codes);
  for (const [i, value] of published.pred_factor0_first10_test.entries())
    assertWithin(predicted[i], value, published.tol_pred, `sample ${i}`);
});

test("gradientBoosting() splits where an exhaustive search does", () => {
  const rng = createRandom(3);
  const features = [0, 1].map(() => Array.from({ length: 40 }, () => Math.round(8 * rng.uniform()) / 8)); // many ties
  const target = Array.from({ length: 40 }, () => rng.normal());
  const error = (rows: number[]) => {
    const level = rows.reduce((sum, i) => sum + target[i], 0) / Math.max(rows.length, 1);
    return rows.reduce((sum, i) => sum + (target[i] - level) ** 2, 0);
  };
  const all = target.map((_, i) => i);
  const errors = features.flatMap((column) =>
    column.map((at) => error(all.filter((i) => column[i] <= at)) + error(all.filter((i) => column[i] > at))),
  );
  const model = gradientBoosting(features, target, { trees: 1, depth: 1, learningRate: 1 });
  const predicted = predictGradientBoosting(model, features);
  const left = target.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  assertWithin(left, Math.min(...errors), 1e-9, "squared error after one split");
});

test("gradientBoosting() of a constant feature or target leaves the mean and no importance", () => {
  for (const [feature, target] of [
    [
      [1, 1, 1],
      [1, 2, 6],
    ],
    [
      [1, 2, 3],
      [3, 3, 3],
    ],
  ]) {
    const model = gradientBoosting([feature], target);
    assert.deepEqual(Array.from(model.importance), [0]);
    assert.deepEqual(Array.from(predictGradientBoosting(model, [[7]])), [3]);
  }
});

test("gradientBoosting() refuses lengths, values and options that do not fit", () => {
  assert.throws(() => gradientBoosting([], [1]), TypeError);
  assert.throws(() => gradientBoosting([[1, 2]], [1]), /feature 0 must have the target's 1 samples: got 2/);
  assert.throws(
    () => gradientBoosting([[1, Number.NaN]], [1, 2]),
    /feature 0 must be finite: got NaN in sample 1/,
  );
  assert.throws(() => gradientBoosting([[1]], [1], { trees: 0 }), RangeError);
  assert.throws(() => gradientBoosting([[1]], [1], { depth: 17 }), RangeError);
  assert.throws(() => predictGradientBoosting(gradientBoosting([[1, 2]], [1, 2]), []), /1 features .* got 0/);
});
