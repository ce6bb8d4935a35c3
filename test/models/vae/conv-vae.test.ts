import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import {
  convVaeLoss,
  convVaeVariables,
  createConvVae,
  decodeConvVae,
  encodeConvVae,
  sampleGaussian,
} from "../../../src/models";
import { createRandom } from "../../../src/random";
import {
  compile,
  createOptimiser,
  drawVariable,
  startBackend,
  tensorflow,
  toStateDict,
} from "../../../src/tensor";
import { assertTensor, toTensor } from "../../tensor/layers/published-layers";
import { published, publishedImages, publishedNoise, publishedVae, seedOf } from "./published-conv-vae";

const tf = tensorflow();
before(startBackend);

const noFilterGradient = () =>
  tf.getBackend() === "wasm" && "NOT TESTED: no gradient for filters in WebAssembly";

/** Trains the fixture's autoencoder. */
function train({ steps, compiled, rate = 1e-2 }: { steps: number; compiled: boolean; rate?: number }) {
  const { vae, variables, trained } = publishedVae();
  const optimiser = createOptimiser(trained, { kind: "adam" });
  const step = (images: Tensor, seed: Tensor1D): Scalar => {
    const { value, grads } = tf.variableGrads(
      () => convVaeLoss(vae, images, seed, { training: true, beta: published.beta }).loss,
      Object.values(trained),
    );
    optimiser.apply(grads, rate);
    return value;
  };
  const all = [...Object.values(variables), ...optimiser.state.values()];
  const run = compiled ? compile(step, { variables: all }) : step;
  const images = publishedImages();
  const losses = Array.from({ length: steps }, (_, time) =>
    tf.tidy(() => run(images, seedOf(time)).dataSync()[0]),
  );
  return { vae, variables, losses };
}

describe("convVaeLoss()", () => {
  it("gives PyTorch's codes, reconstruction, error and divergence for the same noise", () => {
    const { mean, logVariance, reconstruction, kl, squares, entropy } = published.training;
    const expected = (described: typeof mean) => toTensor(described, "image");
    const images = publishedImages();
    const codes = encodeConvVae(publishedVae().vae, images, { training: true });
    assertTensor(codes.mean, expected(mean), "mean");
    assertTensor(codes.logVariance, expected(logVariance), "logVariance");
    const options = { training: true, beta: published.beta };
    const found = convVaeLoss(publishedVae().vae, images, seedOf(0), options);
    assertTensor(found.reconstruction, expected(reconstruction), "reconstruction");
    assertTensor(found.kl, expected(kl), "kl");
    assertTensor(found.error, expected(squares), "squares");
    assertTensor(found.loss, tf.scalar(published.losses[0]), "loss");
    const bernoulli = convVaeLoss(publishedVae().vae, images, seedOf(0), {
      ...options,
      likelihood: "bernoulli",
    });
    assertTensor(bernoulli.error, expected(entropy), "entropy");
  });

  it("has the gradient of finite differences", (t) => {
    const reason = noFilterGradient();
    if (reason) return t.skip(reason);
    const { vae, trained } = publishedVae();
    const images = publishedImages();
    const rng = createRandom(2);
    const variables = Object.values(trained);
    const directions = variables.map(({ shape }) => drawVariable(shape, () => rng.normal()));
    const starts = variables.map((variable) => variable.clone());
    const loss = () => convVaeLoss(vae, images, seedOf(1), { training: true, likelihood: "bernoulli" }).loss;
    const { grads } = tf.variableGrads(loss, variables);
    const slope = variables
      .map(({ name }, index) => grads[name].mul(directions[index]).sum().dataSync()[0])
      .reduce((sum, part) => sum + part);
    const [after, before] = [1e-3, -1e-3].map((by) => {
      for (const [index, variable] of variables.entries())
        variable.assign(starts[index].add(directions[index].mul(by)));
      return loss().dataSync()[0];
    });
    const difference = (after - before) / 2e-3;
    assert.ok(Math.abs(difference / slope - 1) < 2e-2, `${slope}, by differences ${difference}`);
  });

  it("refuses what does not fit, naming it", () => {
    const { vae } = publishedVae();
    const refused = (images: Tensor, options: object, pattern: RegExp) =>
      assert.throws(() => convVaeLoss(vae, images, seedOf(0), { training: false, ...options }), pattern);
    refused(tf.ones([1, 8, 8, 3]), {}, /images \[batch, 16, 16, colours\]: got \[1,8,8,3\]/);
    refused(publishedImages(), { beta: -1 }, /beta must be at least 0: got -1/);
    refused(publishedImages(), { likelihood: "laplace" }, /gaussian or bernoulli: got laplace/);
  });
});

