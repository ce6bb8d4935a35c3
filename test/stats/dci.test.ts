import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { dciScores, informativeness } from "../../src/stats";
import published from "../fixtures/stats/dci_scores.json";
import python from "../fixtures/stats/scientific_python.json";
import { assertClose } from "./close";

fc.configureGlobal({ seed: 20261122 });

test("dciScores() equals the published computation, with dead codes and without any importance too", () => {
  for (const [name, expected] of Object.entries(published.cases)) {
    const ours = dciScores(expected.importance);
    assertClose(
      [ours.disentanglement, ours.completeness],
      [expected.disentanglement, expected.completeness],
      1e-12,
      name,
    );
    assertClose(Array.from(ours.disentanglementPerCode), expected.disentanglement_per_code, 1e-12, name);
    assertClose(Array.from(ours.completenessPerFactor), expected.completeness_per_factor, 1e-12, name);
    assertClose(Array.from(ours.codeWeights), expected.code_weight, 1e-12, name);
    assertClose(Array.from(ours.factorWeights), expected.factor_weight, 1e-12, name);
  }
});

test("dciScores() exchange roles when the matrix is transposed, and do not depend on the order of codes", () => {
  const matrix = fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }))
    .chain(([codes, factors]) => {
      const entry = fc.double({ min: 0, max: 1, noNaN: true });
      const row = fc.array(entry, { minLength: factors, maxLength: factors });
      return fc.array(row, { minLength: codes, maxLength: codes });
    });
  fc.assert(
    fc.property(matrix, (importance) => {
      const scores = dciScores(importance);
      const transposed = dciScores(importance[0].map((_, factor) => importance.map((row) => row[factor])));
      assertClose(transposed.completeness, scores.disentanglement);
      assertClose(transposed.disentanglement, scores.completeness);
      const turned = dciScores([...importance].reverse());
      assertClose(
        [turned.disentanglement, turned.completeness],
        [scores.disentanglement, scores.completeness],
      );
      for (const score of [scores.disentanglement, scores.completeness])
        assert.ok(score > -1e-9 && score <= 1);
    }),
  );
});

test("dciScores() gives NaN where one factor or one code leaves no entropy to judge", () => {
  const oneFactor = dciScores([[0.3], [0.7]]);
  assert.ok(Number.isNaN(oneFactor.disentanglement) && oneFactor.completeness > 0);
  const oneCode = dciScores([[0.3, 0.7]]);
  assert.ok(Number.isNaN(oneCode.completeness) && oneCode.disentanglement > 0);
});

test("dciScores() refuses empty and ragged matrices, and negative, infinite or NaN importances", () => {
  for (const empty of [[], [[], []]]) assert.throws(() => dciScores(empty), TypeError);
  assert.throws(() => dciScores([[1, 2], [1]]), {
    name: "TypeError",
    message: "Cannot score importances as rows must be as long as the first, 2: got 1 in row 1",
  });
  for (const wrong of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => dciScores([[1, wrong]]), {
      name: "RangeError",
      message: `Cannot score importances as each must be finite and at least 0: got ${wrong} at [0][1]`,
    });
  }
});

test("informativeness() is scikit-learn's mean squared error of each factor, and their mean", () => {
  const { factors, predictions, per_factor, mean } = python.informativeness;
  const ours = informativeness(factors, predictions);
  assertClose(Array.from(ours.perFactor), per_factor);
  assertClose(ours.meanSquaredError, mean);
});

test("informativeness() gives NaN without samples or factors, and refuses other shapes", () => {
  assert.ok(Number.isNaN(informativeness([], []).meanSquaredError));
  assert.ok(Number.isNaN(informativeness([[]], [[]]).meanSquaredError));
  assert.throws(() => informativeness([[1]], []), TypeError);
  assert.throws(
    () => informativeness([[1], [1, 2]], [[1], [1]]),
    /of factor 1 as both arrays .* got 2 and 1/,
  );
});
