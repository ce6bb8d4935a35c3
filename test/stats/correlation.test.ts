// averageRanks(), pearson(), spearman() and rSquared(): statistics of pairs.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { averageRanks, pearson, rSquared, spearman } from "../../src/stats";
import published from "../fixtures/stats/r2_spearman.json";
import python from "../fixtures/stats/scientific_python.json";
import { assertClose } from "./close";

fc.configureGlobal({ seed: 20261122 });

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), { minLength: 2 })
  .map((entries) => ({ x: entries.map(([x]) => x), y: entries.map(([, y]) => y) }))
  .filter(({ x, y }) => new Set(x).size > 1 && new Set(y).size > 1);

test("averageRanks() equals scipy's rankdata", () => {
  assert.deepEqual(Array.from(averageRanks(python.ranks.values)), python.ranks.ranks);
});

test("averageRanks() is one plus the number below plus half the number of other equals", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), (sample) => {
      const expected = sample.map((x) => {
        const [below, equal] = [sample.filter((y) => y < x).length, sample.filter((y) => y === x).length];
        return 1 + below + (equal - 1) / 2;
      });
      assert.deepEqual(Array.from(averageRanks(sample)), expected);
    }),
  );
});

test("averageRanks() gives NaN for all values if one is NaN, and nothing for nothing", () => {
  assert.deepEqual(Array.from(averageRanks([1, Number.NaN])), [Number.NaN, Number.NaN]);
  assert.equal(averageRanks([]).length, 0);
});

test("pearson(), spearman() and rSquared() equal numpy, scipy and scikit-learn", () => {
  for (const { y, pred, r2, spearman: rho, pearson: r } of published.cases) {
    assertClose([rSquared(y, pred), spearman(y, pred), pearson(y, pred)], [r2, rho, r]);
  }
  const { x, y, r2, spearman: rho, pearson: r } = python.correlation;
  assertClose([rSquared(x, y), spearman(x, y), pearson(x, y)], [r2, rho, r]);
});

test("spearman() does not change under strictly increasing maps", () => {
  fc.assert(
    fc.property(pairs, ({ x, y }) => {
      const cubes = x.map((value) => value ** 3);
      const exponentials = y.map((value) => Math.exp(value / 10));
      assert.equal(spearman(cubes, exponentials), spearman(x, y));
    }),
  );
});

test("pearson() is symmetric, lies in [-1, 1] and follows increasing linear maps", () => {
  fc.assert(
    fc.property(pairs, ({ x, y }) => {
      const r = pearson(x, y);
      assert.ok(Math.abs(r) <= 1);
      assertClose(pearson(y, x), r);
      assertClose(pearson(x, x), 1);
      const mapped = y.map((value) => 0.3 * value + 1000);
      assertClose(pearson(x, mapped), r, 1e-9);
    }),
  );
});

test("rSquared() is 1 for the truth, 0 for its mean, and pearson() squared for the least-squares line", () => {
  fc.assert(
    fc.property(pairs, ({ x, y }) => {
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const [meanX, meanY] = [mean(x), mean(y)];
      assert.equal(rSquared(y, y), 1);
      assertClose(
        rSquared(
          y,
          y.map(() => meanY),
        ),
        0,
      );
      const covariance = mean(x.map((value, i) => (value - meanX) * (y[i] - meanY)));
      const slope = covariance / mean(x.map((value) => (value - meanX) ** 2));
      const line = x.map((value) => meanY + slope * (value - meanX));
      assertClose(rSquared(y, line), pearson(x, y) ** 2, 1e-9);
    }),
  );
});

test("pearson(), spearman() and rSquared() give NaN where there is nothing to explain, also by a rounded mean", () => {
  const constant = [0.1, 0.1, 0.1];
  for (const statistic of [pearson, spearman, rSquared]) {
    assert.ok(Number.isNaN(statistic(constant, [1, 2, 3])), statistic.name);
    assert.ok(Number.isNaN(statistic([1], [1])), statistic.name);
    assert.ok(Number.isNaN(statistic([], [])), statistic.name);
    assert.ok(Number.isNaN(statistic([1, 2, Number.NaN], [1, 2, 3])), statistic.name);
    assert.ok(Number.isNaN(statistic([1, 2, 3], [1, 2, Number.NaN])), statistic.name);
  }
  assert.ok(Number.isNaN(pearson([1, 2, 3], constant)));
});

test("pearson(), spearman() and rSquared() refuse arrays of different lengths", () => {
  for (const statistic of [pearson, spearman, rSquared]) {
    assert.throws(() => statistic([1, 2], [1]), {
      name: "TypeError",
      message: /^Cannot .+ as both arrays must have the same length: got 2 and 1$/,
    });
  }
});
