import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Scalar, Variable } from "@tensorflow/tfjs-node";
import type { ProgressReporter } from "../../src/io";
import { compile, startBackend, tensorflow } from "../../src/tensor";
import {
  checkpointFile,
  checkpointSteps,
  interruptedBySigint,
  NonFiniteError,
  readMetrics,
  type StepPlace,
  stepSeed,
  type TrainOptions,
  train,
} from "../../src/train";
import { temporaryFolder } from "../support/temporary-folder";

const tf = tensorflow();
let counter: Variable;
before(async () => {
  await startBackend();
  counter = tf.variable(tf.scalar(0));
});

/** Counts steps in a variable, and has the metric `value` of the steps done. */
function counting(value: (step: number) => number, more: Partial<TrainOptions> = {}): TrainOptions {
  const step = ({ step: done }: StepPlace) => {
    counter.assign(tf.scalar(done + 1));
    return tf.scalar(value(done + 1));
  };
  return { variables: { counter }, steps: 10, seed: 1, step, log: { every: 1 }, ...more };
}

test("train() logs the mean of each metric over the steps since its last row, and the rest at the end", async () => {
  const step = ({ step: done }: StepPlace) => ({
    loss: tf.scalar(done),
    ...(done % 2 === 0 ? { even: done } : {}),
  });
  const { metrics, status, checkpoint } = await train(counting(Number, { step, log: { every: 4 } }));
  assert.deepEqual(
    metrics.map(({ step: done, values }) => [done, values]),
    [
      [4, { loss: 1.5, even: 1 }],
      [8, { loss: 5.5, even: 5 }],
      [10, { loss: 8.5, even: 8 }],
    ],
  );
  assert.deepEqual([status, checkpoint], ["finished", undefined]);
});

test("train() tells each step its place in its epoch and a seed of its own, and counts epochs in rows", async () => {
  const places: StepPlace[] = [];
  const evaluated: object[] = [];
  const { metrics } = await train({
    ...counting(Number, { steps: undefined, epochs: 3, stepsPerEpoch: 4 }),
    log: { every: 6 },
    step: (place) => {
      places.push(place);
      return { loss: 0 };
    },
    evaluate: {
      every: 8,
      run: async (place) => {
        evaluated.push(place);
        return { accuracy: place.step };
      },
    },
  });
  assert.deepEqual(
    places.map(({ step, epoch, batch }) => [step, epoch, batch]),
    Array.from({ length: 12 }, (_, step) => [step, Math.floor(step / 4), step % 4]),
  );
  assert.deepEqual(places[5].seed, stepSeed(1, 5));
  assert.equal(new Set(places.map(({ seed }) => seed.join())).size, 12);
  assert.deepEqual(evaluated, [
    { step: 8, epoch: 2 },
    { step: 12, epoch: 3 },
  ]);
  const rows = metrics.map(({ epoch, values }) => [epoch, values]);
  const last = { loss: 0, accuracy: 12 };
  assert.deepEqual(rows, [
    [1.5, { loss: 0 }],
    [2, { accuracy: 8 }],
    [3, last],
  ]);
});

test("stepSeed() gives words of all 32 bits that follow no pattern from step to step", () => {
  const words = Array.from({ length: 4000 }, (_, step) => stepSeed(7, step)).flat();
  assert.equal(new Set(words).size, words.length);
  assert.ok(words.every((word) => Int32Array.of(word)[0] === word));
  for (let bit = 0; bit < 32; bit++) {
    const ones = words.filter((word) => (word >>> bit) & 1).length;
    assert.ok(Math.abs(ones - 4000) < 5 * Math.sqrt(8000 / 4), `bit ${bit}: ${ones} of 8000`); // 5 sigma
  }
  assert.throws(() => stepSeed(-1, 0), RangeError);
});

