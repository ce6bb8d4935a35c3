import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { relu, silu } from "../../../src/tensor/layers";

const tf = tensorflow();
before(startBackend);

describe("relu()", () => {
  const values = [-2, -0.5, 0, 0.25, 3];

  it("is max(x, 0), with the derivative 0 at 0", () => {
    assert.deepEqual([...relu(tf.tensor1d(values)).dataSync()], [0, 0, 0, 0.25, 3]);
    const { value, grad } = tf.valueAndGrad((x: Tensor) =>
      relu(x)
        .mul(tf.tensor1d([1, 2, 3, 4, 5]))
        .sum(),
    )(tf.tensor1d(values));
    assert.deepEqual([...value.dataSync()], [16]);
    assert.deepEqual([...grad.dataSync()], [0, 0, 0, 4, 5]);
  });

  it("can be differentiated again and again: d3/dx3 of relu(x)^4 is 24 x or 0", () => {
    const once = (f: (x: Tensor) => Tensor) => tf.grad((x: Tensor) => f(x).sum());
    const third = once(once(once((x) => relu(x).pow(4))));
    assert.deepEqual([...third(tf.tensor1d(values)).dataSync()], [0, 0, 0, 6, 72]);
  });

  it("leaves no tensor behind", () => {
    const input = tf.tensor1d(values);
    const gradient = tf.grad((x: Tensor) => relu(x).square().sum());
    const before = tf.memory().numTensors;
    gradient(input).dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});

describe("silu()", () => {
  it("is PyTorch's, with its derivative", () => {
    const x = tf.tensor1d([-8, -1, 0, 0.5, 3]);
    const { value, grad } = tf.valueAndGrad((x: Tensor) => silu(x).sum())(x);
    const expected = [-0.0023465, 0.0723295, 0.5, 0.7399612, 1.0881041];
    for (const [i, slope] of grad.dataSync().entries())
      assert.ok(Math.abs(slope - expected[i]) < 1e-6, `${slope}`);
    assert.ok(Math.abs(value.dataSync()[0] - 2.8973278) < 1e-5, `${value.dataSync()[0]}`);
  });
});
