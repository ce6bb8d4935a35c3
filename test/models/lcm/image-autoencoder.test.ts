// The image autoencoder of CausalCircuit against torch (test/fixtures/wscrl/make_image_autoencoder.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import {
  createImageAutoencoder,
  decodeImages,
  encodeImages,
  imageAutoencoderVariables,
  imageVaeLoss,
} from "../../../src/models/lcm";
import { createRandom } from "../../../src/random";
import { compile, loadStateDict, type StoredTensor, startBackend, tensorflow } from "../../../src/tensor";
import { createTrainer } from "../../../src/train";

const tf = tensorflow();
before(startBackend);

interface Described {
  shape: number[];
  values: number[];
}
interface Published {
  options: { size: number; width: number; latents: number; hidden: number };
  state: Record<string, Described>;
  images: Described;
  noise: Described;
  mean: Described;
  deviation: Described;
  decoded: Described;
  loss: number;
  gradients: Record<string, Described>;
}
const published = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/wscrl/image_autoencoder.json"), "utf8"),
) as Published;

const imagesOf = ({ shape, values }: Described) => tf.tensor(values, shape).transpose([0, 2, 3, 1]);

function publishedModel() {
  const model = createImageAutoencoder({ ...published.options, rng: createRandom(0) });
  const state = new Map<string, StoredTensor>(
    Object.entries(published.state).map(([name, { shape, values }]) => [
      name,
      { shape, data: Float32Array.from(values) },
    ]),
  );
  loadStateDict(imageAutoencoderVariables(model), state);
  return model;
}

const tiny = (seed = 0) =>
  createImageAutoencoder({ size: 8, width: 4, latents: 2, hidden: 6, rng: createRandom(seed) });

function near(found: Tensor, wanted: ArrayLike<number>, tolerance: number, what: string) {
  const values = found.dataSync();
  assert.equal(values.length, wanted.length, what);
  for (let i = 0; i < values.length; i++)
    assert.ok(Math.abs(values[i] - wanted[i]) <= tolerance, `${what} ${i}: ${values[i]} for ${wanted[i]}`);
}

function publishedLoss(model = publishedModel()) {
  const [beforeHalf, afterHalf] = tf.split(imagesOf(published.images), 2, 0);
  const noise = tf.tensor(published.noise.values, [2, 2, 2]);
  return () => imageVaeLoss(model, { before: beforeHalf, after: afterHalf }, noise).loss;
}

