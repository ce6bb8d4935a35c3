import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import * as layers from "../../../src/tensor/layers";
import { normaliseBatch, normaliseBatchFused } from "../../../src/tensor/layers/normalise-batch";
import { assertLayer, assertTensor, type Parameters, published } from "./published-layers";

const tf = tensorflow();
before(startBackend);

type Apply = (parameters: Parameters, input: Tensor) => Tensor;
const parametersOf = <Layer>(parameters: Parameters) => parameters as unknown as Layer;
const convolve =
  (options: { stride?: number; padding?: number }): Apply =>
  (parameters, input) =>
    layers.convolution(parametersOf<layers.ConvolutionParameters>(parameters), input, options);
const normalise =
  (training: boolean): Apply =>
  (parameters, input) =>
    layers.batchNorm(parametersOf<layers.BatchNormParameters>(parameters), input, { training });
const attend =
  (options: { heads: number; causal?: boolean }): Apply =>
  (parameters, input) =>
    layers.selfAttention(parametersOf<layers.SelfAttentionParameters>(parameters), input, options);
const dense: Apply = (parameters, input) =>
  layers.dense(parametersOf<layers.DenseParameters>(parameters), input);

const appliers: Record<string, Apply> = {
  dense,
  dense_no_bias: dense,
  convolution: convolve({ padding: 1 }),
  convolution_strided: convolve({ stride: 2, padding: 1 }),
  convolution_bare: convolve({ stride: 2 }),
  upsampling: (parameters, input) =>
    layers.resizeConvolution({ weight: parameters["1.weight"], bias: parameters["1.bias"] }, input),
  batch_norm_2d: normalise(true),
  batch_norm_2d_evaluating: normalise(false),
  batch_norm_1d: normalise(true),
  layer_norm: (parameters, input) =>
    layers.layerNorm(parametersOf<layers.LayerNormParameters>(parameters), input),
  rms_norm: (parameters, input) => layers.rmsNorm(parameters, input),
  rms_norm_bare: (parameters, input) => layers.rmsNorm(parameters, input),
  embedding: (parameters, input) =>
    layers.embedding(parametersOf<layers.EmbeddingParameters>(parameters), input),
  attention: attend({ heads: 2 }),
  attention_causal: attend({ heads: 3, causal: true }),
};

const lacksFilterGradient = (name: string) =>
  /convolution|upsampling/.test(name) &&
  tf.getBackend() === "wasm" &&
  "no gradient for filters in WebAssembly";

describe("layers", () => {
  it("are all compared", () => assert.deepEqual(Object.keys(appliers), Object.keys(published)));

  for (const name of Object.keys(published)) {
    it(`${name} gives PyTorch's output and gradients`, (t) => {
      const reason = lacksFilterGradient(name);
      if (reason) return t.skip(`NOT TESTED: ${reason}`);
      assertLayer(name, appliers[name]);
    });
  }

  it("start with PyTorch's names and shapes, convolutions but for their layout", () => {
    const rng = createRandom(1);
    const shapes = (parameters: object) =>
      Object.fromEntries(Object.entries(parameters).map(([key, { shape }]) => [key, shape]));
    const shapesOf = (name: string) => shapes(published[name].state);
    assert.deepEqual(shapes(layers.createDense(3, 4, { rng })), shapesOf("dense"));
    assert.deepEqual(shapes(layers.createDense(3, 2, { rng, bias: false })), shapesOf("dense_no_bias"));
    assert.deepEqual(shapes(layers.createBatchNorm(3)), shapesOf("batch_norm_2d"));
    assert.deepEqual(shapes(layers.createLayerNorm(6)), shapesOf("layer_norm"));
    assert.deepEqual(shapes(layers.createRmsNorm(6)), shapesOf("rms_norm"));
    assert.deepEqual(shapes(layers.createEmbedding(5, 3, { rng })), shapesOf("embedding"));
    assert.deepEqual(shapes(layers.createSelfAttention(6, { rng })), shapesOf("attention"));
    assert.deepEqual(
      shapes(layers.createSelfAttention(6, { rng, bias: false })),
      shapesOf("attention_causal"),
    );
    const { weight, bias } = layers.createConvolution(2, 3, { kernel: 4, rng });
    assert.deepEqual(layers.toPyTorchWeight(weight).shape, [3, 2, 4, 4]);
    assert.deepEqual(bias!.shape, [3]);
  });

  it("refuse inputs that do not fit, naming both shapes", () => {
    const rng = createRandom(1);
    const { weight } = layers.createConvolution(2, 3, { kernel: 3, rng });
    const image = tf.ones([1, 2, 2, 2]);
    assert.throws(
      () => layers.dense(layers.createDense(3, 4, { rng }), tf.ones([2, 4])),
      /axis of 3: got \[2,4\]/,
    );
    assert.throws(() => layers.convolution({ weight }, tf.ones([1, 2, 4, 4])), /width, 2\]: got \[1,2,4,4\]/);
    assert.throws(() => layers.convolution({ weight }, image), /kernel of 3 x 3: got \[1,2,2,2\]/);
    assert.throws(
      () => layers.resizeConvolution({ weight }, image, { factor: 1.5 }),
      /whole and at least 1: got 1.5/,
    );
    assert.throws(
      () => layers.embedding(layers.createEmbedding(5, 3, { rng }), tf.ones([2])),
      /int32: got float32/,
    );
    const attention = layers.createSelfAttention(6, { rng });
    assert.throws(
      () => layers.selfAttention(attention, tf.ones([1, 2, 6]), { heads: 4 }),
      /6 channels .* got 4/,
    );
    const norm = layers.createBatchNorm(2);
    assert.throws(() => layers.batchNorm(norm, tf.ones([1, 2]), { training: true }), /more than one value/);
    assert.throws(() => layers.dropout(image, image, 1), /below 1: got 1/);
  });
});

