// An implicit latent causal model, by default of three variables and in its "interventional" phase: encoder and decoder 64-64,
// solution functions 64-64, all interventions enumerated or, in the "deterministic" phase, the likeliest alone, batch 64, Adam with the gradients' norm clipped at 10; the noise is drawn
// in the step. Consistency is weighted as published; the squared encodings are computed and weighted 0, as then they are.
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { createIlcm, drawIlcmNoise, type IlcmPhase, ilcmLoss, ilcmVariables } from "../../models/lcm";
import { createRandom } from "../../random";
import { clipGlobalNorm, createOptimiser, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const batch = 64;

export function ilcm(latents = 3, phase: Exclude<IlcmPhase, "pretraining"> = "interventional"): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const model = createIlcm(latents, { rng });
  const variables = ilcmVariables(model);
  const trained = Object.values(variables);
  const optimiser = createOptimiser(variables, { kind: "adam" });
  const step = (before: Tensor, after: Tensor, seed: Tensor): Scalar => {
    const noise = drawIlcmNoise(seed, { batch, latents, phase });
    const pair = { before: before as Tensor2D, after: after as Tensor2D };
    const { value, grads } = tf.variableGrads(
      () => ilcmLoss(model, pair, noise, { phase, consistency: 0.01 }).loss,
      trained,
    );
    optimiser.apply(clipGlobalNorm(grads, 10).gradients, 3e-4);
    return value;
  };
  const before = Array.from({ length: batch }, () => Array.from({ length: latents }, () => rng.normal()));
  const after = before.map((row, i) =>
    row.map((value, j) => (i % (latents + 1) === j ? rng.normal() : value)),
  );
  return {
    variables: [...trained, ...optimiser.state.values()],
    step,
    inputs: [tf.tensor2d(before), tf.tensor2d(after)],
    seeded: true,
    threads: 1,
  };
}
