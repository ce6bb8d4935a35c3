import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { NamedTensorMap, Variable } from "@tensorflow/tfjs-node";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import {
  clipGlobalNorm,
  createOptimiser,
  type OptimiserOptions,
  type ParameterGroup,
} from "../../../src/tensor/optimisers";

type Named = Record<string, number[]>;
interface Fixture {
  start: Record<string, { shape: number[]; values: number[] }>;
  rates: number[];
  gradients: Named[];
  cases: Record<string, { values: Named[]; norms?: number[] }>;
}

const fixture: Fixture = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/tensor/optimisers.json"), "utf8"),
);
const tf = tensorflow();
before(startBackend);

const startVariables = (): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(fixture.start).map(([key, { shape, values }]) => [
      key,
      tf.variable(tf.tensor(values, shape)),
    ]),
  );

/** The gradients of one step under the variables' own names. */
const gradientsOf = (variables: Record<string, Variable>, step: number): NamedTensorMap =>
  Object.fromEntries(
    Object.entries(variables).map(([key, { name, shape }]) => [
      name,
      tf.tensor(fixture.gradients[step][key], shape),
    ]),
  );

// PyTorch rounds each operation to 24 bits, as TensorFlow does, but not always the same operations (fused multiply-add,
// lerp): about one unit in the last place, 6e-8, of the value or of the step at each of 20 steps. Values are of order 1.
const TOLERANCE = 1e-6;

function assertClose(actual: ArrayLike<number>, expected: number[], what: string): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    const allowed = TOLERANCE * Math.max(1, Math.abs(value));
    assert.ok(
      Math.abs(actual[index] - value) <= allowed,
      `${what}[${index}]: ${actual[index]}, not ${value}`,
    );
  });
}

const cases: [string, OptimiserOptions, number?][] = [
  ["sgd", { kind: "sgd" }],
  ["sgd_momentum", { kind: "sgd", momentum: 0.9, weightDecay: 0.05 }],
  ["sgd_nesterov", { kind: "sgd", momentum: 0.9, weightDecay: 0.05, nesterov: true }],
  ["sgd_clipped", { kind: "sgd", momentum: 0.9 }, 1],
  ["adam", { kind: "adam" }],
  ["adam_decay", { kind: "adam", betas: [0.9, 0.95], epsilon: 1e-6, weightDecay: 0.1 }],
  ["adamw", { kind: "adamw", betas: [0.9, 0.95], weightDecay: 0.1 }],
  ["adamw_groups", { kind: "adamw" }],
  ["adam_atan2", { kind: "adam-atan2", weightDecay: 0.1 }],
];

