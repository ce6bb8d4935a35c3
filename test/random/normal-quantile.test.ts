import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../src/random";
import exact from "../fixtures/random/normal_quantile.json";

test("normalQuantile() is within 4 units in the last place of the exact quantile, far into both tails", () => {
  exact.q.forEach((q, i) => {
    const error = Math.abs(normalQuantile(q) / exact.quantile[i] - 1);
    assert.ok(error <= 4 * Number.EPSILON, `q = ${q}: relative error ${error}`);
  });
});

test("normalQuantile() is odd, infinite at the ends and NaN outside", () => {
  for (const q of exact.q) assert.equal(normalQuantile(-q), -normalQuantile(q));
  assert.equal(normalQuantile(0.5), Number.POSITIVE_INFINITY);
  assert.equal(normalQuantile(-0.5), Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(normalQuantile(0.6)) && Number.isNaN(normalQuantile(Number.NaN)));
});
