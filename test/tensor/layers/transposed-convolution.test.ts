import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import { compile } from "../../../src/tensor/compile/compile";
import * as layers from "../../../src/tensor/layers";
import { assertTensor, type LayerCase, toTensor } from "./published-layers";

const tf = tensorflow();
before(startBackend);

interface TransposedCase extends LayerCase {
  options: Required<layers.TransposedConvolutionOptions>;
  kernel: number;
  greatestInitialValue: number;
}

const published: TransposedCase[] = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/tensor/transposed-convolution.json"), "utf8"),
);

describe("transposedConvolution()", () => {
  for (const { options, kernel, state, input, upstream, output, gradients } of published) {
    const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`);
    it(`gives PyTorch's output and gradients: kernel ${kernel}, ${settings.join(", ")}`, (t) => {
      if (tf.getBackend() === "wasm") return t.skip("NOT TESTED: no gradient for filters in WebAssembly");
      const variables = Object.fromEntries(
        Object.entries(state).map(([name, value]) => [name, tf.variable(toTensor(value, "weight"))]),
      );
      const parameters = { weight: variables.weight, bias: variables.bias };
      const image = tf.variable(toTensor(input, "image"));
      const apply = () => layers.transposedConvolution(parameters, image, options);
      assertTensor(apply(), toTensor(output, "image"), "output");
      const named = { ...variables, input: image };
      const { grads } = tf.variableGrads(() => apply().mul(toTensor(upstream, "image")).sum());
      assert.deepEqual(Object.keys(named).sort(), Object.keys(gradients).sort());
      for (const [name, variable] of Object.entries(named)) {
        const kind = name === "input" ? "image" : "weight";
        assertTensor(grads[variable.name], toTensor(gradients[name], kind), `gradient of ${name}`);
      }
    });
  }

  it("is the adjoint of a convolution with the same weight: <conv(x), y> = <x, transposed(y)>", () => {
    const rng = createRandom(3);
    const draw = (shape: number[]) => layers.drawVariable(shape, () => rng.normal());
    const [weight, x, y] = [draw([4, 4, 3, 2]), draw([2, 8, 6, 3]), draw([2, 4, 3, 2])];
    const options = { stride: 2, padding: 1 };
    const forwards = layers.convolution({ weight }, x, options).mul(y).sum();
    const backwards = layers.transposedConvolution({ weight }, y, options).mul(x).sum();
    assertTensor(backwards, forwards, "inner product");
  });

  it("has the gradient of finite differences", (t) => {
    if (tf.getBackend() === "wasm") return t.skip("NOT TESTED: no gradient for filters in WebAssembly");
    const rng = createRandom(4);
    const draw = (shape: number[]) => layers.drawVariable(shape, () => rng.normal());
    const [weight, bias, image] = [draw([3, 3, 2, 3]), draw([2]), draw([2, 3, 3, 3])];
    const directions = [weight, bias, image].map(({ shape }) => draw(shape));
    const options = { stride: 2, padding: 1, outputPadding: 1 };
    const loss = (by: number) => {
      const [w, b, x] = [weight, bias, image].map((at, index) => at.add(directions[index].mul(by)));
      return layers.transposedConvolution({ weight: w, bias: b }, x, options).square().mean().asScalar();
    };
    const { grads } = tf.variableGrads(() => loss(0), [weight, bias, image]);
    const slope = [weight, bias, image]
      .map(({ name }, index) => grads[name].mul(directions[index]).sum().dataSync()[0])
      .reduce((sum, part) => sum + part);
    const [after, before] = [loss(1e-2), loss(-1e-2)].map((value) => value.dataSync()[0]);
    const difference = (after - before) / 2e-2;
    assert.ok(Math.abs(difference / slope - 1) < 1e-2, `${slope}, by differences ${difference}`);
  });

  it("trains in a compiled step as eagerly", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const train = (compiled: boolean) => {
      const rng = createRandom(5);
      const layer = layers.createTransposedConvolution(2, 3, { kernel: 3, rng });
      const variables = [layer.weight, layer.bias!];
      const step = (image: Tensor) => {
        const { value, grads } = tf.variableGrads(() => {
          const larger = layers.transposedConvolution(layer, image, {
            stride: 2,
            padding: 1,
            outputPadding: 1,
          });
          return larger.sub(1).square().mean().asScalar();
        }, variables);
        for (const each of variables) each.assign(each.sub(grads[each.name].mul(0.1)));
        return value;
      };
      const run = compiled ? compile(step, { variables }) : step;
      const image = layers.drawVariable([2, 3, 3, 2], () => rng.normal());
      const losses = Array.from({ length: 5 }, () => run(image).dataSync()[0]);
      assert.ok(losses[4] < losses[0], `${losses}`);
      return [tf.tensor1d(losses), ...variables];
    };
    const [eager, compiled] = [train(false), train(true)];
    for (const [index, value] of eager.entries()) assertTensor(compiled[index], value, `result ${index}`);
  });

  it("starts within PyTorch's bounds, whose fan-in counts the outputs", () => {
    for (const { kernel, greatestInitialValue, state } of published) {
      const created = layers.createTransposedConvolution(3, 2, { kernel, rng: createRandom(6) });
      const bound = 1 / Math.sqrt(2 * kernel * kernel);
      assert.ok(greatestInitialValue <= bound);
      const values = Object.values(created).flatMap((each) => [...each.dataSync()]);
      const greatest = Math.max(...values.map(Math.abs));
      assert.ok(greatest <= bound && greatest > bound / 2, `${greatest}`);
      assert.deepEqual(layers.toPyTorchWeight(created.weight).shape, state.weight.shape);
    }
  });

  it("refuses what does not fit, naming it", () => {
    const { weight } = layers.createTransposedConvolution(3, 2, { kernel: 3, rng: createRandom(7) });
    const image = tf.ones([1, 2, 2, 3]);
    const refused = (options: object, pattern: RegExp, input: Tensor = image) =>
      assert.throws(() => layers.transposedConvolution({ weight }, input, options), pattern);
    refused({}, /\[3,3,2,3\] takes images .* 3\]: got \[1,2,2,2\]/, tf.ones([1, 2, 2, 2]));
    refused({ stride: 0 }, /stride must be whole, at least 1: got 0/);
    refused({ padding: 0.5 }, /padding must be whole, at least 0: got 0.5/);
    refused({ stride: 2, outputPadding: 2 }, /outputPadding .* below 2: got 2/);
    refused({ padding: 2 }, /leave some of 4 x 4 pixels: got 2/);
  });
});
