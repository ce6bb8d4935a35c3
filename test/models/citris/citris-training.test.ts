import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import { temporalScenes } from "../../../src/data";
import {
  type CitrisNfOptions,
  causalEncoderLoss,
  causalEncoderVariables,
  citrisNfLoss,
  citrisNfVariables,
  citrisVaeLoss,
  citrisVaeVariables,
  createCausalEncoder,
  createCitrisNf,
  createCitrisVae,
  createSceneAutoencoder,
  followTargets,
  initialiseLatentFlow,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "../../../src/models/citris";
import { createRandom } from "../../../src/random";
import { drawVariable, startBackend, tensorflow } from "../../../src/tensor";
import { createTrainer, type LossWithMetrics } from "../../../src/train";

const tf = tensorflow();
before(startBackend);

const unlessNative = () =>
  tf.getBackend() !== "tensorflow" && "NOT TESTED: no gradient for filters in WebAssembly";

/** Frames of a small sequence, from -1 to 1, with the targets between pairs. */
function pairs(rows: number, size = 16) {
  const { images, targets, latents, factors } = temporalScenes({ count: rows + 1, size, seed: 1 });
  const frames = tf.tensor4d(
    Float32Array.from(images, (v) => v / 127.5 - 1),
    [rows + 1, size, size, 3],
  );
  const [from, to] = [0, 1].map((start) => frames.slice([start, 0, 0, 0], [rows, size, size, 3]));
  return {
    frames: tf.stack([from, to], 1),
    targets: tf.tensor2d(Float32Array.from(targets), [rows, factors.length]),
    truth: tf.tensor2d(latents, [rows + 1, latents.length / (rows + 1)]).slice([0, 0], [rows, -1]),
    columns: factors.flatMap((factor) => [...factor.columns]),
  };
}

/** Codes that drift, with targets for two factors. */
function driftingCodes(rows: number, latents: number) {
  const rng = createRandom(4);
  const codes = Float32Array.from({ length: rows * 2 * latents }, () => rng.normal());
  return {
    codes: tf.tensor3d(codes, [rows, 2, latents]),
    targets: tf.tensor2d(
      Array.from({ length: rows * 2 }, () => rng.integer(0, 2)),
      [rows, 2],
      "float32",
    ),
  };
}

interface Made {
  variables: Record<string, Variable>;
  loss(seed: Tensor1D): LossWithMetrics;
}

const flows: Record<string, Partial<CitrisNfOptions>> = {
  "CITRIS-NF, autoregressive prior": { priorKind: "autoregressive" },
  "CITRIS-NF, MLP prior": { priorKind: "mlp", psi0Weight: 0.01 },
  "CITRIS-NF, imperfect interventions": { priorKind: "mlp", perfect: false, psi0Weight: 0.01 },
};

const makers: Record<string, () => Made> = {
  ...Object.fromEntries(
    Object.entries(flows).map(([name, options]) => [
      name,
      () => {
        const model = createCitrisNf({
          latents: 4,
          factors: 2,
          channels: 4,
          parts: 2,
          flowHidden: 4,
          priorHidden: 4,
          ...options,
          normaliseClassifier: true,
          conditionalTargets: true,
          rng: createRandom(7),
        });
        const { codes, targets } = driftingCodes(32, 4);
        tf.tidy(() => initialiseLatentFlow(model.flow, codes.reshape([64, 4])));
        return {
          variables: citrisNfVariables(model),
          loss: (seed: Tensor1D) => {
            followTargets(model.classifier, targets);
            return { loss: citrisNfLoss(model, codes, targets, { seed, training: true, draws: 2 }).loss };
          },
        };
      },
    ]),
  ),
  autoencoder: () => {
    const model = createSceneAutoencoder({
      size: 16,
      channels: 4,
      latents: 4,
      blocks: 1,
      rng: createRandom(7),
    });
    const [images] = tf.unstack(pairs(8).frames, 1);
    return {
      variables: sceneAutoencoderVariables(model),
      loss: (seed) => ({ loss: sceneAutoencoderLoss(model, images, seed, { training: true }).loss }),
    };
  },
  "CITRIS-VAE": () => {
    const model = createCitrisVae({
      size: 16,
      channels: 3,
      latents: 3,
      factors: 5,
      flow: false,
      psi0Weight: 0.01,
      rng: createRandom(7),
    });
    const { frames, targets } = pairs(6);
    return {
      variables: citrisVaeVariables(model),
      loss: (seed) => {
        followTargets(model.classifier, targets);
        return { loss: citrisVaeLoss(model, frames, targets, { seed, training: true }).loss };
      },
    };
  },
  "causal encoder": () => {
    const { frames, truth, columns } = pairs(8);
    const model = createCausalEncoder({ factors: columns, size: 16, channels: 4, rng: createRandom(7) });
    const [images] = tf.unstack(frames, 1);
    return {
      variables: causalEncoderVariables(model),
      loss: () => ({ loss: causalEncoderLoss(model, images, truth, { training: true }) }),
    };
  },
};

/** Those whose graphs hold all that the others' do. */
const compiledOnes = ["CITRIS-NF, autoregressive prior", "CITRIS-VAE"];

const seedOf = (step: number) => tf.tensor1d([11, step], "int32");

function train(made: Made, steps: number, compiled: boolean): number[] {
  const trainer = createTrainer({
    parameters: made.variables,
    compiled,
    threads: 1,
    loss: (...[seed]) => made.loss(seed as Tensor1D),
    optimiser: { kind: "adam" },
    learningRate: 5e-3,
    clipNorm: 10,
  });
  const losses = Array.from({ length: steps }, (_, step) =>
    tf.tidy(() => trainer.step(seedOf(step)).loss.dataSync<"float32">()[0]),
  );
  trainer.dispose();
  return losses;
}

for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    it("has the gradient of finite differences", (t) => {
      const reason = unlessNative();
      if (reason) return t.skip(reason);
      const { variables, loss } = make();
      // ψ's draws jump where their logits move, and what latents are like under interventions is learned apart from the loss.
      const trained = Object.entries(variables)
        .filter(([key, { trainable }]) => trainable && !/target_params$|intv_prior$/.test(key))
        .map(([, variable]) => variable);
      const value = () => tf.tidy(() => loss(seedOf(0)).loss.dataSync<"float32">()[0]);
      value(); // the follower of the target classifier has caught up: it does not move any more
      const rng = createRandom(5);
      const directions = trained.map(({ shape }) => drawVariable(shape, () => rng.normal()));
      const starts = trained.map((variable) => variable.clone());
      const { grads } = tf.variableGrads(() => loss(seedOf(0)).loss as Scalar, trained);
      const frozen = Object.entries(variables).filter(([key]) => key.includes("exp_classifiers"));
      assert.ok(frozen.every(([, { trainable }]) => !trainable));
      const isModel = (variable: Variable) =>
        Object.entries(variables).some(([key, one]) => one === variable && key.includes("intv_classifier"));
      const slope = trained
        .map((variable, i) =>
          isModel(variable) ? 0 : grads[variable.name].mul(directions[i]).sum().dataSync()[0],
        )
        .reduce((a, b) => a + b);
      const move = (by: number) => {
        for (const [i, variable] of trained.entries())
          if (!isModel(variable)) variable.assign(starts[i].add(directions[i].mul(by)));
        return value();
      };
      const step = 2e-4;
      const difference = (move(step) - move(-step)) / (2 * step);
      assert.ok(
        Math.abs(difference - slope) < 2e-2 * Math.abs(slope) + 2e-2,
        `${slope}, by differences ${difference}`,
      );
    });

    if (!compiledOnes.includes(name)) return;
    it("trains compiled as it does eagerly, over 20 steps, and its loss falls", (t) => {
      const reason = unlessNative();
      if (reason) return t.skip(reason);
      const [compiled, eager] = [true, false].map((mode) => train(make(), 20, mode));
      for (const [step, loss] of compiled.entries())
        assert.ok(
          Math.abs(loss - eager[step]) < 2e-3 * Math.abs(eager[step]),
          `step ${step}: ${loss}, ${eager[step]}`,
        );
      const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
      assert.ok(mean(compiled.slice(15)) < mean(compiled.slice(0, 5)), compiled.join(" "));
    });
  });
}