describe("image autoencoder", () => {
  it("has the published layers: names and shapes of a published state at 64 pixels", () => {
    const names = imageAutoencoderVariables(
      createImageAutoencoder({ width: 4, hidden: 6, rng: createRandom(0) }),
    );
    const channels = (name: string) => names[name].shape.slice(2);
    // 32, 64, 128, 256, 256, 256 down and 256, 256, 128, 64, 32, 16 up, an eighth of each here.
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((i) => channels(`encoder.net.${i}.conv2.conv.weight`)[1]),
      [4, 8, 16, 32, 32, 32],
    );
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((i) => channels(`decoder.net.${i}.conv2.conv.weight`)[1]),
      [32, 32, 16, 8, 4, 2],
    );
    assert.deepEqual(channels("encoder.net.0.conv1.conv.weight"), [5, 2]);
    assert.deepEqual(channels("encoder.net.6.conv.weight"), [34, 6]);
    assert.deepEqual(names["encoder.mlp.3.weight"].shape, [16, 6]);
    assert.deepEqual(names["decoder.mlp.0.weight"].shape, [6, 8]);
    assert.deepEqual(channels("decoder.net.6.conv.weight"), [4, 3]);
  });

  it("encodes and decodes as torch does", () => {
    const model = publishedModel();
    const { mean, standardDeviation } = encodeImages(model, imagesOf(published.images));
    near(mean, published.mean.values, 2e-6, "mean");
    near(standardDeviation, published.deviation.values, 2e-6, "deviation");
    const codes = mean.add(standardDeviation.mul(tf.tensor(published.noise.values, [4, 2])));
    near(decodeImages(model, codes).transpose([0, 3, 1, 2]), published.decoded.values, 5e-6, "pixel");
  });

  it("has torch's loss and gradients", () => {
    const model = publishedModel();
    const variables = imageAutoencoderVariables(model);
    const { value, grads } = tf.variableGrads(publishedLoss(model), Object.values(variables));
    assert.ok(Math.abs(value.dataSync()[0] / published.loss - 1) < 1e-6);
    for (const [name, { shape, values }] of Object.entries(published.gradients)) {
      const gradient = grads[variables[name].name];
      const turned = shape.length === 4 ? gradient.transpose([3, 2, 0, 1]) : gradient;
      const most = Math.max(...values.map(Math.abs));
      near(turned, values, 2e-5 * Math.max(1, most), name);
    }
  });

  it("has the gradient of finite differences", () => {
    const model = publishedModel();
    const trained = Object.values(imageAutoencoderVariables(model));
    const loss = publishedLoss(model);
    const { grads } = tf.variableGrads(loss, trained);
    const norm = Math.sqrt(Object.values(grads).reduce((sum, g) => sum + g.square().sum().dataSync()[0], 0));
    const start = trained.map((variable) => variable.clone());
    const lossAt = (step: number) => {
      for (const [i, variable] of trained.entries())
        variable.assign(start[i].add(grads[variable.name].mul(step / norm)));
      return loss().dataSync()[0];
    };
    const slope = (lossAt(2e-3) - lossAt(-2e-3)) / 4e-3;
    assert.ok(Math.abs(slope / norm - 1) < 5e-3, `slope ${slope} along a gradient of norm ${norm}`);
  });

  it("gives the same loss and gradients compiled, and no tensor stays behind", () => {
    const model = publishedModel();
    const variables = imageAutoencoderVariables(model);
    const trained = Object.values(variables);
    const [first, second] = tf.split(imagesOf(published.images), 2, 0);
    const noise = tf.tensor(published.noise.values, [2, 2, 2]);
    const body = (before: Tensor, after: Tensor, drawn: Tensor) => {
      const { value, grads } = tf.variableGrads(
        () => imageVaeLoss(model, { before, after }, drawn).loss,
        trained,
      );
      return { value, ...grads };
    };
    const step = compile(body, { variables: trained });
    const eager = tf.tidy(() => body(first, second, noise));
    tf.dispose(step(first, second, noise));
    const { numTensors } = tf.memory();
    tf.dispose(step(first, second, noise));
    assert.equal(tf.memory().numTensors, numTensors);
    const compiled = step(first, second, noise);
    for (const [name, tensor] of Object.entries(eager)) {
      const scale = Math.max(1, tensor.abs().max().dataSync()[0]);
      near((compiled as Record<string, Tensor>)[name], tensor.dataSync(), 1e-5 * scale, name);
    }
    step.dispose();
  });

  it("learns: the loss falls", () => {
    const model = tiny();
    const parameters = imageAutoencoderVariables(model);
    const trainer = createTrainer({
      parameters,
      loss: (before, after, noise) => imageVaeLoss(model, { before, after }, noise).loss,
      optimiser: { kind: "adam" },
      learningRate: 1e-2,
      threads: 1,
    });
    const image = (seed: number) => tf.randomUniform([4, 8, 8, 3], 0, 1, "float32", seed);
    const [first, second, noise] = [image(1), image(2), tf.zeros([2, 4, 2])];
    const losses = Array.from({ length: 40 }, () => trainer.step(first, second, noise).dataSync()[0]);
    assert.ok(losses[39] < 0.6 * losses[0], `${losses[0]} to ${losses[39]}`);
    trainer.dispose();
  });

  it("refuses sizes and shapes that do not fit, with the rule", () => {
    const rng = createRandom(0);
    assert.throws(() => createImageAutoencoder({ size: 48, rng }), /8, 16, 32, \.\.\. pixels wide: got 48/);
    assert.throws(() => createImageAutoencoder({ size: 16, width: 5, rng }), /even and from 4: got 5/);
    assert.throws(
      () => createImageAutoencoder({ size: 16, latents: 0, rng }),
      /latents must be a whole number/,
    );
    const model = tiny();
    assert.throws(() => encodeImages(model, tf.zeros([1, 16, 16, 3])), /must be \[batch, 8, 8, 3\]/);
    const images = tf.zeros([2, 8, 8, 3]);
    const noise = tf.zeros([2, 2, 2]);
    assert.throws(
      () => imageVaeLoss(model, { before: images, after: tf.zeros([1, 8, 8, 3]) }, noise),
      /one shape/,
    );
    assert.throws(() => imageVaeLoss(model, { before: images, after: images }, tf.zeros([2, 1, 2])), /noise/);
  });
});