describe("a convolutional autoencoder", () => {
  it("has PyTorch's names and shapes, in PyTorch's order", () => {
    const state = toStateDict(publishedVae().variables);
    assert.deepEqual([...state.keys()], Object.keys(published.state));
    for (const [name, { shape }] of state) assert.deepEqual(shape, published.state[name].shape, name);
  });

  it("halves images once a width and doubles them back", () => {
    const vae = createConvVae({ widths: [2, 3, 4, 5], latents: 6, colours: 1, rng: createRandom(3) });
    const images = tf.zeros([2, 64, 64, 1]);
    const codes = encodeConvVae(vae, images, { training: false });
    assert.deepEqual(
      [codes.mean.shape, codes.logVariance.shape],
      [
        [2, 6],
        [2, 6],
      ],
    );
    assert.deepEqual(decodeConvVae(vae, codes.mean, { training: false }).shape, images.shape);
    assert.equal(Object.keys(convVaeVariables(vae)).length, 2 * 4 * 5 + 3 * 2 + 2);
    assert.throws(() => createConvVae({ widths: [], rng: createRandom(3) }), /widths \[\]/);
    assert.throws(() => createConvVae({ latents: 0.5, rng: createRandom(3) }), /latents 0.5/);
  });

  it("trains as in PyTorch: five steps of Adam, then evaluated with the running statistics", (t) => {
    const reason = noFilterGradient();
    if (reason) return t.skip(reason);
    const { vae, variables, losses } = train({ steps: 5, compiled: false });
    for (const [time, loss] of published.losses.entries())
      assert.ok(Math.abs(losses[time] / loss - 1) < 1e-5, `${losses}, not ${published.losses}`);
    for (const [name, variable] of Object.entries(variables)) {
      const expected = toTensor(published.stateAfter[name], "weight");
      const distance = variable.sub(expected).abs().max().dataSync()[0];
      assert.ok(distance < 1e-4, `${name}: ${distance} away`); // a hundredth of one step
    }
    const found = convVaeLoss(vae, publishedImages(), seedOf(5), { training: false });
    for (const [name, value] of [
      ["kl", found.kl],
      ["squares", found.error],
    ] as const) {
      const expected = tf.tensor1d(published.evaluated[name].values);
      assert.ok(value.sub(expected).div(expected).abs().max().dataSync()[0] < 1e-3, name);
    }
  });

  it("comes nearer to its images in 20 steps", (t) => {
    const reason = noFilterGradient();
    if (reason) return t.skip(reason);
    const { losses } = train({ steps: 20, compiled: false });
    assert.ok(losses[19] < 0.95 * losses[0], `${losses}`);
  });

  it("trains in a compiled step as eagerly, noise inside", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const [eager, compiled] = [false, true].map((compiled) => train({ steps: 50, compiled, rate: 1e-3 }));
    for (const [time, loss] of eager.losses.entries())
      assert.ok(Math.abs(compiled.losses[time] / loss - 1) < 1e-4, `step ${time}`);
    for (const [name, variable] of Object.entries(eager.variables)) {
      const distance = variable.sub(compiled.variables[name]).abs().max().dataSync()[0];
      assert.ok(distance < 1e-3, `${name}: ${distance} away`);
    }
  });
});

describe("sampleGaussian()", () => {
  it("adds TensorFlow's stateless noise, scaled by the deviation", () => {
    const [mean, deviation] = [0.5, 2];
    const shape: [number, number] = [3, 2];
    const gaussian = { mean: tf.fill(shape, mean), logVariance: tf.fill(shape, Math.log(deviation ** 2)) };
    for (const [step, noise] of publishedNoise.entries())
      assertTensor(
        sampleGaussian(gaussian as never, seedOf(step)),
        tf.tensor2d(noise).mul(deviation).add(mean),
        `seed ${step}`,
      );
  });
});
