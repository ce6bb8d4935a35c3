import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createRandom } from "../../../src/random";
import { startBackend } from "../../../src/tensor/backend";
import * as layers from "../../../src/tensor/layers";

before(startBackend);

const COUNT = 20_000;

function moments(draw: () => number) {
  const values = Array.from({ length: COUNT }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT);
  return { mean, deviation, largest: Math.max(...values.map(Math.abs)) };
}

describe("initial values", () => {
  const rng = createRandom(11);
  // Standard errors of 20 000 draws are 0.7 % of the deviation for the mean and 0.5 % for the deviation: five of them.
  for (const [name, draw, deviation, bound] of [
    ["fanInUniform()", layers.fanInUniform(16, rng), 0.25 / Math.sqrt(3), 0.25],
    ["xavierUniform()", layers.xavierUniform(10, 14, rng), 0.5 / Math.sqrt(3), 0.5],
    ["zeroMeanNormal()", layers.zeroMeanNormal(0.3, rng), 0.3, Infinity],
    ["truncatedNormal()", layers.truncatedNormal(1, rng), 1, 2 / 0.87962566],
    ["lecunTruncatedNormal()", layers.lecunTruncatedNormal(64, rng), 1 / 8, 2 / 8 / 0.87962566],
  ] as [string, () => number, number, number][]) {
    it(`${name} has mean 0, its standard deviation and its bounds`, () => {
      const found = moments(draw);
      assert.ok(Math.abs(found.mean) < 0.036 * deviation, `mean ${found.mean}`);
      assert.ok(Math.abs(found.deviation / deviation - 1) < 0.027, `deviation ${found.deviation}`);
      assert.ok(found.largest <= bound * (1 + 1e-7), `largest ${found.largest}`);
      if (bound < Infinity) assert.ok(found.largest > 0.99 * bound, `largest ${found.largest}`);
    });
  }

  it("are the same for the same stream, and others for another", () => {
    const weights = (seed: number) => layers.createDense(3, 4, { rng: createRandom(seed) }).weight.dataSync();
    assert.deepEqual(weights(1), weights(1));
    assert.notDeepEqual(weights(1), weights(2));
  });
});
