import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sceneFactors } from "../../../src/data";
import {
  correlationMatrices,
  diagonalAndSeparation,
  r2Of,
  rhoOf,
} from "../../../src/experiments/citris/measures/correlation";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import { fixture } from "../../models/citris/published-citris";

before(startBackend);

describe("R^2 and Spearman of a factor", () => {
  const { angle, continuous, categorical } = fixture("r2");
  const near = (found: number, wanted: number) =>
    assert.ok(Math.abs(found - wanted) < 1e-5, `${found}, ${wanted}`);

  it("are the published ones", () => {
    const vector = (row: number) => Float32Array.from(angle.pred_sin_cos[row]);
    const angles = Float64Array.from(angle.true);
    near(r2Of({ name: "hue", kind: "angle" }, vector, angles), angle.r2);
    near(rhoOf({ name: "hue", kind: "angle" }, vector, angles), angle.spearman);
    const value = (row: number) => Float32Array.of(continuous.pred[row]);
    const x = { name: "x", kind: "continuous", bound: continuous.scale } as const;
    near(r2Of(x, value, Float64Array.from(continuous.true)), continuous.r2);
    const logits = (row: number) =>
      Float32Array.from({ length: 4 }, (_, i) => (i === categorical.pred[row] ? 1 : 0));
    const shape = { name: "shape", kind: "category", classes: 4 } as const;
    near(r2Of(shape, logits, Float64Array.from(categorical.true)), categorical.r2);
  });
});

describe("diagonalAndSeparation()", () => {
  it("is the published one, without ψ_0's row", () => {
    const { matrix_square, matrix_6x5, diag, sep } = fixture("diag-sep");
    for (const matrix of [matrix_square, matrix_6x5]) {
      const found = diagonalAndSeparation(matrix);
      assert.ok(Math.abs(found.diag - diag) < 1e-9 && Math.abs(found.sep - sep) < 1e-9);
    }
  });
});

describe("correlationMatrices()", () => {
  const factors = sceneFactors();
  /** Frames whose latents are the factors themselves, angles as sine and cosine. */
  function knownLatents(count: number) {
    const rng = createRandom(1);
    const truth = Float32Array.from({ length: count * 6 }, (_, place) =>
      place % 6 < 2 ? 4 * rng.uniform() - 2 : 2 * Math.PI * rng.uniform(),
    );
    const latents = new Float32Array(count * 10);
    for (let k = 0; k < count; k++) {
      latents.set(truth.subarray(6 * k, 6 * k + 2), 10 * k);
      for (let angle = 0; angle < 4; angle++) {
        const value = truth[6 * k + 2 + angle];
        latents.set([Math.sin(value), Math.cos(value)], 10 * k + 2 + 2 * angle);
      }
    }
    return { truth, latents };
  }
  const set = (own: number[]) => Array.from({ length: 10 }, (_, i) => (own.includes(i) ? 1 : 0));
  const sets = [set([0, 1]), set([2, 3]), set([4, 5]), set([6, 7]), set([8, 9]), set([])];

  it("finds each factor in its own latents, and no other", () => {
    const before = tensorflow().memory().numTensors;
    const found = correlationMatrices({
      ...knownLatents(800),
      factors,
      sets,
      sampling: "independent",
      seed: 0,
      epochs: 80,
      batchSize: 100,
      hidden: 64,
    });
    const { diag, sep } = diagonalAndSeparation(found.r2);
    assert.ok(diag > 0.9 && sep < 0.1, `${diag}, ${sep}`);
    const ranks = diagonalAndSeparation(found.spearman);
    assert.ok(ranks.diag > 0.9 && ranks.sep < 0.15, `${ranks.diag}, ${ranks.sep}`);
    assert.ok(
      found.r2[5].every((value) => value < 0.05),
      "ψ_0's empty set",
    );
    assert.equal(tensorflow().memory().numTensors, before);
  });

  it("refuses frames of a sequence, and numbers that do not fit together", () => {
    const known = { ...knownLatents(30), factors, sets, seed: 0 };
    assert.throws(
      () => correlationMatrices({ ...known, sampling: "sequence" }),
      /independent .*got frames of a sequence/,
    );
    const short = { ...known, latents: known.latents.subarray(10), sampling: "independent" as const };
    assert.throws(() => correlationMatrices(short), /same frames, 20 or more: got 29 and 30 frames/);
  });
});
