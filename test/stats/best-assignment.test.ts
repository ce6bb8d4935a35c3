import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { bestAssignment } from "../../src/stats";

fc.configureGlobal({ seed: 20261124 });

/** Every way to give each row a column of its own. */
function assignments(rows: number, columns: number[]): number[][] {
  if (rows === 0) return [[]];
  return columns.flatMap((column) =>
    assignments(
      rows - 1,
      columns.filter((other) => other !== column),
    ).map((rest) => [column, ...rest]),
  );
}

test("bestAssignment() has the greatest sum that trying all finds", () => {
  const size = fc.integer({ min: 1, max: 5 });
  const matrix = fc.tuple(size, size).chain(([a, b]) => {
    const [rows, columns] = [Math.min(a, b), Math.max(a, b)];
    const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: columns,
      maxLength: columns,
    });
    return fc.array(row, { minLength: rows, maxLength: rows });
  });
  fc.assert(
    fc.property(matrix, (scores) => {
      const sum = (chosen: number[]) => chosen.reduce((total, column, row) => total + scores[row][column], 0);
      const found = bestAssignment(scores);
      assert.equal(new Set(found).size, scores.length);
      const all = assignments(scores.length, Array.from(scores[0].keys()));
      assert.ok(Math.abs(sum(found) - Math.max(...all.map(sum))) < 1e-9);
    }),
  );
});

test("bestAssignment() refuses more rows than columns, ragged rows and scores that are not finite", () => {
  assert.deepEqual(bestAssignment([]), []);
  assert.throws(() => bestAssignment([[1], [2]]), TypeError);
  assert.throws(() => bestAssignment([[1, 2], [1]]), /got 1 in row 1/);
  assert.throws(() => bestAssignment([[Number.NaN]]), /got NaN at \[0\]\[0\]/);
});
