import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../src/random";
import { pearson, principalComponents } from "../../src/stats";

describe("principalComponents()", () => {
  it("uncorrelates columns, keeps all variance, and sorts by it", () => {
    const rng = createRandom(3);
    const [count, width] = [500, 5];
    const rows = Float64Array.from({ length: count * width }, () => rng.normal());
    for (let row = 0; row < count; row++) {
      rows[row * width + 1] += 2 * rows[row * width];
      rows[row * width + 4] -= 3 * rows[row * width + 2];
    }
    const { coordinates, variances } = principalComponents(rows, width);
    const column = (values: Float64Array, i: number) =>
      Float64Array.from({ length: count }, (_, row) => values[row * width + i]);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < i; j++)
        assert.ok(Math.abs(pearson(column(coordinates, i), column(coordinates, j))) < 1e-9);
    const variance = (values: Float64Array) => {
      const mean = values.reduce((a, b) => a + b) / count;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    };
    const before = [0, 1, 2, 3, 4].reduce((sum, i) => sum + variance(column(rows, i)), 0);
    assert.ok(Math.abs(variances.reduce((a, b) => a + b) - before) < 1e-9);
    for (const [i, value] of variances.entries()) {
      assert.ok(Math.abs(variance(column(coordinates, i)) - value) < 1e-9);
      assert.ok(i === 0 || variances[i - 1] >= value);
    }
  });

  it("finds the known axes of an ellipse", () => {
    // x = 2 cos t along (3, 4) / 5, and sin t across
    const rows = Array.from({ length: 360 }, (_, t) => {
      const [along, across] = [2 * Math.cos((t * Math.PI) / 180), Math.sin((t * Math.PI) / 180)];
      return [(3 * along - 4 * across) / 5, (4 * along + 3 * across) / 5];
    }).flat();
    const { variances } = principalComponents(rows, 2);
    assert.ok(Math.abs(variances[0] - (2 * 360) / 359) < 1e-9 && Math.abs(variances[1] - 180 / 359) < 1e-9);
  });

  it("refuses what has no components", () => {
    assert.throws(() => principalComponents([1, 2, 3], 2), /rows of 2: got 3 values/);
    assert.throws(() => principalComponents([1, Number.NaN], 1), /finite: got NaN at 1/);
  });
});
