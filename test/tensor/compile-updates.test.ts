import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { compile, createOptimiser, type OptimiserOptions, startBackend, tensorflow } from "../../src/tensor";
import { nativeBackend } from "../../src/tensor/compile/native-backend";
import { traceStep } from "../../src/tensor/compile/trace";

const tf = tensorflow();
before(startBackend);

const steps = 30;

interface Run {
  values: Record<string, ArrayLike<number>>;
  results: number[];
}

/** Takes steps towards the zero of x^2 + x for each element, in the manner of `step`, and returns where it came. */
function run(
  kind: OptimiserOptions,
  mode: "eager" | "compiled" | "one thread" | "jit",
  extra: (weight: Variable, update: () => void) => Tensor = (weight, update) => {
    update();
    return weight.sum();
  },
): Run {
  const weight = tf.variable(tf.tensor2d([1, -2, 0.5, 3, 0.01, -0.7], [2, 3]));
  const optimiser = createOptimiser({ weight }, kind);
  const step = (rate: Tensor): Scalar =>
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => weight.square().add(weight).sum() as Scalar, [weight]);
      return extra(weight, () => optimiser.apply(grads, rate as Scalar)) as Scalar;
    });
  const variables = [weight, ...optimiser.state.values()];
  const settings = { variables, jit: mode === "jit", threads: mode === "one thread" ? 1 : undefined };
  const compiled = compile(step, settings);
  const results = Array.from({ length: steps }, (_, i) =>
    tf.tidy(() => (mode === "eager" ? step : compiled)(tf.scalar(0.1 / (1 + i))).dataSync()[0]),
  );
  const named = { weight, ...Object.fromEntries(optimiser.state) };
  const values = Object.fromEntries(
    Object.entries(named).map(([name, variable]) => [name, variable.dataSync().slice()]),
  );
  compiled.dispose();
  optimiser.dispose();
  weight.dispose();
  return { values, results };
}

// The kernels round once where the operations round several times: some units in the last place of values of order 1.
const TOLERANCE = 2e-6;

function assertSame(actual: Run, expected: Run): void {
  for (const [name, values] of Object.entries({ ...expected.values, results: expected.results })) {
    const found = name === "results" ? actual.results : actual.values[name];
    Array.from(values).forEach((value, i) => {
      const allowed = TOLERANCE * Math.max(1, Math.abs(value));
      assert.ok(Math.abs(found[i] - value) <= allowed, `${name}[${i}]: ${found[i]}, eager ${value}`);
    });
  }
}

const rules: [string, OptimiserOptions][] = [
  ["SGD", { kind: "sgd" }],
  ["SGD with momentum and weight decay", { kind: "sgd", momentum: 0.9, weightDecay: 0.05 }],
  ["Nesterov's SGD", { kind: "sgd", momentum: 0.8, nesterov: true }],
  ["Adam", { kind: "adam" }],
  ["Adam with weight decay and a large epsilon", { kind: "adam", weightDecay: 0.1, epsilon: 0.1 }],
  ["AdamW", { kind: "adamw", weightDecay: 0.1, betas: [0.8, 0.9] }],
  ["AdamW without decay", { kind: "adamw", weightDecay: 0 }],
  ["Adam-atan2", { kind: "adam-atan2", weightDecay: 0.1 }],
];

