import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { compile } from "../../../src/tensor/compile/compile";
import * as layers from "../../../src/tensor/layers";
import { clipGlobalNorm, createOptimiser } from "../../../src/tensor/optimisers";
import { warmUpSchedule } from "../../../src/tensor/schedules";
import { assertTensor } from "./published-layers";

const tf = tensorflow();
before(startBackend);

/** Trains every layer for a few steps and returns the loss of each and what became of the variables. */
function train(compiled: boolean): { losses: number[]; variables: Record<string, Variable> } {
  const rng = createRandom(7);
  const draw = (shape: number[], next: () => number) => layers.drawVariable(shape, next);
  const symbols = tf.tensor2d(
    [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
    ],
    [2, 4],
    "int32",
  );
  // No bias before a batch norm, nor on keys: their gradients are rounding errors, which AdamW would blow up to whole steps.
  const stem = layers.createConvolution(2, 4, { kernel: 3, bias: false, rng });
  const norm = layers.createBatchNorm(4);
  const larger = layers.createConvolution(4, 4, { kernel: 3, rng });
  const words = layers.createEmbedding(4, 4, { rng });
  const attention = layers.createSelfAttention(4, { bias: false, rng });
  const layerNorm = layers.createLayerNorm(4);
  const rmsNorm = layers.createRmsNorm(4);
  const head = layers.createDense(4, 1, { rng });
  const { running_mean, running_var, ...trainedNorm } = norm;
  const trained = {
    ...layers.prefixNames("stem", stem),
    ...layers.prefixNames("norm", trainedNorm),
    ...layers.prefixNames("larger", larger),
    ...layers.prefixNames("words", words),
    ...layers.prefixNames("attention", attention),
    ...layers.prefixNames("layerNorm", layerNorm),
    ...layers.prefixNames("rmsNorm", rmsNorm),
    ...layers.prefixNames("head", head),
  };
  const optimiser = createOptimiser(trained, { kind: "adamw" });
  const step = (images: Tensor, uniforms: Tensor, rate: Scalar): Scalar => {
    const { value, grads } = tf.variableGrads(() => {
      const features = layers.batchNorm(norm, layers.convolution(stem, images, { stride: 2, padding: 1 }), {
        training: true,
      });
      const seen = layers.resizeConvolution(larger, features.relu()).mean([1, 2]).expandDims(1); // [2, 1, 4]
      const read = layers.layerNorm(layerNorm, layers.embedding(words, symbols).add(seen)); // [2, 4, 4]
      const thought = read.add(layers.selfAttention(attention, read, { heads: 2, causal: true }));
      const kept = layers.dropout(layers.rmsNorm(rmsNorm, thought), uniforms, 0.2);
      return layers.dense(head, kept).sub(1).square().mean();
    }, Object.values(trained));
    optimiser.apply(clipGlobalNorm(grads, 1).gradients, rate);
    return value as Scalar;
  };
  const variables = { ...trained, running_mean, running_var };
  const run = compiled
    ? compile(step, { variables: [...Object.values(variables), ...optimiser.state.values()] })
    : step;
  const schedule = warmUpSchedule(0.05, { warmUpSteps: 3 });
  const losses = Array.from({ length: 8 }, (_, time) => {
    const images = draw([2, 6, 6, 2], () => rng.normal());
    const uniforms = draw([2, 4, 4], () => rng.uniform());
    return run(images, uniforms, tf.scalar(schedule(time))).dataSync()[0];
  });
  assert.equal(optimiser.state.get("step")!.dataSync()[0], 8);
  return { losses, variables };
}

describe("layers and optimisers in a compiled step", () => {
  it("train as they do eagerly", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const [eager, compiled] = [train(false), train(true)];
    assertTensor(tf.tensor1d(compiled.losses), tf.tensor1d(eager.losses), "losses");
    assert.ok(eager.losses[7] < eager.losses[0] / 2, `${eager.losses}`);
    for (const [name, variable] of Object.entries(eager.variables))
      assertTensor(compiled.variables[name], variable, name);
  });
});
