// A small dense network: 16-64-64-64-16 with ReLU, mean squared error of a batch of 64 against itself, Adam.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { createRandom } from "../../random";
import { createDense, createOptimiser, dense, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const widths = [16, 64, 64, 64, 16];
const batchSize = 64;

export function mlp(): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const layers = widths.slice(1).map((outputs, i) => createDense(widths[i], outputs, { rng }));
  const variables = Object.fromEntries(
    layers.flatMap(({ weight, bias }, i) => [
      [`${i}.weight`, weight],
      [`${i}.bias`, bias as Variable],
    ]),
  ) as Record<string, Variable>;
  const optimiser = createOptimiser(variables, { kind: "adam" });
  const forward = (input: Tensor) =>
    layers.reduce(
      (hidden, layer, i) => (i === 0 ? dense(layer, hidden) : dense(layer, tf.relu(hidden))),
      input,
    );
  const step = (batch: Tensor): Scalar => {
    const loss = () => tf.mean(tf.square(tf.sub(forward(batch), batch))) as Scalar;
    const { value, grads } = tf.variableGrads(loss, Object.values(variables));
    optimiser.apply(grads, 1e-3);
    return value;
  };
  const values = Float32Array.from({ length: batchSize * widths[0] }, () => rng.normal());
  const batch = tf.tensor2d(values, [batchSize, widths[0]]);
  const all = [...Object.values(variables), ...optimiser.state.values()];
  return { variables: all, step, inputs: [batch], threads: 1 };
}
