// A variational autoencoder of 64 x 64 images with convolutions of 32, 64, 128 and 256 channels, batch 32, Adam, fresh
// noise in each step.
import type { Scalar, Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import { convVaeLoss, convVaeVariables, createConvVae } from "../../models";
import { createRandom } from "../../random";
import { createOptimiser, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const batchSize = 32;

export function convVae(): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const vae = createConvVae({ rng });
  const variables = convVaeVariables(vae);
  const trained = Object.fromEntries(Object.entries(variables).filter(([, { trainable }]) => trainable));
  const optimiser = createOptimiser(trained, { kind: "adam" });
  const step = (images: Tensor, seed: Tensor): Scalar => {
    const loss = () => convVaeLoss(vae, images, seed as Tensor1D, { training: true }).loss;
    const { value, grads } = tf.variableGrads(loss, Object.values(trained));
    optimiser.apply(grads, 1e-3);
    return value;
  };
  const pixels = Float32Array.from({ length: batchSize * vae.size ** 2 * 3 }, () => rng.uniform());
  const images = tf.tensor4d(pixels, [batchSize, vae.size, vae.size, 3]);
  return {
    variables: [...Object.values(variables), ...optimiser.state.values()],
    step,
    inputs: [images],
    seeded: true,
  };
}
