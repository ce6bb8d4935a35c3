import assert from "node:assert/strict";
import { test } from "node:test";
import { mean, sampleStandardDeviation, standardDeviation } from "../../src/stats";
import published from "../fixtures/stats/percentiles.json";
import { assertClose } from "./close";

test("mean() and the standard deviations equal numpy's", () => {
  for (const { x, mean: average, std_pop, std_sample } of published.cases) {
    for (const values of [x, Float64Array.from(x)]) {
      assertClose(mean(values), average);
      assertClose(standardDeviation(values), std_pop);
      assertClose(sampleStandardDeviation(values), std_sample);
    }
  }
});

test("mean() keeps what plain sums lose", () => {
  assert.equal(mean([1e16, 1, -1e16, 1]), 0.5);
});

test("mean() and the standard deviations give NaN without enough values, or with one that is not finite", () => {
  for (const statistic of [mean, standardDeviation, sampleStandardDeviation]) {
    assert.ok(Number.isNaN(statistic([])), statistic.name);
    assert.ok(Number.isNaN(statistic([Number.NaN])), statistic.name);
    assert.ok(Number.isNaN(statistic([1, Number.NaN])), statistic.name);
    assert.ok(Number.isNaN(statistic([1, Number.POSITIVE_INFINITY])), statistic.name);
  }
  assert.ok(Number.isNaN(sampleStandardDeviation([1])));
  assert.equal(standardDeviation([1]), 0);
});
