// Models of observations with more features than latents and a decoder whose deviation is fixed, as on the codes of pictures.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  createGaussianEncoder,
  createIlcm,
  drawIlcmNoise,
  encodeToCausal,
  gaussianEncoder,
  ilcmLoss,
  ilcmVariables,
} from "../../../src/models/lcm";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";

const tf = tensorflow();
before(startBackend);

const model = () =>
  createIlcm(2, {
    rng: createRandom(0),
    features: 5,
    encoderHidden: [4, 4, 4],
    solutionHidden: [3],
    decoderDeviation: 0.5,
  });

const draw = (seed: number) => tf.randomNormal([6, 5], 0, 1, "float32", seed) as never;

describe("an ILCM of codes", () => {
  it("has a decoder with one deviation and no head for it", () => {
    const { decoder } = model();
    assert.deepEqual(decoder.heads.weight.shape, [5, 4]);
    const { mean, standardDeviation } = gaussianEncoder(decoder, tf.zeros([3, 2]));
    assert.deepEqual(mean.shape, [3, 5]);
    assert.deepEqual(Array.from(standardDeviation.dataSync()), new Array(15).fill(0.5));
    assert.deepEqual(encodeToCausal(model(), draw(1)).shape, [6, 2]);
    const options = { rng: createRandom(0), fixedStandardDeviation: 0 };
    assert.throws(() => createGaussianEncoder(2, 2, options), /above 0: got 0/);
  });

  for (const phase of ["pretraining", "interventional", "deterministic"] as const)
    it(`has the gradient of finite differences in the phase "${phase}"`, () => {
      const ilcm = model();
      // Standard deviations above 1e-3, where they are not clamped.
      ilcm.encoder.heads.bias.assign(tf.tensor1d([0.3, -0.2, -1, -1.5]));
      const trained = Object.values(ilcmVariables(ilcm));
      const pair = { before: draw(1), after: draw(2) };
      const noise = drawIlcmNoise(tf.tensor1d([3, 4], "int32"), { batch: 6, latents: 2, phase });
      const options = { phase, beta: 0.5, consistency: 0.2, entropy: phase === "deterministic" ? 0 : 0.2 };
      const loss = () => ilcmLoss(ilcm, pair, noise, options).loss;
      const reached = trained.filter(
        (_, i) => phase !== "pretraining" || /^(en|de)coder\./.test(Object.keys(ilcmVariables(ilcm))[i]),
      );
      const { grads } = tf.variableGrads(loss, reached);
      const norm = Math.sqrt(
        Object.values(grads).reduce((sum, each) => sum + each.square().sum().dataSync()[0], 0),
      );
      const start = reached.map((variable) => variable.clone());
      const lossAt = (step: number) => {
        for (const [i, variable] of reached.entries())
          variable.assign(start[i].add(grads[variable.name].mul(step / norm)));
        return loss().dataSync()[0];
      };
      const slope = (lossAt(1e-3) - lossAt(-1e-3)) / 2e-3;
      assert.ok(Math.abs(slope / norm - 1) < 1e-2, `slope ${slope} along a gradient of norm ${norm}`);
    });
});
