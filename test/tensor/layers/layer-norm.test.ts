import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { layerNorm } from "../../../src/tensor/layers";

const tf = tensorflow();
before(startBackend);

describe("layerNorm()", () => {
  it("has the second derivatives that differences show", () => {
    const rng = createRandom(6);
    const draw = (...shape: number[]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return tf.tensor(
        Float32Array.from({ length: count }, () => rng.normal()),
        shape,
      );
    };
    const parameters = { weight: draw(7), bias: draw(7) };
    const [input, upstream, direction, h] = [draw(3, 7), draw(3, 7), draw(3, 7), 0.01];
    const gradient = (at: Tensor) =>
      tf.grad((x) => layerNorm(parameters, x).mul(upstream).square().sum())(at);
    const curvature = tf.grad((x) => gradient(x).mul(direction).sum())(input);
    const differences = gradient(input.add(direction.mul(h))).sub(gradient(input.sub(direction.mul(h))));
    const error = curvature
      .sub(differences.div(2 * h))
      .norm()
      .dataSync()[0];
    assert.ok(error < 5e-3 * curvature.norm().dataSync()[0], `${error}`);
  });
});