describe("selfAttention()", () => {
  it("lets no position of a causal one depend on later ones", () => {
    const rng = createRandom(3);
    const attention = layers.createSelfAttention(4, { rng });
    const values = Array.from({ length: 12 }, () => rng.normal());
    const run = (input: number[]) =>
      layers.selfAttention(attention, tf.tensor3d(input, [1, 3, 4]), { heads: 2, causal: true }).dataSync();
    const changed = [...values.slice(0, 8), 9, 9, 9, 9];
    assert.deepEqual(run(changed).slice(0, 8), run(values).slice(0, 8));
    assert.notDeepEqual(run(changed).slice(8), run(values).slice(8));
  });
});

describe("batchNorm()", () => {
  it("is the same in plain operations and as TensorFlow's kernel, forwards and backwards", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: the kernel is TensorFlow's own");
    const rng = createRandom(5);
    const draw = (shape: number[]) => layers.drawVariable(shape, () => 2 * rng.normal() + 1);
    const [input, weight, bias, upstream] = [draw([4, 3, 3, 5]), draw([5]), draw([5]), draw([4, 3, 3, 5])];
    const results = [normaliseBatch, normaliseBatchFused].map((normalisation) => {
      const running = { mean: layers.fillVariable([5], 0.5), variance: layers.fillVariable([5], 2) };
      const options = { weight, bias, running, momentum: 0.3, epsilon: 1e-3 };
      const { value, grads } = tf.variableGrads(
        () => normalisation(input, options).mul(upstream).sum(),
        [input, weight, bias],
      );
      return [value, ...[input, weight, bias].map(({ name }) => grads[name]), running.mean, running.variance];
    });
    for (const [index, plain] of results[0].entries())
      assertTensor(results[1][index], plain, `result ${index}`);
  });

  it("refuses second derivatives in training where the kernel lacks them, and has them otherwise", () => {
    const norm = layers.createBatchNorm(2);
    const input = tf.tensor2d([
      [1, 2],
      [3, 5],
      [4, 9],
    ]);
    const second = (training: boolean) => {
      const first = tf.grad((x) => layers.batchNorm(norm, x, { training }).pow(3).sum());
      return tf
        .grad((x) => first(x).square().sum())(input)
        .dataSync();
    };
    // y = x / sqrt(1.00001), (d/dx y^3)^2 = 9 x^4 / 1.00001^3, whose derivative is 36 x^3 / 1.00001^3
    const expected = [1, 2, 3, 5, 4, 9].map((x) => (36 * x ** 3) / 1.00001 ** 3);
    for (const [index, value] of second(false).entries())
      assert.ok(Math.abs(value / expected[index] - 1) < 1e-5);
    if (tf.getBackend() === "tensorflow") assert.throws(() => second(true), /differentiate .* twice/);
    else assert.ok(second(true).every(Number.isFinite));
  });

  it("leaves no tensor behind", () => {
    const norm = layers.createBatchNorm(3);
    const input = tf.ones([4, 2, 2, 3]);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => layers.batchNorm(norm, input, { training: true }).sum(),
        [norm.weight],
      );
      grads[norm.weight.name].dataSync();
    });
    assert.equal(tf.memory().numTensors, before);
  });
});

describe("dropout()", () => {
  it("drops where the uniform number is below the rate, scales the rest, and passes gradients alike", () => {
    const uniforms = tf.tensor1d([0, 0.24, 0.25, 0.9]);
    const input = tf.tensor1d([1, 2, 3, 6]);
    assert.deepEqual([...layers.dropout(input, uniforms, 0.25).dataSync()], [0, 0, 4, 8]);
    const gradient = tf.grad((x) => layers.dropout(x, uniforms, 0.25).sum())(input);
    assert.deepEqual([...gradient.dataSync()], [0, 0, 1 / 0.75, 1 / 0.75].map(Math.fround));
    assert.deepEqual([...layers.dropout(input, uniforms, 0).dataSync()], [1, 2, 3, 6]);
  });
});
