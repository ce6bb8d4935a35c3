import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { compile, leakyRelu, startBackend, tensorflow, upsampleBilinear } from "../../../src/tensor";
import { upsampleBilinearPlain } from "../../../src/tensor/layers/upsample-bilinear";

const tf = tensorflow();
before(startBackend);

const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-6) => {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance, `${i}: ${found[i]} for ${wanted[i]}`);
};

describe("upsampleBilinear()", () => {
  it("is torch.nn.Upsample(scale_factor=2, mode='bilinear')", () => {
    // torch.arange(4.).reshape(1, 1, 2, 2)
    const rows = [
      [0, 0.25, 0.75, 1],
      [0.5, 0.75, 1.25, 1.5],
      [1.5, 1.75, 2.25, 2.5],
      [2, 2.25, 2.75, 3],
    ];
    near(upsampleBilinear(tf.tensor4d([0, 1, 2, 3], [1, 2, 2, 1])).dataSync(), rows.flat());
  });

  for (const shape of [
    [2, 1, 1, 3],
    [1, 3, 5, 2],
    [2, 4, 4, 1],
  ] as [number, number, number, number][])
    it(`has values and gradients of plain operations, compiled too, for [${shape}]`, () => {
      const x = tf.randomNormal(shape, 0, 1, "float32", 3);
      const upstream = tf.randomNormal([shape[0], 2 * shape[1], 2 * shape[2], shape[3]], 0, 1, "float32", 4);
      near(upsampleBilinear(x).dataSync(), upsampleBilinearPlain(x).dataSync());
      const gradientOf = (map: (input: Tensor) => Tensor) =>
        tf
          .grad((input) => map(input).mul(upstream).sum())(x)
          .dataSync();
      near(gradientOf(upsampleBilinear), gradientOf(upsampleBilinearPlain), 1e-5);
      const step = compile(
        (input: Tensor, given: Tensor) => {
          return tf.grad((maps) => upsampleBilinear(maps).mul(given).sum())(input);
        },
        { variables: [] },
      );
      near(step(x, upstream).dataSync(), gradientOf(upsampleBilinearPlain), 1e-5);
      step.dispose();
      // The gradient is linear in what comes from above: the transposed map's gradient is the map.
      const twice = tf.grad((given) =>
        tf
          .grad((input) => upsampleBilinear(input).mul(given).sum())(x)
          .mul(x)
          .sum(),
      )(upstream);
      near(twice.dataSync(), upsampleBilinear(x).dataSync(), 1e-5);
    });

  it("refuses what is no batch of images", () => {
    assert.throws(
      () => upsampleBilinear(tf.zeros([2, 2])),
      /must be \[batch, height, width, channels\]: got \[2,2\]/,
    );
  });
});

describe("leakyRelu()", () => {
  it("has torch.nn.functional.leaky_relu's values and gradient, and a second derivative", () => {
    const x = tf.tensor1d([-2, -0.5, 0, 3]);
    near(leakyRelu(x).dataSync(), [-0.02, -0.005, 0, 3]);
    near(
      tf
        .grad((input) => leakyRelu(input).square().sum())(x)
        .dataSync(),
      [-4e-4, -1e-4, 0, 6],
    );
    const second = tf.grad((input) =>
      tf
        .grad((inner) => leakyRelu(inner).square().sum())(input)
        .sum(),
    )(x);
    near(second.dataSync(), [2e-4, 2e-4, 2e-4, 2]);
  });

  it("refuses a slope that is not above 0", () => {
    assert.throws(() => leakyRelu(tf.scalar(1), 0), /must be above 0: got 0/);
  });
});
