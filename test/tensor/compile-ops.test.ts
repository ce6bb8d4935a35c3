import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { compile, startBackend, tensorflow } from "../../src/tensor";

const tf = tensorflow();

/** Ops by name, each on a [4, 6] tensor; compiled and eager results are compared, and gradients where eager has them. */
const ops: Record<string, (x: Tensor) => Tensor> = {
  unary: (x) =>
    tf.stack([
      x.abs(),
      x.neg(),
      x.exp(),
      x.square(),
      x.sin(),
      x.cos(),
      x.tanh(),
      x.sigmoid(),
      x.softplus(),
      x.relu(),
    ]),
  activations: (x) =>
    tf.stack([
      x.elu(),
      x.selu(),
      x.leakyRelu(0.1),
      tf.relu6(x),
      tf.prelu(x, tf.scalar(0.2)),
      tf.softmax(x),
      x.step(0.1),
    ]),
  "more unary": (x) =>
    tf.stack([x.erf(), x.sign(), x.floor(), x.ceil(), x.round(), x.atan(), x.sinh(), x.cosh(), x.expm1()]),
  positive: (x) => tf.stack([x.sqrt(), x.rsqrt(), x.log(), x.log1p(), x.reciprocal()].map((y) => y.abs())),
  logSoftmax: (x) => tf.logSoftmax(x),
  cumsum: (x) => tf.cumsum(x, 1),
  cumprod: (x) => tf.cumprod(x, 1),
  clipByValue: (x) => x.clipByValue(-0.5, 0.5),
  reductions: (x) => tf.stack([x.sum(), x.mean(), x.max(), x.min(), x.prod(), tf.logSumExp(x), x.norm()]),
  moments: (x) => tf.moments(x, 0).variance,
  "any, all": (x) => tf.stack([x.greater(0).any(), x.greater(0).all(), x.isNaN().any()]),
  "argMax, argMin": (x) => tf.concat([x.argMax(1), x.argMin(0)]),
  binary: (x) =>
    tf.stack([
      x.add(1),
      x.sub(2),
      x.mul(x),
      x.div(3),
      x.pow(2),
      tf.maximum(x, 0),
      tf.minimum(x, 0),
      x.mod(2),
    ]),
  "more binary": (x) =>
    tf.stack([x.floorDiv(2), tf.squaredDifference(x, 1), tf.atan2(x, tf.scalar(2)), x.divNoNan(0)]),
  comparisons: (x) =>
    tf.stack([
      x.greaterEqual(0),
      x.less(1),
      x.lessEqual(0),
      x.equal(0),
      x.notEqual(1),
      x.greater(0).logicalNot(),
    ]),
  "logicalAnd, logicalOr": (x) => x.greater(0).logicalAnd(x.less(1)).logicalOr(x.less(-1)),
  where: (x) => tf.where(x.greater(0), x, tf.zerosLike(x)),
  matMul: (x) => tf.matMul(x, x, false, true),
  "batched matMul": (x) => tf.matMul(x.reshape([2, 2, 6]), x.reshape([2, 6, 2])),
  einsum: (x) => tf.einsum("ij,kj->ik", x, x),
  "reshape, transpose": (x) => x.reshape([3, 8]).transpose(),
  slice: (x) => x.slice([0, 1], [2, 2]),
  stridedSlice: (x) => x.stridedSlice([0, 0], [4, 6], [2, 3]),
  tile: (x) => x.tile([2, 1]),
  broadcastTo: (x) => x.broadcastTo([2, 4, 6]),
  pad: (x) => x.pad([[1, 1], [0, 2]], 7), // biome-ignore format: one op a line
  mirrorPad: (x) => tf.mirrorPad(x, [[1, 1], [0, 2]], "reflect"), // biome-ignore format: one op a line
  reverse: (x) => x.reverse(1),
  "split, concat": (x) => tf.concat(tf.split(x, 2, 1), 0),
  "unstack, stack": (x) => tf.stack(tf.unstack(x, 0), 1),
  "expandDims, squeeze": (x) => x.expandDims(0).mul(2).squeeze([0]),
  gather: (x) => x.gather(tf.tensor1d([1, 0], "int32"), 0),
  gatherND: (x) => tf.gatherND(x, tf.tensor2d([[0, 1], [2, 3]], [2, 2], "int32")), // biome-ignore format: one op a line
  scatterND: (x) => tf.scatterND(tf.tensor2d([[0], [2]], [2, 1], "int32"), x.slice([0, 0], [2, 6]), [3, 6]),
  unsortedSegmentSum: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 0, 1], "int32"), 2),
  oneHot: (x) => tf.oneHot(x.argMax(1).toInt(), 6),
  bandPart: (x) => tf.linalg.bandPart(x, 0, -1),
  topk: (x) => tf.topk(x, 2).values,
  cast: (x) => x.toInt().toFloat(),
  "range, linspace, eye": () => tf.concat([tf.linspace(0, 1, 4), tf.range(0, 3), tf.eye(3).flatten()]),
  conv2d: (x) => tf.conv2d(image(x), tf.ones([3, 3, 1, 2]), 1, "same"),
  depthwiseConv2d: (x) => tf.depthwiseConv2d(image(x), tf.ones([3, 3, 1, 2]), 1, "valid"),
  conv2dTranspose: (x) => tf.conv2dTranspose(image(x), tf.ones([3, 3, 2, 1]), [1, 8, 12, 2], 2, "same"),
  conv1d: (x) => tf.conv1d(x.reshape([1, 4, 6]) as never, tf.ones([3, 6, 2]), 1, "same"),
  conv3d: (x) => tf.conv3d(x.reshape([1, 2, 2, 6, 1]) as never, tf.ones([2, 2, 2, 1, 2]), 1, "same"),
  avgPool: (x) => tf.avgPool(image(x), 2, 2, "valid"),
  maxPool: (x) => tf.maxPool(image(x), 2, 2, "same"),
  resizeBilinear: (x) => tf.image.resizeBilinear(image(x), [8, 12]),
  resizeNearestNeighbor: (x) => tf.image.resizeNearestNeighbor(image(x), [2, 3]),
  localResponseNormalization: (x) => tf.localResponseNormalization(image(x)),
  spaceToBatchND: (x) => tf.spaceToBatchND(image(x), [2, 2], [[0, 0], [0, 0]]), // biome-ignore format: one op a line
  depthToSpace: (x) => tf.depthToSpace(tf.ones([1, 2, 2, 4]).mul(x.sum()) as never, 2),
  spectra: (x) => tf.abs(tf.spectral.rfft(x)).add(tf.real(tf.spectral.fft(tf.complex(x, x))).sum()),
  qr: (x) => tf.linalg.qr(x)[0],
  "losses.huberLoss": (x) => tf.losses.huberLoss(tf.ones([4, 6]), x),
  "losses.sigmoidCrossEntropy": (x) => tf.losses.sigmoidCrossEntropy(x.greater(0).toFloat(), x),
  batchNorm: (x) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.batchNorm(x, mean as never, variance as never, tf.zeros([6]), tf.ones([6]), 1e-3);
  },
};

