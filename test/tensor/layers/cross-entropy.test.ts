import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { compile } from "../../../src/tensor/compile/compile";
import { crossEntropy, crossEntropyFused, crossEntropyPlain } from "../../../src/tensor/layers/cross-entropy";
import { assertTensor } from "./published-layers";

const tf = tensorflow();
before(startBackend);

const example = (rows: number, classes: number) => {
  const rng = createRandom(4);
  const logits = tf.tensor2d(
    Float32Array.from({ length: rows * classes }, () => 3 * rng.normal()),
    [rows, classes],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: rows }, () => rng.integer(0, classes)),
    "int32",
  );
  return { logits, labels, upstream: tf.tensor1d(Float32Array.from({ length: rows }, () => rng.normal())) };
};

/** In float64: -log softmax(logits)[label], and upstream (softmax(logits) - oneHot(label)). */
function expected({ logits, labels, upstream }: ReturnType<typeof example>) {
  const [rows, labelled, factors] = [logits.arraySync(), labels.arraySync(), upstream.arraySync()];
  const sums = rows.map((row) => row.reduce((sum, value) => sum + Math.exp(value), 0));
  return {
    losses: tf.tensor1d(rows.map((row, i) => Math.log(sums[i]) - row[labelled[i]])),
    gradient: tf.tensor2d(
      rows.map((row, i) =>
        row.map((value, k) => factors[i] * (Math.exp(value) / sums[i] - (k === labelled[i] ? 1 : 0))),
      ),
    ),
  };
}

const kinds: Record<string, (logits: Tensor2D, labels: Tensor1D) => Tensor> = {
  crossEntropy,
  crossEntropyPlain,
  crossEntropyFused,
};

describe("crossEntropy()", () => {
  for (const [name, compare] of Object.entries(kinds)) {
    it(`gives losses and gradients as its definition does: ${name}`, (t) => {
      if (compare === crossEntropyFused && tf.getBackend() !== "tensorflow")
        return t.skip("NOT TESTED: only native TensorFlow has the kernel");
      const { logits, labels, upstream } = example(5, 7);
      const { losses, gradient } = expected({ logits, labels, upstream });
      assertTensor(compare(logits, labels), losses, "losses");
      const found = tf.grad((given) =>
        compare(given as Tensor2D, labels)
          .mul(upstream)
          .sum(),
      )(logits);
      assertTensor(found, gradient, "gradient");
    });

    it(`has the second derivatives that differences show: ${name}`, (t) => {
      if (compare === crossEntropyFused && tf.getBackend() !== "tensorflow")
        return t.skip("NOT TESTED: only native TensorFlow has the kernel");
      const { logits, labels, upstream } = example(3, 4);
      const gradient = tf.grad((given) =>
        compare(given as Tensor2D, labels)
          .mul(upstream)
          .square()
          .sum(),
      );
      const [direction, h] = [example(3, 4).logits.cos(), 0.01];
      const curvature = tf.grad((given) => gradient(given).mul(direction).sum())(logits);
      const differences = gradient(logits.add(direction.mul(h))).sub(gradient(logits.sub(direction.mul(h))));
      const error = curvature
        .sub(differences.div(2 * h))
        .norm()
        .dataSync()[0];
      assert.ok(error < 1e-3 * curvature.norm().dataSync()[0], `${error}`);
    });
  }

  it("takes rows of any leading shape and logits beyond the exponential's range", () => {
    const logits = tf.tensor3d([
      [
        [1e4, 0],
        [-1e4, 0],
      ],
    ]); // [1, 2, 2]
    const labels = tf.tensor2d([[1, 1]], [1, 2], "int32");
    assertTensor(crossEntropy(logits, labels), tf.tensor2d([[1e4, 0]]), "losses");
  });

  it("gives the same in a compiled step, with and without XLA", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const { logits, labels, upstream } = example(5, 7);
    for (const jit of [false, true]) {
      const step = compile(
        (given: Tensor2D, at: Tensor1D) => tf.grad((x) => crossEntropy(x, at).mul(upstream).sum())(given),
        { variables: [], jit },
      );
      assertTensor(step(logits, labels), expected({ logits, labels, upstream }).gradient, `jit ${jit}`);
      step.dispose();
    }
  });

  it("refuses labels that do not fit", () => {
    const refused = /^TypeError: Cannot compare with labels as logits \[2,3\] take int32 labels \[2\]: got/;
    assert.throws(() => crossEntropy(tf.zeros([2, 3]), tf.zeros([2])), refused);
    assert.throws(() => crossEntropy(tf.zeros([2, 3]), tf.zeros([3], "int32")), refused);
  });
});
