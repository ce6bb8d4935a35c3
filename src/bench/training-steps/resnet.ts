// A ResNet-18 for 32 x 32 images: SGD with momentum 0.9 and weight decay 5e-4, cross-entropy, one gradient a step.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { createResNet18, resNet18 } from "../../models";
import { createRandom } from "../../random";
import { createOptimiser, crossEntropy, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const classes = 10;

export function resnet(width: number, batchSize: number): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const parameters = createResNet18({ width, classes, rng });
  const trained = Object.fromEntries(Object.entries(parameters).filter(([, { trainable }]) => trainable));
  const optimiser = createOptimiser(trained, { kind: "sgd", momentum: 0.9, weightDecay: 5e-4 });
  const step = (images: Tensor, labels: Tensor): Scalar => {
    const loss = () =>
      crossEntropy(resNet18(parameters, images, { training: true }), labels).mean() as Scalar;
    const { value, grads } = tf.variableGrads(loss, Object.values(trained));
    optimiser.apply(grads, 0.01);
    return value;
  };
  const pixels = Float32Array.from({ length: batchSize * 32 * 32 * 3 }, () => rng.normal());
  const images = tf.tensor4d(pixels, [batchSize, 32, 32, 3]);
  const labels = tf.tensor1d(
    Array.from({ length: batchSize }, (_, i) => i % classes),
    "int32",
  );
  return {
    variables: [...Object.values(parameters), ...optimiser.state.values()],
    step,
    inputs: [images, labels],
  };
}
