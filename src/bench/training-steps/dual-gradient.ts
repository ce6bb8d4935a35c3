// Document 000's training on two gradients: a ResNet-18 for 32 x 32 images, the clean gradient taken anew every 16 steps.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { createResNet18, resNet18 } from "../../models";
import { createRandom } from "../../random";
import { tensorflow } from "../../tensor";
import { createDualGradientTrainer } from "../../train";
import type { Mode, TrainingStep } from "../training-step";

export function dualGradient(width: number, batchSize: number, mode: Mode): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const parameters = createResNet18({ width, rng });
  const forward = (images: Tensor) => resNet18(parameters, images, { training: true });
  const trainer = createDualGradientTrainer(parameters, forward, { compiled: mode !== "eager" });
  const labels = () =>
    tf.tensor1d(
      Array.from({ length: batchSize }, () => rng.integer(0, 10)),
      "int32",
    );
  let calls = 0;
  const step = (images: Tensor, noisy: Tensor, clean: Tensor): Scalar => {
    const settings = { lambda: 0.35, learningRate: 0.1, step: calls++ };
    const { loss, ...others } = trainer.step(images, noisy, clean, settings);
    tf.dispose(others);
    return loss;
  };
  const pixels = Float32Array.from({ length: batchSize * 32 * 32 * 3 }, () => rng.normal());
  const images = tf.tensor4d(pixels, [batchSize, 32, 32, 3]);
  return { variables: [], step, inputs: [images, labels(), labels()], ownGraph: true };
}
