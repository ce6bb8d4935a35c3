import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { compile, pushForward, rmsNorm, startBackend, tensorflow } from "../../../src/tensor";
import { tangentRules } from "../../../src/tensor/forward-mode/tangent-rules";

const tf = tensorflow();

type Compute = (x: Tensor, other: Tensor) => Tensor;

/** Conditions are of constants, as TensorFlow.js has no gradient of comparisons. */
const positive = () => tf.tensor2d(matrix, [3, 4]).greater(0);
const matrix = [0.3, -1.2, 0.8, 0.5, 1.1, -0.4, 0.9, 0.2, -0.7, 1.3, -0.6, 0.1];

/** One function or more for each kernel; x is [3, 4] and positive, `other` is [3, 4] and constant or moves as x does. */
const cases: Record<string, Compute[]> = {
  Abs: [(x, other) => x.mul(other).abs()],
  Add: [
    (x, other) => x.add(other),
    (x) => x.add(x.slice([0, 0], [1, 4])),
    (x) => x.add(x.flatten().slice(0, 4)),
  ],
  AddN: [(x, other) => tf.addN([x, other, x.square()])],
  BatchMatMul: [
    (x, other) => x.matMul(other, false, true),
    (x, other) => other.matMul(x, true, false),
    (x) => x.reshape([1, 3, 4]).matMul(x.reshape([1, 3, 4]), false, true),
    (x) => x.reshape([3, 2, 2]).matMul(x.reshape([3, 2, 2])),
    (x) => x.reshape([3, 2, 2]).matMul(x.reshape([3, 2, 2]), true, true),
  ],
  BroadcastTo: [(x) => tf.broadcastTo(x.slice([0, 0], [1, 4]), [5, 4])],
  Cast: [(x) => x.cast("float32").mul(x), (x) => x.mul(positive().cast("float32"))],
  Concat: [(x, other) => tf.concat([x, other, x.square()], -1), (x) => tf.concat([tf.ones([1, 4]), x], 0)],
  Cos: [(x) => x.cos()],
  Exp: [(x) => x.exp()],
  ExpandDims: [(x) => x.expandDims(1)],
  GatherV2: [(x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), 1)],
  Identity: [(x) => x.clone()],
  Log: [(x) => x.log()],
  Maximum: [(x, other) => tf.maximum(x, other.add(0.5)), (x) => tf.maximum(x.square(), x)],
  Mean: [(x) => x.mean(-1, true), (x) => x.mean(), (x) => x.reshape([3, 2, 2]).mean([0, 2])],
  Minimum: [(x, other) => tf.minimum(x, other.add(0.5)), (x) => tf.minimum(x.square(), x)],
  Multiply: [(x, other) => x.mul(other), (x) => x.mul(x.sum(0)), (x) => x.sum(0).mul(x)],
  Neg: [(x) => x.neg()],
  Pack: [(x, other) => tf.stack([x, other], 1), (x) => tf.stack([x, x.square()], -1)],
  PadV2: [
    (x) =>
      tf.pad(
        x as never,
        [
          [1, 0],
          [0, 2],
        ] as never,
      ),
  ],
  RealDiv: [(x, other) => x.div(other), (x, other) => other.div(x), (x) => x.div(x.sum(-1, true))],
  Reciprocal: [(x) => x.reciprocal()],
  Relu: [(x, other) => x.mul(other).relu()],
  Reshape: [(x) => x.reshape([2, 6])],
  Rsqrt: [(x) => x.rsqrt()],
  Select: [
    (x) => tf.where(positive(), x, x.square()),
    (x, other) => tf.where(positive(), other, x),
    (x, other) => tf.where(positive().slice([0, 0], [3, 1]), x, other),
  ],
  Sigmoid: [(x) => x.sigmoid()],
  Sin: [(x) => x.sin()],
  Slice: [(x) => x.slice([1, 1], [2, -1])],
  Softmax: [(x) => tf.softmax(x)],
  Softplus: [(x) => x.softplus()],
  SplitV: [(x) => tf.split(x, 2, -1)[1].mul(tf.split(x, 2, 1)[0])],
  Sqrt: [(x) => x.sqrt()],
  Square: [(x) => x.square()],
  Sub: [
    (x, other) => x.sub(other),
    (x) => x.sub(x.mul(0.5)).sub(x.square()),
    (x) => x.slice([0, 0], [1, 4]).sub(x),
  ],
  Sum: [(x) => x.sum(), (x) => x.sum(-1), (x) => x.reshape([3, 2, 2]).sum([0, 2], true)],
  Tanh: [(x) => x.tanh()],
  Tile: [(x) => x.tile([2, 3])],
  Transpose: [(x) => x.transpose(), (x) => x.reshape([3, 2, 2]).transpose([2, 0, 1])],
};

