import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { resNet18 } from "../../src/models/resnet";
import { createRandom } from "../../src/random";
import { createDense, createOptimiser, dense, prefixNames, startBackend, tensorflow } from "../../src/tensor";
import { createDualGradientTrainer, type DualGradientOptions } from "../../src/train/dual-gradient";
import { globalNorm, mixGradients } from "../../src/train/dual-gradient-mix";
import {
  assertClose,
  type DualGradientRow,
  greatestDifference,
  labelsOf,
  published,
  publishedImages,
  publishedResNet,
  publishedState,
} from "../models/resnet/published-resnet";

const tf = tensorflow();
before(startBackend);

const document = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "seed000", "gradmix.json"), "utf8"),
) as {
  cases: { g_s: number[]; g_v: number[]; lam: number; g: number[] }[];
  refresh_steps: number[];
  sgd: { p0: number[]; grads: number[][]; lr: number; p: number[][] };
};

const keys = ["loss", "noisyNorm", "cleanNorm", "cosine"] as const;

/** The published network in the published order, from one step to another. */
function run(options: DualGradientOptions = {}) {
  const parameters = publishedResNet();
  const forward = (images: Tensor) => resNet18(parameters, images, { training: true });
  const trainer = createDualGradientTrainer(parameters, forward, options);
  const go = (from: number, to: number, lambda = 0.35): DualGradientRow[] =>
    published.order.slice(from, to).map((positions, i) => {
      const measured = {} as DualGradientRow;
      tf.tidy(() => {
        const [noisy, clean] = [published.noisy, published.clean].map((labels) =>
          labelsOf(labels, positions),
        );
        const settings = { lambda, learningRate: 0.01, step: from + i };
        const result = trainer.step(publishedImages(positions), noisy, clean, settings);
        for (const key of keys) measured[key] = result[key].dataSync()[0];
      });
      return measured;
    });
  return { parameters, trainer, go };
}

describe("mixGradients()", () => {
  it("mixes directions as the document does", () => {
    for (const { g_s, g_v, lam, g } of document.cases) {
      const [noisy, clean] = [g_s, g_v].map((values) => {
        const [first, ...rest] = values;
        return { first: tf.scalar(first), rest: tf.tensor1d(rest) }; // one vector, in two tensors
      });
      const { mixed } = mixGradients(noisy, clean, globalNorm(Object.values(clean)), tf.scalar(lam));
      assertClose([...mixed.first.dataSync(), ...mixed.rest.dataSync()], g, 1e-6);
    }
  });

  it("measures the noisy norm and the cosine, which is 0 beside a gradient of zero", () => {
    const mix = (noisy: number[], clean: number[]) => {
      const [a, b] = [tf.tensor1d(noisy), tf.tensor1d(clean)];
      const { noisyNorm, cosine } = mixGradients({ a }, { a: b }, globalNorm([b]), tf.scalar(0.5));
      return [noisyNorm.dataSync()[0], cosine.dataSync()[0]];
    };
    assertClose(mix([3, 4], [0, 2]), [5, 0.8], 1e-6);
    assertClose(mix([3, 4], [0, 0]), [5, 0], 0);
  });
});