describe("createOptimiser()", () => {
  for (const [name, options, clip] of cases) {
    for (const asTensor of [false, true]) {
      it(`takes PyTorch's 20 steps: ${name}, learning rate as a ${asTensor ? "tensor" : "number"}`, () => {
        const variables = startVariables();
        const { weight, bias } = variables;
        const groups: ParameterGroup[] = [
          { variables: { weight }, weightDecay: 0.2 },
          { variables: { bias }, weightDecay: 0, learningRateFactor: 0.5 },
        ];
        const optimiser = createOptimiser(name === "adamw_groups" ? groups : variables, options);
        fixture.rates.forEach((rate, step) => {
          let gradients = gradientsOf(variables, step);
          if (clip !== undefined) {
            const clipped = clipGlobalNorm(gradients, clip);
            assertClose(clipped.norm.dataSync(), [fixture.cases[name].norms![step]], "norm");
            gradients = clipped.gradients;
          }
          optimiser.apply(gradients, asTensor ? tf.scalar(rate) : rate);
          for (const key of Object.keys(variables))
            assertClose(
              variables[key].dataSync(),
              fixture.cases[name].values[step][key],
              `step ${step} ${key}`,
            );
        });
        assert.equal(optimiser.state.get("step")!.dataSync()[0], 20);
        optimiser.dispose();
      });
    }
  }

  it("goes on from a saved state bit for bit", () => {
    const [straight, saved] = [startVariables(), startVariables()];
    const options: OptimiserOptions = { kind: "adamw" };
    const whole = createOptimiser(straight, options);
    for (let step = 0; step < 6; step++) whole.apply(gradientsOf(straight, step), 0.1);
    const first = createOptimiser(saved, options);
    for (let step = 0; step < 3; step++) first.apply(gradientsOf(saved, step), 0.1);
    const second = createOptimiser(saved, options);
    for (const [name, variable] of second.state) variable.assign(first.state.get(name)!);
    assert.deepEqual(
      [...second.state.keys()],
      ["step", "exp_avg/weight", "exp_avg_sq/weight", "exp_avg/bias", "exp_avg_sq/bias"],
    );
    for (let step = 3; step < 6; step++) second.apply(gradientsOf(saved, step), 0.1);
    assert.deepEqual(saved.weight.dataSync(), straight.weight.dataSync());
  });

  it("leaves no tensor behind but its state, and frees that", () => {
    const variables = startVariables();
    const gradients = gradientsOf(variables, 0);
    const before = tf.memory().numTensors;
    const optimiser = createOptimiser(variables, { kind: "adam" });
    optimiser.apply(gradients, 0.1);
    optimiser.apply(gradients, 0.1);
    assert.equal(tf.memory().numTensors, before + 5);
    optimiser.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("moves Adam's first step by the learning rate in the gradient's direction, however small the gradient", () => {
    for (const [options, expected] of [
      [{ kind: "adam", epsilon: 0 }, 0.9],
      [{ kind: "adam-atan2" }, 1 - 0.1 * 10 * Math.atan(0.1)],
    ] as [OptimiserOptions, number][]) {
      const value = tf.variable(tf.scalar(1));
      createOptimiser({ value }, options).apply({ [value.name]: tf.scalar(1e-12) }, 0.1);
      assert.ok(Math.abs(value.dataSync()[0] - expected) < 1e-6);
    }
  });

  it("refuses settings, variables and gradients that do not fit, before anything changes", () => {
    const { weight, bias } = startVariables();
    const make =
      (options: object, trained: object = { weight }) =>
      () =>
        createOptimiser(trained as { weight: Variable }, options as OptimiserOptions);
    assert.throws(
      make({ kind: "lion" }),
      /kind must be one of sgd, sign-sgd, adam, adamw, adam-atan2: got lion/,
    );
    assert.throws(make({ kind: "sgd", momentum: 1 }), /momentum must be at least 0 and below 1: got 1/);
    assert.throws(make({ kind: "sgd", nesterov: true }), /needs a momentum above 0/);
    assert.throws(make({ kind: "adam", betas: [0.9, 1] }), /a beta must be above 0 and below 1: got 1/);
    assert.throws(make({ kind: "adam", weightDecay: NaN }), /weightDecay must be at least 0: got NaN/);
    assert.throws(make({ kind: "sgd" }, {}), /needs variables: got none/);
    assert.throws(make({ kind: "sgd" }, { a: weight, b: weight }), /trained once: got "b" twice/);
    const optimiser = createOptimiser({ weight, bias }, { kind: "sgd" });
    const kept = weight.dataSync();
    const gradient = tf.ones([2, 3]);
    assert.throws(() => optimiser.apply({ [weight.name]: gradient }, 1), /got none for "bias"/);
    const wrong = { [weight.name]: gradient, [bias.name]: tf.ones([3]) };
    assert.throws(() => optimiser.apply(wrong, 1), /"bias" must have its shape \[2\]: got \[3\]/);
    assert.deepEqual(weight.dataSync(), kept);
    assert.equal(optimiser.state.get("step")!.dataSync()[0], 0);
  });
});

describe("clipGlobalNorm()", () => {
  it("leaves gradients within the norm as they are, and zeros zero", () => {
    const { gradients, norm } = clipGlobalNorm({ a: tf.tensor1d([0.3, 0]), b: tf.scalar(0.4) }, 1);
    assert.ok(Math.abs(norm.dataSync()[0] - 0.5) < 1e-7);
    assert.deepEqual([...gradients.a.dataSync(), ...gradients.b.dataSync()], [0.3, 0, 0.4].map(Math.fround));
    assert.deepEqual([...clipGlobalNorm({ a: tf.zeros([2]) }, 1).gradients.a.dataSync()], [0, 0]);
  });

  it("refuses no gradients and a norm that is not above 0", () => {
    assert.throws(() => clipGlobalNorm({}, 1), /at least one: got none/);
    assert.throws(() => clipGlobalNorm({ a: tf.scalar(1) }, 0), /above 0: got 0/);
  });
});