describe("compile() of an optimiser's update", () => {
  for (const [name, kind] of rules) {
    it(`is the eager one: ${name}`, () => {
      const eager = run(kind, "eager");
      for (const mode of ["compiled", "one thread", "jit"] as const) assertSame(run(kind, mode), eager);
    });
  }

  it("takes TensorFlow's kernels, and none of the operations that they replace", (t) => {
    const backend = nativeBackend();
    if (!backend) return t.skip("no graphs on this backend");
    const weight = tf.variable(tf.ones([4]));
    const optimiser = createOptimiser({ weight }, { kind: "adamw" });
    const variables = [weight, ...optimiser.state.values()];
    const step = () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => weight.square().sum() as Scalar, [weight]);
        optimiser.apply(grads, 0.1);
        return value;
      });
    const trace = traceStep(backend, step, [], variables, { prefix: "", extraAttributes: {} });
    assert.deepEqual(
      trace.updates.map(({ op, variables: updated }) => [op, updated]),
      [
        ["AssignSubVariableOp", [0]],
        ["ResourceApplyAdam", [0, 2, 3]],
      ],
    );
    assert.deepEqual(
      trace.assignments.map(({ variable }) => variable),
      [1], // the step count
    );
    optimiser.dispose();
    weight.dispose();
  });

  it("shows the new value to what the step does after it", () => {
    const double = (weight: Variable, update: () => void) => {
      update();
      return weight.mul(2).sum();
    };
    assertSame(run({ kind: "adam" }, "compiled", double), run({ kind: "adam" }, "eager", double));
  });

  it("follows assignments before and after it, and a second update", () => {
    const kind: OptimiserOptions = { kind: "sgd", momentum: 0.9 };
    const ways = {
      before: (weight: Variable, update: () => void) => {
        weight.assign(weight.mul(0.9));
        update();
        return weight.sum();
      },
      after: (weight: Variable, update: () => void) => {
        update();
        weight.assign(weight.clipByValue(-1, 1));
        return weight.sum();
      },
      twice: (weight: Variable, update: () => void) => {
        update();
        update();
        return weight.sum();
      },
    };
    for (const way of Object.values(ways)) assertSame(run(kind, "compiled", way), run(kind, "eager", way));
  });

  it("leaves values alone that were read before", () => {
    const weight = tf.variable(tf.ones([3]));
    const optimiser = createOptimiser({ weight }, { kind: "sgd", momentum: 0.5 });
    const step = compile(
      () =>
        tf.tidy(() => {
          const { grads } = tf.variableGrads(() => weight.sum() as Scalar, [weight]);
          const old = weight.clone();
          optimiser.apply(grads, 1);
          return old;
        }),
      { variables: [weight, ...optimiser.state.values()] },
    );
    const start = weight.clone();
    const first = step();
    const between = weight.clone();
    const second = step();
    const values = [start, first, between, second, weight].map((tensor) => tensor.dataSync()[0]);
    assert.deepEqual(values, [1, 1, 0, 0, -1.5]);
    step.dispose();
    tf.dispose([start, first, between, second]);
    optimiser.dispose();
    weight.dispose();
  });
});

describe("compile() on one thread", () => {
  it("computes the same", () => {
    const weight = tf.variable(tf.linspace(-1, 1, 12).reshape([3, 4]));
    const step = (input: Tensor) => {
      weight.assign(weight.mul(0.5));
      return [tf.matMul(input as never, weight as never), weight.softmax()];
    };
    const one = compile(step, { variables: [weight], threads: 1 });
    const two = compile(step, { variables: [weight], threads: 2 });
    const input = tf.ones([2, 3]);
    const expected = tf.tidy(() => step(input).map((tensor) => Array.from(tensor.dataSync())));
    weight.assign(weight.mul(2));
    const found = one(input).map((tensor) => Array.from(tensor.dataSync()));
    weight.assign(weight.mul(2));
    const again = two(input).map((tensor) => Array.from(tensor.dataSync()));
    for (const results of [found, again]) {
      for (const [i, values] of expected.entries())
        for (const [j, value] of values.entries()) assert.ok(Math.abs(results[i][j] - value) < 1e-6);
    }
    one.dispose();
    two.dispose();
    weight.dispose();
  });

  it("refuses a number of threads that is none", () => {
    for (const threads of [0, 1.5, -1, Number.NaN]) {
      assert.throws(
        () => compile(() => tf.scalar(1), { variables: [], threads }),
        /threads must be a whole number from 1: got/,
      );
    }
  });
});