test("train() writes checkpoints when asked, keeps the newest and those to keep, and all rows before them", async (t) => {
  const folder = temporaryFolder(t);
  const checkpoint = { every: 4, keep: 2, keepSteps: [3, 5] };
  const seen: number[][] = [];
  const evaluate = {
    every: 1,
    run: ({ step }: { step: number }) => {
      if (step % 7 === 0) seen.push(checkpointSteps(folder));
      return {};
    },
  };
  const outcome = await train(counting(Number, { steps: 21, folder, checkpoint, evaluate }));
  assert.deepEqual(seen, [
    [3, 4, 5],
    [3, 5, 8, 12],
    [3, 5, 16, 20],
  ]);
  assert.deepEqual(checkpointSteps(folder), [3, 5, 20, 21]);
  assert.equal(outcome.checkpoint, checkpointFile(folder, 21));
  assert.deepEqual(readMetrics(join(folder, "metrics.jsonl")), outcome.metrics);
  assert.deepEqual(readdirSync(folder).sort(), ["checkpoints", "metrics.jsonl"]);
});

test("train() writes checkpoints by the minute", async (t) => {
  const folder = temporaryFolder(t);
  const checkpoint = { everyMinutes: 1e-9, keep: 100 };
  await train(counting(Number, { folder, checkpoint }));
  assert.deepEqual(checkpointSteps(folder), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("train() stops at the step whose metric is not finite, keeps the last good checkpoint, and can go on", async (t) => {
  const folder = temporaryFolder(t);
  const bad = (step: number) => (step === 6 ? Number.NaN : step === 9 ? Infinity : step);
  const options = counting(bad, { folder, checkpoint: { every: 4 }, log: { every: 8 } });
  const tensors = tf.memory().numTensors;
  await assert.rejects(train(options), (error: NonFiniteError) => {
    assert.ok(error instanceof NonFiniteError);
    assert.deepEqual([error.metric, error.step, error.checkpoint], ["loss", 6, checkpointFile(folder, 4)]);
    assert.match(
      error.message,
      /"loss" must be finite: got NaN at step 6; the last good checkpoint is .*04\.saf/,
    );
    return true;
  });
  assert.equal(tf.memory().numTensors, tensors);
  assert.deepEqual(checkpointSteps(folder), [4]);
  const { status, step, metrics } = await train({ ...options, nonFinite: "continue" });
  assert.deepEqual([status, step], ["finished", 10]);
  assert.deepEqual(
    metrics.map(({ values }) => values.loss),
    [NaN, Infinity],
  );
  assert.match(readFileSync(join(folder, "metrics.jsonl"), "utf8"), /"values":{"loss":null}/);
});

test("train() does not save a variable that holds NaN", async (t) => {
  const folder = temporaryFolder(t);
  const step = ({ step: done }: StepPlace) => {
    counter.assign(tf.scalar(done === 6 ? NaN : 0));
    return { loss: 0 };
  };
  const options = counting(Number, { folder, step, checkpoint: { every: 7 } });
  await assert.rejects(train(options), /"counter" must be finite: got NaN at step 7; there is no checkpoint/);
  assert.deepEqual(checkpointSteps(folder), []);
});

test("train() stops early when a metric has not become better, also across a resume", async (t) => {
  const course = [5, 4, 4.5, NaN, 3, 6, 3, 3.5, 1, 1];
  const evaluate = { every: 1, run: ({ step }: { step: number }) => ({ error: course[step - 1] }) };
  const earlyStop = { metric: "error", patience: 3 };
  const options = counting(Number, { evaluate, earlyStop, log: { every: 3 } });
  const straight = await train(options);
  assert.deepEqual(
    [straight.status, straight.step, straight.best],
    ["stopped early", 8, { step: 5, value: 3 }],
  );
  for (const pauseAt of [4, 7]) {
    const folder = temporaryFolder(t);
    const controller = new AbortController();
    const pausing = {
      ...evaluate,
      run: (place: { step: number }) => {
        if (place.step === pauseAt) controller.abort();
        return evaluate.run(place);
      },
    };
    const paused = await train({ ...options, folder, evaluate: pausing, signal: controller.signal });
    assert.deepEqual([paused.status, paused.step], ["paused", pauseAt]);
    const resumed = await train({ ...options, folder });
    assert.deepEqual(
      [resumed.status, resumed.step, resumed.best],
      ["stopped early", 8, { step: 5, value: 3 }],
    );
    const again = await train({ ...options, folder, step: () => assert.fail("a step was taken") });
    assert.equal(again.status, "stopped early");
    const patient = await train({ ...options, folder, earlyStop: { ...earlyStop, patience: 4 } });
    assert.deepEqual([patient.status, patient.step, patient.best], ["finished", 10, { step: 9, value: 1 }]);
  }
  const most = await train({ ...options, earlyStop: { metric: "loss", patience: 2, mode: "max" } });
  assert.deepEqual([most.status, most.best], ["finished", { step: 10, value: 10 }]);
  const unknown = train({ ...options, earlyStop: { metric: "accuracy", patience: 1 } });
  await assert.rejects(unknown, /Cannot stop early by "accuracy" as the metrics are error/);
});

const compiledStep = () => {
  const weight = tf.variable(tf.ones([8, 8]));
  const step = compile(
    () => {
      weight.assign(weight.mul(0.999));
      return weight.mean() as Scalar;
    },
    { variables: [weight] },
  );
  return { weight, step };
};

test("train() leaves no tensor behind, however many steps it takes and whatever a step makes", async () => {
  const { weight, step } = compiledStep();
  const seen: number[] = [];
  await train({
    ...counting(Number, { variables: { weight }, steps: 200, log: { every: 7 } }),
    step: () => {
      tf.ones([4]).add(1);
      return { loss: step(), other: tf.scalar(1) };
    },
    evaluate: { every: 7, run: () => ({ tensors: seen.push(tf.memory().numTensors) }) },
  });
  const after = tf.memory().numTensors;
  assert.deepEqual(new Set(seen).size, 1, `${seen}`);
  assert.equal(after, seen[0]);
  step.dispose();
  weight.dispose();
});

const processorMicroseconds = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

test("train() adds less than 50 microseconds to a step", async (t) => {
  const { weight, step } = compiledStep();
  const steps = 300;
  let [bare, looped] = [Infinity, Infinity]; // of processor time, as other work on the machine has its share of the clock's
  for (let round = 0; round < 30; round++) {
    const began = processorMicroseconds();
    for (let i = 0; i < steps; i++) step().dispose();
    const between = processorMicroseconds();
    await train({ variables: { weight }, steps, seed: 1, step: () => step() });
    bare = Math.min(bare, (between - began) / steps);
    looped = Math.min(looped, (processorMicroseconds() - between) / steps);
  }
  t.diagnostic(`a step takes ${bare.toFixed(1)} us, the loop adds ${(looped - bare).toFixed(1)} us`);
  assert.ok(looped - bare < 50, `${looped - bare} us`);
  step.dispose();
  weight.dispose();
});

test("train() gives the event loop a turn at least each 25 ms or step", async () => {
  const times: number[] = [];
  const timer = setInterval(() => times.push(performance.now()), 1);
  const step = () => {
    for (const end = performance.now() + 0.5; performance.now() < end; );
    return { loss: 1 };
  };
  await train(counting(Number, { step, steps: 600 }));
  clearInterval(timer);
  assert.ok(times.length >= 5, `${times.length} turns in 300 ms`);
});

test("train() reports progress with its newest metrics, from where a run goes on", async (t) => {
  const folder = temporaryFolder(t);
  const said: unknown[] = [];
  const progress: ProgressReporter = (total, { label, unit, initial } = {}) => {
    said.push([total, label, unit, initial]);
    return {
      update: () => {},
      finish: (metrics) => said.push(["finished", metrics]),
      fail: (reason) => said.push(["failed", `${reason}`]),
    };
  };
  const options = counting(Number, { folder, progress, label: "Counting" });
  await train({ ...options, signal: AbortSignal.abort() });
  await train(options);
  await train({ ...options, steps: 11, step: () => assert.fail("broken") }).catch(() => {});
  assert.deepEqual(said, [
    [10, "Counting", "steps", 0],
    ["failed", "paused"],
    [10, "Counting", "steps", 0],
    ["finished", { loss: 10 }],
    [11, "Counting", "steps", 10],
    ["failed", "AssertionError [ERR_ASSERTION]: broken"],
  ]);
  assert.deepEqual(readdirSync(folder).sort(), ["checkpoints", "metrics.jsonl"], "the lock is given back");
});

test("interruptedBySigint() turns the first Ctrl-C into a signal and leaves the second one alone", () => {
  const before = process.listenerCount("SIGINT");
  const { signal, release } = interruptedBySigint();
  process.emit("SIGINT");
  assert.ok(signal.aborted);
  assert.equal(process.listenerCount("SIGINT"), before);
  release();
  interruptedBySigint().release();
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("train() refuses options that make no run, and makes no folder for them", async (t) => {
  const folder = join(temporaryFolder(t), "new");
  const refused = (options: object, pattern: RegExp) =>
    assert.rejects(train({ ...counting(Number, { folder }), ...options } as TrainOptions), pattern);
  await refused(
    { steps: undefined },
    /RangeError: Cannot train as it needs either steps or epochs: got undefined/,
  );
  await refused({ epochs: 2, stepsPerEpoch: 5 }, /either steps or epochs: got both/);
  await refused({ steps: undefined, epochs: 2 }, /epochs need stepsPerEpoch/);
  await refused({ steps: 2.5 }, /steps is a whole number of at least 1: got 2.5/);
  await refused({ steps: Infinity }, /steps is a whole number of at least 1: got Infinity/);
  await refused({ log: { every: 0 } }, /log.every is a whole number of at least 1: got 0/);
  await refused({ checkpoint: { keep: 0 } }, /checkpoint.keep is a whole number/);
  await refused({ checkpoint: { everyMinutes: -1 } }, /checkpoint.everyMinutes is above 0: got -1/);
  await refused({ seed: 0.5 }, /a seed is an integer from 0/);
  await refused({ resume: "allways" }, /resume is "auto", "never", "previous" or a step: got allways/);
  await refused({ folder: undefined, resume: "previous" }, /resume: "previous" needs a folder/);
  await refused({ config: { rate: NaN } }, /TypeError: Cannot record "rate" of config/);
  await refused({ earlyStop: { metric: "loss", patience: 0 } }, /patience is at least 1: got 0/);
  await refused({ resume: "previous" }, /goes on from the last checkpoint but one: got no checkpoint/);
  assert.equal(existsSync(folder), false);
});

test("train() refuses a step or an evaluation that returns no metrics, and leaves no tensor behind", async () => {
  const tensors = tf.memory().numTensors;
  const refused = (options: object, pattern: RegExp) =>
    assert.rejects(train({ ...counting(Number), ...options } as TrainOptions), pattern);
  await refused({ step: async () => 1 }, /TypeError: Cannot log a step as it must return .*, at once: got/);
  await refused({ step: () => undefined }, /must return a scalar tensor, .*: got undefined/);
  await refused({ step: () => tf.ones([2]) }, /got a tensor of shape \[2\]/);
  await refused({ step: () => ({ loss: "1" }) }, /got 1/);
  await refused({ evaluate: { every: 1, run: () => ({ loss: 1 }) } }, /other names: got "loss" twice/);
  await refused(
    { evaluate: { every: 1, run: () => ({ error: "low" }) } },
    /"error" of the evaluation .*got string/,
  );
  assert.equal(tf.memory().numTensors, tensors);
});
