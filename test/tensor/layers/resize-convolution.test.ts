import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { convolution, drawVariable, resizeConvolution } from "../../../src/tensor/layers";
import { assertTensor } from "./published-layers";

const tf = tensorflow();
before(startBackend);

/** What it stands for: each pixel repeated along both axes, by stacking. */
function repeatPixels(image: Tensor, factor: number): Tensor {
  const [batch, height, width, channels] = image.shape;
  const copies = (each: Tensor) => Array.from({ length: factor }, () => each);
  const rows = tf.stack(copies(image), 2).reshape([batch, height * factor, width, channels]);
  return tf.stack(copies(rows), 3).reshape([batch, height * factor, width * factor, channels]);
}

describe("resizeConvolution()", () => {
  for (const [kernel, factor] of [
    [3, 2],
    [3, 1],
    [1, 2],
    [5, 2],
    [3, 3],
    [5, 4],
  ]) {
    it(`equals the convolution of repeated pixels: kernel ${kernel}, factor ${factor}`, (t) => {
      const rng = createRandom(10 * kernel + factor);
      const draw = (shape: number[]) => drawVariable(shape, () => rng.normal());
      const [weight, bias] = [draw([kernel, kernel, 2, 3]), draw([3])];
      const image = draw([2, 3, 4, 2]);
      const upstream = draw([2, 3 * factor, 4 * factor, 3]).div(factor * kernel);
      const direct = () => resizeConvolution({ weight, bias }, image, { factor });
      const inTwo = () =>
        convolution({ weight, bias }, repeatPixels(image, factor), { padding: (kernel - 1) / 2 });
      assertTensor(direct(), inTwo(), "output");
      if (tf.getBackend() === "wasm") return t.skip("NOT TESTED: no gradient for filters in WebAssembly");
      const [found, expected] = [direct, inTwo].map((way) =>
        tf.variableGrads(() => way().mul(upstream).sum()),
      );
      for (const { name } of [weight, bias, image])
        assertTensor(found.grads[name], expected.grads[name], `gradient of ${name}`);
    });
  }

  it("leaves no tensor behind", () => {
    const rng = createRandom(1);
    const [weight, image] = [
      [3, 3, 2, 3],
      [1, 2, 2, 2],
    ].map((shape) => drawVariable(shape, () => rng.normal()));
    const before = tf.memory().numTensors;
    tf.tidy(() => assert.deepEqual(resizeConvolution({ weight }, image).shape, [1, 4, 4, 3]));
    assert.equal(tf.memory().numTensors, before);
  });
});
