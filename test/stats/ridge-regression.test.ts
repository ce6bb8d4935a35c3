import assert from "node:assert/strict";
import { test } from "node:test";
import { predictRidge, ridgeRegression } from "../../src/stats";
import fixture from "../fixtures/stats/ridge.json";
import { assertClose } from "./close";

test("ridgeRegression() equals scikit-learn's Ridge, with more features than samples too", () => {
  for (const [i, { features, targets, penalty, weights, intercepts }] of fixture.cases.entries()) {
    const models = ridgeRegression(features, targets, { penalty });
    for (const [target, model] of models.entries()) {
      assertClose(Array.from(model.weights), weights[target], 1e-9, `case ${i}`);
      assertClose(model.intercept, intercepts[target], 1e-9, `case ${i}`);
    }
  }
});

test("ridgeRegression() says the mean where features are constant, and shrinks to it as the penalty grows", () => {
  const [constant] = ridgeRegression([[4], [4], [4]], [[0, 1, 1]]);
  assert.equal(predictRidge(constant, [9]), 2 / 3);
  const [heavy] = ridgeRegression([[0], [1]], [[0, 1]], { penalty: 1e12 });
  assertClose(predictRidge(heavy, [1]), 0.5, 1e-9);
});

test("ridgeRegression() refuses what it cannot fit", () => {
  assert.throws(() => ridgeRegression([], [[]]), /^TypeError: .*must be a sample and a feature: got none$/);
  assert.throws(() => ridgeRegression([[]], [[1]]), TypeError);
  assert.throws(() => ridgeRegression([[1], [1, 2]], [[1, 2]]), /got 2 in sample 1/);
  assert.throws(() => ridgeRegression([[1], [2]], [[1]]), /as there are samples, 2: got 1/);
  assert.throws(() => ridgeRegression([[Number.NaN]], [[1]]), /^RangeError: .*finite: got NaN in sample 0$/);
  for (const penalty of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => ridgeRegression([[1]], [[1]], { penalty }), /above 0: got/);
});
