import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createResNet18, resNet18 } from "../../../src/models/resnet";
import { createRandom } from "../../../src/random";
import { crossEntropy, loadStateDict, startBackend, tensorflow, toStateDict } from "../../../src/tensor";
import {
  assertClose,
  greatestDifference,
  published,
  publishedImages,
  publishedResNet,
  publishedState,
  trainable,
} from "./published-resnet";

const tf = tensorflow();
before(startBackend);

const tiny = (seed = 1) => createResNet18({ width: 1, classes: 3, rng: createRandom(seed) });

describe("createResNet18()", () => {
  it("has 11,173,962 parameters at width 64, initialised as torchvision does", () => {
    const parameters = createResNet18({ rng: createRandom(0) });
    const weights = Object.values(trainable(parameters));
    assert.equal(
      weights.reduce((sum, { size }) => sum + size, 0),
      11_173_962,
    );
    assert.equal(published.fullSize, 11_173_962);
    const { mean, variance } = tf.moments(parameters["layer3.1.conv2.weight"]); // 589,824 draws
    assert.ok(Math.abs(mean.dataSync()[0]) < 1e-3);
    const expected = 2 / (3 * 3 * 256); // kaiming_normal_(mode="fan_out", nonlinearity="relu")
    assert.ok(Math.abs(variance.dataSync()[0] / expected - 1) < 0.01);
    const greatest = parameters["fc.weight"].abs().max().dataSync()[0];
    assert.ok(greatest <= 1 / Math.sqrt(512) && greatest > 0.99 / Math.sqrt(512));
    tf.dispose(parameters);
  });

  it("lists its trainable variables in the order of PyTorch's parameters()", () => {
    assert.deepEqual(Object.keys(trainable(tiny())), published.parameters);
  });

  it("refuses a width that is no whole number above 0", () => {
    const rng = createRandom(0);
    assert.throws(() => createResNet18({ width: 0, rng }), /width must be a whole number above 0: got 0/);
    assert.throws(() => createResNet18({ classes: 1.5, rng }), {
      name: "RangeError",
      message: /classes.*1\.5/,
    });
  });
});

describe("resNet18()", () => {
  it("gives each image its logits, a single image too", () => {
    const parameters = tiny();
    assert.deepEqual(resNet18(parameters, tf.ones([1, 32, 32, 3]), { training: false }).shape, [1, 3]);
    assert.deepEqual(resNet18(parameters, tf.ones([2, 32, 32, 3]), { training: true }).shape, [2, 3]);
    assert.deepEqual(resNet18(parameters, tf.ones([1, 1, 1, 3]), { training: false }).shape, [1, 3]);
  });

  it("refuses images of other channels, and training where a channel has one value", () => {
    const parameters = tiny();
    assert.throws(() => resNet18(parameters, tf.ones([1, 3, 32, 32]), { training: false }), {
      name: "TypeError",
      message: /takes images \[batch, height, width, 3\]: got \[1,3,32,32\]/,
    });
    assert.throws(() => resNet18(parameters, tf.ones([1, 8, 8, 3]), { training: true }), {
      name: "RangeError",
      message: /more than one value per channel: got \[1,1,1,8\]/,
    });
  });

  it("computes PyTorch's logits from PyTorch's state, for oblong images of odd height too", () => {
    const parameters = publishedResNet();
    const images = publishedImages([0, 1, 2]);
    const logits = resNet18(parameters, images, { training: false });
    assertClose(logits.dataSync(), published.evaluated.flat(), 1e-4);
    const oblong = images.slice([0, 0, 0, 0], [2, 11, 10, 3]);
    const oblongLogits = resNet18(parameters, oblong, { training: false });
    assertClose(oblongLogits.dataSync(), published.oblong.flat(), 1e-4);
  });

  it("gives its state back to PyTorch as it came, but for the counters", () => {
    const expected = publishedState("initial");
    const state = toStateDict(publishedResNet());
    const names = Array.from(expected.keys()).filter((name) => !name.endsWith("num_batches_tracked"));
    assert.deepEqual(Array.from(state.keys()), names);
    for (const [name, { shape, data }] of state) {
      assert.deepEqual(shape, expected.get(name)!.shape);
      assert.deepEqual(Array.from(data), Array.from(expected.get(name)!.data), name);
    }
  });

  it("has a gradient that says how the loss changes", () => {
    const parameters = tiny();
    const weights = trainable(parameters);
    const rng = createRandom(3);
    const pixels = Float32Array.from({ length: 4 * 16 * 16 * 3 }, () => rng.normal());
    const images = tf.tensor(pixels, [4, 16, 16, 3]);
    const labels = tf.tensor1d([0, 1, 2, 0], "int32");
    const loss = () =>
      crossEntropy(resNet18(parameters, images, { training: true }), labels)
        .mean()
        .asScalar();
    const { grads } = tf.variableGrads(loss, Object.values(weights));
    const named = Object.values(weights).map((variable) => ({ variable, gradient: grads[variable.name] }));
    const norm = tf.addN(named.map(({ gradient }) => gradient.square().sum())).sqrt();
    // Along the gradient the loss changes at the rate of the gradient's norm. Two float32 losses near 1 differ by 6e-4 at
    // this distance and are rounded by 1e-7 each: 3e-4 of the rate. The rest of the tolerance is for kinks of ReLUs.
    const distance = 1e-4;
    const at = (offset: number) => {
      const originals = named.map(({ variable }) => variable.clone());
      for (const { variable, gradient } of named)
        variable.assign(variable.add(gradient.div(norm).mul(offset)));
      const value = loss().dataSync()[0];
      for (const [i, { variable }] of named.entries()) variable.assign(originals[i]);
      return value;
    };
    const rate = (at(distance) - at(-distance)) / (2 * distance);
    const expected = norm.dataSync()[0];
    assert.ok(Math.abs(rate / expected - 1) < 0.01, `${rate} is not ${expected}`);
  });

  it("refuses a state that lacks a layer", () => {
    const state = publishedState("initial");
    state.delete("layer2.0.downsample.1.bias");
    assert.throws(() => loadStateDict(publishedResNet(), state), /got no layer2\.0\.downsample\.1\.bias/);
  });

  it("updates the running statistics in training only", () => {
    const parameters = publishedResNet();
    const before = toStateDict(parameters);
    const images = publishedImages(published.order[0]);
    resNet18(parameters, images, { training: false });
    assert.equal(greatestDifference(parameters, before), 0);
    const logits = resNet18(parameters, images, { training: true });
    assertClose(logits.dataSync(), published.sgd.logits.flat(), 1e-4);
    assert.ok(greatestDifference(parameters, before) > 0.01);
  });
});