describe("createDualGradientTrainer()", () => {
  for (const compiled of [true, false]) {
    it(`goes the document's own 40 steps, ${compiled ? "compiled" : "op by op"}`, () => {
      const { parameters, trainer, go } = run({ compiled });
      const rows = go(0, 40);
      for (const key of keys) {
        const expected = published.dual.map((row) => row[key]);
        // After these steps PyTorch's own float32 and float64 are 7e-7 (losses), 5e-6 (norms) and 2e-6 (weights) apart.
        const tolerance = key.endsWith("Norm") ? 5e-5 : 1e-5;
        assertClose(
          rows.map((row) => row[key]),
          expected,
          tolerance,
        );
      }
      const anew = rows.flatMap(({ cleanNorm }, step) =>
        cleanNorm === rows[step - 1]?.cleanNorm ? [] : [step],
      );
      assert.deepEqual(
        anew,
        document.refresh_steps.filter((step) => step < 40),
      );
      assert.ok(greatestDifference(parameters, publishedState("dual")) < 2e-5);
      trainer.dispose();
    });
  }

  it("takes the clean gradient at the first step of any number, where none is kept", () => {
    const { trainer, go } = run({ compiled: false });
    const [first, second] = go(5, 7);
    assert.ok(first.cleanNorm > 0);
    assert.equal(second.cleanNorm, first.cleanNorm);
    trainer.dispose();
  });

  it("takes the clean gradient anew where its variables are set back to none kept, as a fresh start does", () => {
    const { trainer, go } = run({ compiled: false });
    const kept = Object.entries(trainer.variables)
      .filter(([name]) => name.startsWith("clean_gradient"))
      .map(([, variable]) => ({ variable, blank: variable.clone() }));
    const [, , before] = go(0, 3);
    for (const { variable, blank } of kept) variable.assign(blank);
    const [first, second] = go(3, 5);
    assert.ok(first.cleanNorm > 0);
    assert.notEqual(first.cleanNorm, before.cleanNorm);
    assert.equal(second.cleanNorm, first.cleanNorm);
    trainer.dispose();
  });

  it("goes on the same after a stop between two refreshes", () => {
    const whole = run();
    const expected = whole.go(0, 7);
    const stopped = run();
    stopped.go(0, 5);
    const saved = Object.entries(stopped.trainer.variables).map(([name, variable]) => {
      return { name, shape: variable.shape, dtype: variable.dtype, values: variable.dataSync().slice() };
    });
    stopped.trainer.dispose();
    const resumed = run();
    for (const { name, shape, dtype, values } of saved) {
      tf.tidy(() => resumed.trainer.variables[name].assign(tf.tensor(values, shape, dtype)));
    }
    assert.deepEqual(resumed.go(5, 7), expected.slice(5));
    for (const [name, variable] of Object.entries(whole.trainer.variables)) {
      assert.deepEqual(resumed.trainer.variables[name].dataSync(), variable.dataSync(), name);
    }
    whole.trainer.dispose();
    resumed.trainer.dispose();
  });

  it("lists the kept gradient of every parameter for the checkpoint", () => {
    const { parameters, trainer } = run();
    const names = Object.keys(trainer.variables);
    for (const name of published.parameters) {
      assert.deepEqual(trainer.variables[`clean_gradient/${name}`].shape, parameters[name].shape);
      assert.ok(names.includes(`optimiser/momentum_buffer/${name}`));
    }
    assert.equal(names.length, 102 + 62 + 1 + 62 + 1);
    trainer.dispose();
  });

  it("trains any network by another rule, and its steps are as long as the learning rate says", () => {
    const before = tf.memory().numTensors;
    const head = createDense(2, 3, { rng: createRandom(0) });
    const parameters = prefixNames("head", head);
    const rule = { optimiser: { kind: "sgd" } as const, refreshEvery: 2 };
    const trainer = createDualGradientTrainer(parameters, (points) => dense(head, points), rule);
    const points = tf.eye(2);
    const [noisy, clean] = [tf.tensor1d([0, 1], "int32"), tf.tensor1d([2, 1], "int32")];
    const values = () => Object.values(parameters).flatMap((variable) => Array.from(variable.dataSync()));
    const lengthOf = (step: number, lambda: number, learningRate: number) => {
      const start = values();
      tf.dispose(trainer.step(points, noisy, clean, { lambda, learningRate, step }));
      return Math.hypot(...values().map((value, i) => value - start[i]));
    };
    // With lambda 0 or 1 the mixed gradient is one direction: its length is 1.
    assertClose([lengthOf(0, 0, 0.5), lengthOf(1, 0, 0.25), lengthOf(2, 1, 0.5)], [0.5, 0.25, 0.5], 1e-6);
    trainer.dispose();
    tf.dispose([points, noisy, clean, parameters]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses settings out of range before anything changes", () => {
    const head = createDense(2, 3, { rng: createRandom(0) });
    const make = (refreshEvery: number) =>
      createDualGradientTrainer(prefixNames("head", head), (points) => dense(head, points), { refreshEvery });
    assert.throws(() => make(0), /refreshEvery must be a whole number from 1: got 0/);
    const trainer = make(1);
    const labels = tf.tensor1d([0, 1], "int32");
    const step = (settings: object) =>
      trainer.step(tf.eye(2), labels, labels, { lambda: 0.5, learningRate: 0.1, step: 0, ...settings });
    assert.throws(() => step({ lambda: 1.5 }), /lambda must be from 0 to 1: got 1\.5/);
    assert.throws(() => step({ learningRate: Number.NaN }), /learning rate must be at least 0: got NaN/);
    assert.throws(() => step({ step: -1 }), /step must be a whole number from 0: got -1/);
    trainer.dispose();
  });
});

describe("the document's SGD", () => {
  it("adds the weight decay to the mixed gradient before the momentum", () => {
    const { p0, grads, lr, p } = document.sgd;
    const value = tf.variable(tf.tensor1d(p0));
    const optimiser = createOptimiser({ value }, { kind: "sgd", momentum: 0.9, weightDecay: 5e-4 });
    for (const [i, gradient] of grads.entries()) {
      optimiser.apply({ [value.name]: tf.tensor1d(gradient) }, tf.scalar(lr) as Scalar);
      assertClose(value.dataSync(), p[i], 1e-6);
    }
  });
});
