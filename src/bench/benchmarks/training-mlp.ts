// A training step of a small dense network, against PyTorch's: 16-64-64-64-16 with ReLU, mean squared error of a batch
// of 64 against itself, Adam. The same step three times: op by op, as one graph, and as one graph compiled by XLA.
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node";
import { createRandom } from "../../random";
import { compile, createDense, createOptimiser, dense, tensorflow } from "../../tensor";
import type { Benchmark } from "../benchmark";
import { pythonPeer } from "../python-peer";
import { timedFunctions } from "../timed-functions";

const widths = [16, 64, 64, 64, 16];
const batchSize = 64;
const steps = 100; // timed together; the unit of the table is a hundred steps
const peer = "PyTorch, eager";
const target = { ratioAtMost: 0.56 }; // 1.8 times its speed

export const trainingMlp: Benchmark = {
  name: "training-mlp",
  title: "100 training steps of an MLP (16-64x3-16, batch 64, Adam)",
  measures: [
    { key: "eager", title: "100 MLP steps, op by op", unit: "seconds", peer },
    { key: "compiled", title: "100 MLP steps, compiled", unit: "seconds", peer },
    { key: "jit", title: "100 MLP steps, compiled by XLA", unit: "seconds", peer, target },
  ],
  needs: "torch",
  warmUps: 2,
  turns: 11,
  async start() {
    const runs = { eager: trainer("eager"), compiled: trainer("compiled"), jit: trainer("jit") };
    return { ours: timedFunctions(runs), peer: pythonPeer("training_mlp", [String(steps)]) };
  },
};

/** @returns what trains for a hundred steps and says how many they were, once the last loss is known to be a number */
function trainer(mode: "eager" | "compiled" | "jit"): () => number {
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
  const step = (batch: Tensor2D): Scalar =>
    tf.tidy(() => {
      const loss = () => tf.mean(tf.square(tf.sub(forward(batch), batch))) as Scalar;
      const { value, grads } = tf.variableGrads(loss, Object.values(variables));
      optimiser.apply(grads, 1e-3);
      return value;
    });
  const all = [...Object.values(variables), ...optimiser.state.values()];
  const run = mode === "eager" ? step : compile(step, { variables: all, jit: mode === "jit" });
  const values = Float32Array.from({ length: batchSize * widths[0] }, () => rng.normal());
  const batch = tf.tensor2d(values, [batchSize, widths[0]]);
  return () => {
    let last = Number.NaN;
    for (let i = 0; i < steps; i++) {
      const loss = run(batch);
      if (i === steps - 1) last = loss.dataSync()[0];
      loss.dispose();
    }
    if (!(last < 10)) throw new RangeError(`Cannot time a training step as its loss must fall: got ${last}`);
    return steps;
  };
}
