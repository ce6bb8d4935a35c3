import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { embedPuzzles, initialThought, lengthOf, lyapunovSpectrum, think } from "../../../src/models";
import { orthonormalise, pushFrame, sortSpectra } from "../../../src/models/recursive/lyapunov-spectrum";
import { createRandom } from "../../../src/random";
import { mean } from "../../../src/stats";
import { startBackend, tensorflow } from "../../../src/tensor";
import forward from "../../fixtures/recursive/trm_forward.json";
import golden from "../../fixtures/recursive/trm_lyapunov.json";
import { publishedReasoner } from "./published-reasoner";

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

  for (const [sample, expected] of golden.cases.entries())
    it(`gives the spectrum of a published TRM computed in float64, puzzle ${sample}`, () => {
      const reasoner = publishedReasoner(forward);
      const { configuration } = reasoner;
      const shape = [1, lengthOf(configuration), configuration.channels];
      const injection = embedPuzzles(reasoner, tf.tensor2d([forward.inputs[sample]], undefined, "int32"));
      const { high, low } = initialThought(reasoner, 1);
      const step = (state: Tensor2D) => {
        const [zH, zL] = tf.split(state, 2, 1).map((part) => part.reshape(shape));
        const next = think(reasoner, { high: zH, low: zL }, injection);
        return tf.concat([next.high.reshape([1, -1]), next.low.reshape([1, -1])], 1) as Tensor2D;
      };
      let state = tf.concat([high.reshape([1, -1]), low.reshape([1, -1])], 1) as Tensor2D;
      let frame = tf.tensor2d(golden.V0).transpose().expandDims(1) as Tensor3D; // [8, 1, 64]
      const sums = new Float64Array(8);
      for (const [time, expectedGrowth] of expected.log_abs_R_diag_per_step.entries()) {
        const pushed = pushFrame(step, state, frame);
        const drift = pushed.next.sub(state).slice([0, 0], [1, 32]).norm().dataSync()[0];
        assert.ok(Math.abs(drift - expected.drift_zH[time]) < 1e-4);
        for (const [i, growth] of pushed.growth.dataSync().entries()) {
          assert.ok(Math.abs(growth - expectedGrowth[i]) < 1e-4, `${growth} ${expectedGrowth[i]}`);
          sums[i] += growth;
        }
        [state, frame] = [pushed.next, pushed.frame];
      }
      const spectrum = sortSpectra(
        sums.map((sum) => sum / 6),
        8,
      );
      for (const [i, exponent] of spectrum.entries())
        assert.ok(
          Math.abs(exponent - expected.lyap_sorted_desc[i]) < golden.tol,
          `${exponent} ${expected.lyap_sorted_desc[i]}`,
        );
    });

  it("makes vectors orthonormal, and says what was left of each, also where nothing was", () => {
    const { frame, growth } = orthonormalise(tf.tensor3d([[[3, 0, 0]], [[1, 2, 0]], [[1, 1, 0]]]));
    assert.deepEqual(frame.arraySync(), [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 0]]]);
    const lengths = [...growth.dataSync()].map(Math.exp);
    assert.ok(Math.abs(lengths[0] - 3) < 1e-6 && Math.abs(lengths[1] - 2) < 1e-6 && lengths[2] < 1e-29);
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