describe("pushForward()", () => {
  before(startBackend);

  it("has a case here for each rule", () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(tangentRules).sort());
  });

  for (const [kernel, computes] of Object.entries(cases))
    it(`is the transpose of reverse mode through ${kernel}`, () => {
      for (const compute of computes) {
        const rng = createRandom(1);
        const draw = (shape: number[]) =>
          tf.tensor(
            Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
            shape,
          );
        const x = draw([3, 4]).abs().add(0.3);
        const other = tf.tensor2d(matrix, [3, 4]);
        const directions = draw([2, 3, 4]);
        for (const bothMove of [false, true]) {
          const inputs = bothMove ? [x, other] : [x];
          const given = bothMove ? [directions, directions.mul(-0.5)] : [directions];
          const { values, tangents } = pushForward(
            (...at) => [compute(at[0], at[1] ?? other)],
            inputs,
            given,
          );
          assert.deepEqual(values[0].dataSync(), compute(x, other).dataSync());
          const weights = draw(values[0].shape.length > 0 ? values[0].shape : [1]).reshape(values[0].shape);
          const gradients = tf.grads((...at: Tensor[]) =>
            compute(at[0], bothMove ? at[1] : other)
              .mul(weights)
              .add(at[bothMove ? 1 : 0].mul(0).sum())
              .sum(),
          )(inputs);
          for (const direction of [0, 1]) {
            const pushed = tangents[0]
              .slice([direction], [1])
              .reshape(values[0].shape)
              .mul(weights)
              .sum()
              .dataSync()[0];
            const pulled = gradients
              .map(
                (gradient, i) =>
                  gradient
                    .mul(given[i].slice([direction], [1]).squeeze([0]))
                    .sum()
                    .dataSync()[0],
              )
              .reduce((a, b) => a + b);
            assert.ok(
              Math.abs(pushed - pulled) < 1e-4 * Math.max(1, Math.abs(pulled)),
              `${pushed} ${pulled}`,
            );
          }
        }
      }
    });

  it("agrees with finite differences in float64 to 1e-5", () => {
    // rms(x + gate(x)) with gate(x) = x / (1 + e^-x), written a second time in float64.
    const reference = (x: number[]) => {
      const sum = x.map((value) => value + value / (1 + Math.exp(-value)));
      const scale = Math.sqrt(sum.reduce((total, value) => total + value * value, 0) / sum.length + 1e-5);
      return sum.map((value) => value / scale);
    };
    const at = [0.4, -1.3, 2.2, 0.1];
    const direction = [0.5, -0.2, 0.3, 1];
    const moved = (by: number) => reference(at.map((value, i) => value + by * direction[i]));
    const { tangents } = pushForward(
      (x) => [rmsNorm({}, x.add(x.mul(x.sigmoid())))],
      [tf.tensor2d([at])],
      [tf.tensor3d([[direction]])],
    );
    const [up, down] = [moved(1e-5), moved(-1e-5)];
    for (const [i, value] of tangents[0].dataSync().entries())
      assert.ok(Math.abs(value - (up[i] - down[i]) / 2e-5) < 1e-5);
  });

  it("passes through tf.customGrad as it computes, through tidies, and leaves what is constant at zero", () => {
    const cube = tf.customGrad((...given) => {
      const x = given[0] as Tensor;
      return { value: x.square().mul(x), gradFunc: (upstream: Tensor) => upstream.mul(1000) };
    });
    const { tangents } = pushForward(
      (x) => [tf.tidy(() => cube(x.add(0))), tf.ones([2])],
      [tf.tensor1d([2, 1])],
      [tf.tensor2d([[1, 10]])],
    );
    assert.deepEqual(tangents[0].arraySync(), [[12, 30]]);
    assert.deepEqual(tangents[1].arraySync(), [[0, 0]]);
  });

  it("compiles: the graph gives what the eager call gives", () => {
    const weight = tf.variable(tf.tensor2d(matrix, [3, 4]));
    const push = (x: Tensor, directions: Tensor) => {
      const { values, tangents } = pushForward(
        (at) => [rmsNorm({}, at.matMul(weight).tanh())],
        [x],
        [directions],
      );
      return { value: values[0], tangent: tangents[0] };
    };
    const compiled = compile(push, { variables: [weight] });
    const [x, directions] = [tf.tensor2d([[1, 2, 3]]), tf.tensor3d([[[1, 0, 0]], [[0.5, -1, 2]]])];
    const [eager, graph] = [push(x, directions), compiled(x, directions)];
    assert.ok(eager.tangent.sub(graph.tangent).abs().max().dataSync()[0] < 1e-6);
    compiled.dispose();
    weight.dispose();
  });

  it("keeps no tensor but its results", () => {
    const [x, directions] = [tf.tensor1d([1, 2]), tf.tensor2d([[1, 0]])];
    const before = tf.memory().numTensors;
    const { values, tangents } = pushForward((at) => [at.square().exp()], [x], [directions]);
    assert.equal(tf.memory().numTensors, before + 2);
    tf.dispose([...values, ...tangents]);
    assert.throws(
      () => pushForward((at) => [at.square().cumsum()], [x], [directions]),
      /got the operation Cumsum/,
    );
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses operations without a rule and directions of another shape", () => {
    const x = tf.tensor1d([1, 2]);
    assert.throws(() => pushForward((at) => [tf.erf(at)], [x], [tf.ones([1, 2])]), {
      name: "RangeError",
      message: /must have a rule for each operation: got the operation Erf/,
    });
    assert.throws(() => pushForward((at) => [at], [x], [tf.ones([2])]), {
      name: "TypeError",
      message: /input 0 of shape \[2\] moves in directions of shape \[directions, 2\]: got \[2\]/,
    });
    assert.equal(x.square().dataSync()[1], 4);
  });
});
