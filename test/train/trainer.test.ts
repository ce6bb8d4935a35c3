import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { createRandom } from "../../src/random";
import {
  batchNorm,
  clipGlobalNorm,
  compile,
  createBatchNorm,
  createDense,
  createOptimiser,
  dense,
  prefixNames,
  startBackend,
  statelessNormal,
  tensorflow,
} from "../../src/tensor";
import { createTrainer, lossAndGradients, type TrainerOptions, train } from "../../src/train";
import { temporaryFolder } from "../support/temporary-folder";

const tf = tensorflow();
before(startBackend);

const numbers = (variable: Tensor) => Array.from(variable.dataSync());
const all = (variables: Readonly<Record<string, Variable>>) =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, numbers(variable)]));

/** A trainer of one number w, with the loss (w - target)^2 / 2: its gradient is w - target. */
function oneNumber(options: Partial<TrainerOptions<[Tensor], Scalar>> = {}, start = 1) {
  const w = tf.tidy(() => tf.variable(tf.scalar(start)));
  const trainer = createTrainer<[Tensor], Scalar>({
    parameters: { w },
    loss: (target) => w.sub(target).square().div(2).asScalar(),
    optimiser: { kind: "sgd" },
    learningRate: 0.5,
    ...options,
  });
  const step = (target = 0) => {
    const given = tf.scalar(target);
    const result = trainer.step(given);
    const value = result.dataSync()[0];
    tf.dispose([given, result]);
    return value;
  };
  return { w, trainer, step };
}

function network(seed = 0) {
  const rng = createRandom(seed);
  const [hidden, output] = [createDense(3, 8, { rng }), createDense(8, 1, { rng })];
  const { running_mean, running_var, ...affine } = createBatchNorm(8);
  const norm = { ...affine, running_mean, running_var };
  const parameters = {
    ...prefixNames("hidden", hidden),
    ...prefixNames("norm", norm),
    ...prefixNames("output", output),
  };
  const forward = (x: Tensor) => dense(output, batchNorm(norm, dense(hidden, x), { training: true }).tanh());
  return { parameters, forward };
}

const batch = (i: number) => {
  const rng = createRandom(100 + i);
  const x = tf.tensor2d(
    Float32Array.from({ length: 24 }, () => rng.normal()),
    [8, 3],
  );
  return { x, y: x.sum(1, true) };
};

