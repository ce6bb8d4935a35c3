import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor2D } from "@tensorflow/tfjs-node";
import { lyapunovSpectrum } from "../../src/models";
import { createRandom } from "../../src/random";
import { mean } from "../../src/stats";
import { startBackend, tensorflow } from "../../src/tensor";

const tf = tensorflow();

/** x' = 1 - 1.4 x^2 + y, y' = 0.3 x. */
const henon = (state: Tensor2D) => {
  const [x, y] = tf.split(state, 2, 1);
  return tf.concat([tf.add(tf.sub(1, tf.mul(1.4, tf.square(x))), y), tf.mul(0.3, x)], 1) as Tensor2D;
};

describe("lyapunovSpectrum()", () => {
  before(startBackend);

  it("finds the published exponents of the Hénon map (0.419 and -1.623)", () => {
    const initial = tf.tensor2d([0.1, 0.1, -0.2, 0.05, 0.3, 0.1, 0, 0], [4, 2]);
    const { spectrum } = lyapunovSpectrum(henon, initial, {
      exponents: 2,
      steps: 1500,
      rng: createRandom(1),
    });
    const largest = mean([0, 2, 4, 6].map((i) => spectrum[i]));
    assert.ok(Math.abs(largest - 0.419) < 0.01, `largest exponent ${largest}`);
  });

  it("gives exponents that sum to the mean log-volume change, ln 0.3 for the Hénon map at any length", () => {
    const options = { exponents: 2, steps: 16, rng: createRandom(2) };
    const { spectrum } = lyapunovSpectrum(henon, tf.tensor2d([0.1, 0.1], [1, 2]), options);
    assert.ok(Math.abs(spectrum[0] + spectrum[1] - Math.log(0.3)) < 1e-5);
    assert.ok(spectrum[0] > spectrum[1]);
  });

  it("finds the logarithms of the eigenvalues of a symmetric linear map", () => {
    const rotation = [0.8, -0.6, 0.6, 0.8];
    const matrix = tf.tidy(() => {
      const basis = tf.tensor2d(rotation, [2, 2]);
      return basis.matMul(tf.diag(tf.tensor1d([1.5, 0.5])) as Tensor2D).matMul(basis.transpose()) as Tensor2D;
    });
    const linear = (state: Tensor2D) => state.matMul(matrix) as Tensor2D;
    const { spectrum } = lyapunovSpectrum(linear, tf.ones([1, 2]), {
      exponents: 2,
      steps: 60,
      rng: createRandom(3),
    });
    assert.ok(Math.abs(spectrum[0] - Math.log(1.5)) < 0.02);
    assert.ok(Math.abs(spectrum[1] - Math.log(0.5)) < 0.02);
  });

  it("keeps no tensor", () => {
    const initial = tf.tensor2d([0.1, 0.1], [1, 2]);
    const before = tf.memory().numTensors;
    lyapunovSpectrum(henon, initial, { exponents: 2, steps: 5, rng: createRandom(4) });
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses more exponents than dimensions", () => {
    const options = { exponents: 3, steps: 5, rng: createRandom(5) };
    assert.throws(() => lyapunovSpectrum(henon, tf.ones([1, 2]), options), {
      name: "RangeError",
      message: /1 to 2 of them \(the state is \[1,2\]\)/,
    });
  });
});
