// CITRIS's three trainings as published but for their sizes: the autoencoder of 64 x 64 scenes (16 channels, 16 codes, batch 32),
// CITRIS-NF on such codes (128 pairs, two noisy copies, autoregressive prior) and CITRIS-VAE (32 pairs of scenes, with its flow).
// AdamW; gradients are clipped at .1, and at 1 in the variants.
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import {
  citrisNfLoss,
  citrisNfVariables,
  citrisVaeLoss,
  citrisVaeVariables,
  createCitrisNf,
  createCitrisVae,
  createSceneAutoencoder,
  followTargets,
  type GuidedPrior,
  initialiseLatentFlow,
  type LatentFlow,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "../../models/citris";
import { createRandom, type Random } from "../../random";
import { clipGlobalNorm, createOptimiser, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const [size, channels, latents, factors] = [64, 16, 16, 6];
const images = 32;

export function citrisAutoencoder(): TrainingStep {
  const rng = createRandom(0);
  const model = createSceneAutoencoder({ size, channels, latents, blocks: 1, rng });
  const loss = (frames: Tensor, seed: Tensor) =>
    sceneAutoencoderLoss(model, frames, seed as Tensor1D, { training: true }).loss;
  return stepOf(sceneAutoencoderVariables(model), loss, [noise([images, size, size, 3], rng)], { clip: 0.1 });
}

export function citrisNf(): TrainingStep {
  const rng = createRandom(0);
  const rows = 128;
  const model = createCitrisNf({ latents, factors, channels, rng });
  const loss = (codes: Tensor, targets: Tensor, seed: Tensor) =>
    citrisNfLoss(model, codes, targets, { seed: seed as Tensor1D, training: true, draws: 2 }).loss;
  const inputs = [noise([rows, 2, latents], rng), targetsOf(rows, rng)];
  return guidedStep(model, citrisNfVariables(model), loss, inputs, rng, { threads: 1 });
}

export function citrisVae(): TrainingStep {
  const rng = createRandom(0);
  const model = createCitrisVae({ size, channels, latents, factors, rng });
  const loss = (frames: Tensor, targets: Tensor, seed: Tensor) =>
    citrisVaeLoss(model, frames, targets, { seed: seed as Tensor1D, training: true }).loss;
  const inputs = [noise([images, 2, size, size, 3], rng), targetsOf(images, rng)];
  return guidedStep(model, citrisVaeVariables(model), loss, inputs, rng, {});
}

/** Numbers from -1 to 1. */
function noise(shape: number[], rng: Random): Tensor {
  const count = shape.reduce((product, side) => product * side);
  return tensorflow().tensor(
    Float32Array.from({ length: count }, () => 2 * rng.uniform() - 1),
    shape,
  );
}

/** Each factor at one step of seven. @returns [rows, factors] */
const targetsOf = (rows: number, rng: Random): Tensor =>
  tensorflow().tensor2d(
    Float32Array.from({ length: rows * factors }, () => (rng.uniform() < 1 / 7 ? 1 : 0)),
    [rows, factors],
  );

function guidedStep(
  model: GuidedPrior & { flow?: LatentFlow },
  variables: Record<string, Variable>,
  loss: (...tensors: [Tensor, Tensor, Tensor]) => Scalar,
  inputs: Tensor[],
  rng: Random,
  settings: { threads?: number },
): TrainingStep {
  tensorflow().tidy(() => {
    if (model.flow) initialiseLatentFlow(model.flow, noise([200, latents], rng));
  });
  const before = (_: Tensor, targets: Tensor) => followTargets(model.classifier, targets);
  return stepOf(variables, loss as (...tensors: Tensor[]) => Scalar, inputs, {
    clip: 1,
    before,
    ...settings,
  });
}

function stepOf(
  variables: Record<string, Variable>,
  loss: (...tensors: Tensor[]) => Scalar,
  inputs: Tensor[],
  {
    clip,
    threads,
    before,
  }: { clip: number; threads?: number; before?: (input: Tensor, targets: Tensor) => void },
): TrainingStep {
  const trained = Object.fromEntries(Object.entries(variables).filter(([, { trainable }]) => trainable));
  const optimiser = createOptimiser(trained, { kind: "adamw" });
  return {
    variables: [...Object.values(variables), ...optimiser.state.values()],
    step: (...tensors) => {
      before?.(tensors[0], tensors[1]);
      const { value, grads } = tensorflow().variableGrads(() => loss(...tensors), Object.values(trained));
      optimiser.apply(clipGlobalNorm(grads, clip).gradients, 1e-3);
      return value;
    },
    inputs,
    seeded: true,
    threads,
  };
}