const image = (x: Tensor) => x.reshape([1, 4, 6, 1]) as never;
const random = (seed: number) => tf.randomNormal([4, 6], 0, 1, "float32", seed);

describe("compile()", () => {
  let native = false;
  before(async () => {
    native = (await startBackend()).name === "tensorflow";
  });

  for (const [name, op] of Object.entries(ops)) {
    it(`gives what eager ${name} gives, and its gradient`, (t) => {
      if (!native) return t.skip("NOT TESTED: no graphs here");
      const evaluate = (f: (x: Tensor) => Tensor) => {
        const compiled = compile(f, { variables: [] });
        compiled(random(1)).dispose();
        const [actual, expected] = [compiled(random(2)), f(random(2))];
        compiled.dispose();
        assert.deepEqual([actual.dtype, actual.shape], [expected.dtype, expected.shape]);
        const [a, e] = [actual.dataSync(), expected.dataSync()];
        for (let i = 0; i < e.length; i++) {
          if (Object.is(a[i], e[i])) continue;
          assert.ok(Math.abs(a[i] - e[i]) < 2e-6 * Math.max(1, Math.abs(e[i])), `${a[i]}, not ${e[i]}`);
        }
      };
      evaluate(op);
      const gradient = (x: Tensor) => tf.grad((x) => op(x).square().sum())(x);
      try {
        gradient(random(2));
      } catch {
        return; // TensorFlow.js has no gradient of this op.
      }
      evaluate(gradient);
    });
  }
});