describe("createTrainer()", () => {
  it("does what its parts do by hand, bit for bit: gradients, clipping, Adam, running statistics", () => {
    const [ours, theirs] = [network(), network()];
    const lossOf =
      ({ forward }: ReturnType<typeof network>) =>
      (x: Tensor, y: Tensor) =>
        forward(x).sub(y).square().mean() as Scalar;
    const trainer = createTrainer({
      parameters: ours.parameters,
      loss: lossOf(ours),
      optimiser: { kind: "adam", weightDecay: 0.01 },
      learningRate: (step) => 0.1 / (1 + step),
      clipNorm: 0.5,
    });
    const trained = Object.fromEntries(
      Object.entries(theirs.parameters).filter(([, { trainable }]) => trainable),
    );
    const adam = createOptimiser(trained, { kind: "adam", weightDecay: 0.01 });
    const byHand = compile(
      (x: Tensor, y: Tensor, rate: Tensor) => {
        const { value, grads } = tf.variableGrads(() => lossOf(theirs)(x, y), Object.values(trained));
        adam.apply(clipGlobalNorm(grads, 0.5).gradients, rate as Scalar);
        return value;
      },
      { variables: [...Object.values(theirs.parameters), ...adam.state.values()] },
    );
    for (let i = 0; i < 5; i++) {
      const { x, y } = batch(i);
      assert.deepEqual(numbers(trainer.step(x, y)), numbers(byHand(x, y, tf.scalar(0.1 / (1 + i)))));
    }
    assert.deepEqual(all(trainer.parameters), all(theirs.parameters));
    assert.deepEqual(
      numbers(trainer.state["optimiser/exp_avg/hidden.weight"]),
      numbers(adam.state.get("exp_avg/hidden.weight") as Variable),
    );
    trainer.dispose();
    byHand.dispose();
  });

  it("computes op by op what it computes compiled", () => {
    const [one, other] = [true, false].map((compiled) => {
      const { parameters, forward } = network();
      const trainer = createTrainer({
        parameters,
        loss: (x: Tensor, y: Tensor) => forward(x).sub(y).square().mean(),
        optimiser: { kind: "sgd", momentum: 0.9 },
        learningRate: 0.01,
        average: { decay: 0.9 },
        compiled,
      });
      for (let i = 0; i < 4; i++) {
        const { x, y } = batch(i);
        trainer.step(x, y);
      }
      return trainer;
    });
    for (const [name, variable] of Object.entries(one.variables)) {
      const differences = numbers(variable.sub(other.variables[name] as Tensor).abs());
      assert.ok(Math.max(...differences) < 1e-5, name);
    }
  });

  it("follows a schedule in its compiled step: a warm-up from 0 trains from its second step on", () => {
    const { w, trainer, step } = oneNumber({ learningRate: (done) => [0, 0.5, 0.25][done] });
    const values = [0, 1, 2].map(() => {
      step();
      return numbers(w)[0];
    });
    assert.deepEqual(values, [1, 0.5, 0.375]); // w (1 - rate)
    assert.equal(trainer.stepsDone, 3);
  });

  it("goes on with the schedule where a checkpoint was, in another process's trainer", async () => {
    const folder = temporaryFolder();
    const go = async (steps: number) => {
      const { w, trainer, step } = oneNumber({ learningRate: (done) => 0.1 * (done + 1) });
      const { variables } = trainer;
      await train({ variables, steps, seed: 1, folder, step: () => ({ loss: step() }) });
      return numbers(w)[0];
    };
    assert.ok(Math.abs((await go(3)) - 0.9 * 0.8 * 0.7) < 1e-6);
    assert.ok(Math.abs((await go(5)) - 0.9 * 0.8 * 0.7 * 0.6 * 0.5) < 1e-6);
    rmSync(folder, { recursive: true });
  });

  it("begins anew: fresh weights, blank moments, step 0, another learning rate; nothing leaks", () => {
    const { w, trainer, step } = oneNumber({ optimiser: { kind: "sgd", momentum: 0.9 } });
    step();
    const tensors = tf.memory().numTensors;
    const round = () => {
      trainer.begin(() => ({ w: tf.scalar(4) }), { learningRate: 0.25 });
      assert.deepEqual(numbers(w), [4]);
      assert.equal(trainer.stepsDone, 0);
      step();
      return numbers(w)[0];
    };
    assert.equal(round(), 3);
    assert.equal(round(), 3); // no momentum is left of the round before
    assert.equal(tf.memory().numTensors, tensors);
    const [value, kept] = [tf.scalar(8), numbers(w)];
    assert.throws(() => trainer.begin({}), /each parameter needs a value: got none for "w"/);
    assert.throws(() => trainer.begin({ w: tf.zeros([2]) }), /"w" must have the shape \[\]: got \[2\]/);
    assert.deepEqual(numbers(w), kept);
    trainer.begin({ w: value });
    assert.deepEqual(numbers(w), [8]);
    assert.ok(!value.isDisposed);
    step();
    trainer.begin();
    assert.deepEqual([numbers(w)[0], trainer.stepsDone], [6, 0]);
  });

  it("trains groups by optimisers of their own: Adam-atan2 beside sign descent, and factors of the learning rate", () => {
    const [a, b, c] = [1, 2, 3].map((value) => tf.variable(tf.scalar(value)));
    const trainer = createTrainer({
      parameters: { a, b, c },
      loss: () => tf.addN([a, b, c].map((each) => each.square())).asScalar(),
      optimisers: {
        network: {
          variables: [{ variables: { a } }, { variables: { b }, learningRateFactor: 0.25 }],
          optimiser: { kind: "sgd" },
          learningRate: 0.25,
        },
        embeddings: {
          variables: { c },
          optimiser: { kind: "sign-sgd", weightDecay: 0.5 },
          learningRate: (step) => 0.5 + step,
        },
      },
    });
    trainer.step();
    // a - 0.25 2 a; b - 0.0625 2 b; c (1 - 0.5 0.5) - 0.5
    assert.deepEqual(
      [a, b, c].map((each) => numbers(each)[0]),
      [0.5, 1.75, 1.75],
    );
    trainer.step();
    assert.equal(numbers(c)[0], 1.75 * 0.25 - 1.5);
    assert.deepEqual(Object.keys(trainer.state), ["optimiser/network/step", "optimiser/embeddings/step"]);
    trainer.dispose();
  });

  it("keeps an average of the weights: m = 0.75 m + 0.25 w after each step", () => {
    const { w, trainer, step } = oneNumber({ average: { decay: 0.75 } });
    let [mean, value] = [1, 1];
    for (let i = 0; i < 3; i++) {
      step();
      value /= 2;
      mean = 0.75 * mean + 0.25 * value;
      assert.deepEqual([numbers(w)[0], numbers(trainer.averages.w)[0]], [value, mean]);
    }
    assert.equal(trainer.averages.w, trainer.state["average/w"]);
    trainer.begin({ w: tf.scalar(2) });
    assert.equal(numbers(trainer.averages.w)[0], 2);
  });

  it("tells metrics beside the loss, with random numbers of a seed that is an input", () => {
    const w = tf.variable(tf.scalar(1));
    const trainer = createTrainer({
      parameters: { w },
      loss: (seed: Tensor) => {
        const noise = statelessNormal([4], seed);
        return { loss: w.mul(noise).square().mean() as Scalar, noise: noise.mean() as Scalar };
      },
      optimiser: { kind: "adamw" },
      learningRate: 0,
    });
    const draw = (seed: number) => numbers(trainer.step(tf.tensor1d([seed, 0], "int32")).noise)[0];
    assert.equal(draw(1), draw(1));
    assert.notEqual(draw(1), draw(2));
  });

  it("takes gradients that are not those of one loss, and keeps state of the step's own", () => {
    const w = tf.variable(tf.scalar(1));
    const kept = tf.variable(tf.scalar(0), false);
    const trainer = createTrainer({
      parameters: { w },
      gradients: () => {
        const { result, gradients } = lossAndGradients(() => w.square().asScalar(), [w]);
        kept.assign(gradients[w.name] as Scalar);
        return { result, gradients: { [w.name]: gradients[w.name].sign() } };
      },
      optimiser: { kind: "sgd" },
      learningRate: 0.25,
      state: { kept },
    });
    trainer.step();
    assert.deepEqual([numbers(w)[0], numbers(kept)[0]], [0.75, 2]);
    trainer.begin();
    assert.deepEqual([numbers(w)[0], numbers(kept)[0]], [0.75, 0]);
  });

  it("frees what it made", () => {
    const before = tf.memory().numTensors;
    const { w, trainer, step } = oneNumber({ average: { decay: 0.5 }, optimiser: { kind: "adam" } });
    step();
    trainer.dispose();
    w.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses what would train something else than was meant", () => {
    const w = tf.variable(tf.scalar(1));
    const right = {
      parameters: { w },
      loss: () => w.square(),
      optimiser: { kind: "sgd" } as const,
      learningRate: 0.1,
    };
    const wrong = (change: object, reason: RegExp) =>
      assert.throws(() => createTrainer({ ...right, ...change }), reason);
    wrong({ clipnorm: 1 }, /no such option: got "clipnorm" \(nearest: "clipNorm"\)/);
    wrong({ schedule: () => 1 }, /no such option: got "schedule"/);
    wrong({ optimiser: { kind: "adam", learningRate: 1 } }, /the learning rate is no setting of it/);
    wrong({ optimiser: { kind: "adma" } }, /kind must be one of sgd, .*: got adma/);
    wrong(
      { learningRate: undefined },
      /needs a learningRate, a number or a function of the step: got undefined/,
    );
    wrong(
      { learningRate: -1 },
      /Cannot take step 0 as its learning rate must be a number of at least 0: got -1/,
    );
    wrong({ loss: undefined }, /it needs loss, a function of a step's tensors/);
    wrong({ optimiser: undefined, learningRate: undefined }, /either optimiser or optimisers: got neither/);
    wrong({ clipNorm: 0 }, /clipNorm must be above 0: got 0/);
    wrong({ average: { decay: 1 } }, /average.decay must be at least 0 and below 1: got 1/);
    const part = { variables: {}, optimiser: { kind: "sgd" }, learningRate: 1 };
    const none = { optimiser: undefined, learningRate: undefined };
    const x = tf.variable(tf.scalar(2));
    wrong(
      { ...none, optimisers: { a: { ...part, variables: { x } } } },
      /each trainable parameter must belong to one optimiser.*"w" in 0/,
    );
    const later = createTrainer({ ...right, learningRate: (step) => (step === 1 ? Number.NaN : 0.5) });
    later.step();
    assert.throws(
      () => later.step(),
      /Cannot take step 1 as its learning rate must be a number of at least 0: got NaN/,
    );
    assert.deepEqual(numbers(w), [0]);
    const vector = createTrainer({ ...right, loss: () => tf.stack([w, w]) });
    assert.throws(() => vector.step(), /must return a scalar tensor.*a tensor of shape \[2\]/);
    const nested = compile(() => later.step(), { variables: [w] });
    assert.throws(() => nested(), /Cannot take a trainer's step within a compiled step/);
  });
});
