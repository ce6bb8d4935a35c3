import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logisticRegression, predictLogistic, rankAuc, stratifiedAuc } from "../../src/stats";

describe("logisticRegression()", () => {
  it("gives the observed shares where one yes-no feature decides (the log odds ratio)", () => {
    const rows = [...new Array(10).fill([0]), ...new Array(20).fill([1])];
    const labels = rows.map(([x], i) => Number(x === 0 ? i < 3 : i < 10 + 16));
    const model = logisticRegression(rows, labels, { ridge: 0 });
    assert.ok(Math.abs(predictLogistic(model, [0]) - 0.3) < 1e-9);
    assert.ok(Math.abs(predictLogistic(model, [1]) - 0.8) < 1e-9);
  });

  it("has no slope left at its optimum, with a ridge", () => {
    const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 30]);
    const labels = rows.map(([a, b, c], i) => Number(a + b + c + Math.sin(7 * i) > 1));
    const model = logisticRegression(rows, labels, { ridge: 2 });
    for (let feature = 0; feature < 3; feature++) {
      const slope = rows.reduce((sum, row, i) => {
        const z = (row[feature] - model.means[feature]) / model.deviations[feature];
        return sum + (labels[i] - predictLogistic(model, row)) * z;
      }, -2 * model.weights[feature]);
      assert.ok(Math.abs(slope) < 1e-8);
    }
  });

  it("stays finite on separable data and on features that do not vary, and refuses one class", () => {
    const model = logisticRegression(
      [
        [0, 5],
        [1, 5],
      ],
      [0, 1],
    );
    assert.ok(model.weights.every(Number.isFinite));
    assert.throws(() => logisticRegression([[0], [1]], [1, 1]), /both classes must be there: got 2 of 2 yes/);
    assert.throws(() => logisticRegression([[0]], []), /needs a label: got 0/);
  });
});

describe("stratifiedAuc()", () => {
  it("is the AUC where there is one stratum, and compares within strata only", () => {
    const [scores, labels] = [
      [0.1, 0.4, 0.35, 0.8],
      [0, 0, 1, 1],
    ];
    assert.equal(stratifiedAuc(scores, labels, [0, 0, 0, 0]), rankAuc(scores, labels));
    assert.equal(stratifiedAuc([1, 2, 11, 12], [0, 1, 0, 1], ["a", "a", "b", "b"]), 1);
    assert.equal(stratifiedAuc([2, 1, 12, 11], [0, 1, 0, 1], ["a", "a", "b", "b"]), 0);
    assert.ok(Number.isNaN(stratifiedAuc([1, 2], [0, 1], [0, 1])));
  });
});
