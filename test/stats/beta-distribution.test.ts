import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { betaCumulative, betaQuantile } from "../../src/stats";

// scipy.stats.beta of scipy 1.17.1: [x, a, b, cdf(x, a, b)] and [p, a, b, ppf(p, a, b)].
const cumulative = [
  [0.1, 1, 4, 0.3439],
  [0.7, 4, 1, 0.24009999999999992],
  [0.35, 2.5, 2.5, 0.25665484568000674],
  [0.02, 1.3, 3.7, 0.02958571986921232],
  [0.9, 0.4, 0.3, 0.6684586399488814],
  [0.5, 30, 70, 0.9999769687851782],
];
const quantiles = [
  [0.1, 1, 4, 0.025996253574703237],
  [0.7, 4, 1, 0.9146912192286945],
  [0.35, 2.5, 2.5, 0.41020151227207263],
  [1e-6, 1.3, 3.7, 7.104090454946912e-6],
  [0.999999, 3.2, 1.8, 0.9998269248099657],
  [0.5, 30, 70, 0.2986619743086956],
  [0.2, 0.4, 0.3, 0.10144985541490802],
];

describe("betaCumulative() and betaQuantile()", () => {
  it("agree with scipy", () => {
    for (const [x, a, b, wanted] of cumulative)
      assert.ok(Math.abs(betaCumulative(x, a, b) / wanted - 1) < 1e-12);
    for (const [p, a, b, wanted] of quantiles)
      assert.ok(
        Math.abs(betaQuantile(p, a, b) / wanted - 1) < 1e-9,
        `${p} ${a} ${b}: ${betaQuantile(p, a, b)}`,
      );
  });

  it("are each other's inverse, and reach 0 and 1", () => {
    for (const [a, b] of [
      [1, 4],
      [2.2, 2.8],
      [4, 1],
    ]) {
      for (let p = 0.01; p < 1; p += 0.07)
        assert.ok(Math.abs(betaCumulative(betaQuantile(p, a, b), a, b) - p) < 1e-12);
      assert.deepEqual(
        [0, 1].map((p) => betaQuantile(p, a, b)),
        [0, 1],
      );
      assert.deepEqual(
        [-1, 0, 1, 2].map((x) => betaCumulative(x, a, b)),
        [0, 0, 1, 1],
      );
    }
  });

  it("refuse shapes not above 0, and shares that are none", () => {
    assert.throws(() => betaCumulative(0.5, 0, 1), /must be above 0: got 0 and 1/);
    assert.throws(() => betaCumulative(Number.NaN, 1, 1), /got NaN/);
    assert.throws(() => betaQuantile(1.1, 1, 1), /from 0 to 1: got 1.1/);
  });
});
