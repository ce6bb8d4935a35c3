import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { before, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Tensor } from "@tensorflow/tfjs-node";
import { inProject } from "../../../src/environment/paths.mjs";
import { resolveConfiguration, runExperiment, type SavedRun } from "../../../src/experiments";
import { claims } from "../../../src/experiments/wscrl/claims";
import type { WscrlConfiguration } from "../../../src/experiments/wscrl/configuration";
import { evaluateModel } from "../../../src/experiments/wscrl/evaluation/evaluate-model";
import { type WscrlRun, wscrl } from "../../../src/experiments/wscrl/experiment";
import { resultFiles, resultPictures } from "../../../src/experiments/wscrl/result-files";
import { createModel } from "../../../src/experiments/wscrl/training/model";
import { trainModel } from "../../../src/experiments/wscrl/training/train-model";
import { trainingSchedule } from "../../../src/experiments/wscrl/training/training-schedule";
import { unitData, unitWorker, type WscrlRow } from "../../../src/experiments/wscrl/training/unit";
import { startBackend, tensorflow } from "../../../src/tensor";
import published from "../../fixtures/wscrl/schedules.json";
import { temporaryFolder } from "../../support/temporary-folder";

before(startBackend);

const resolve = (given: Record<string, unknown>) =>
  resolveConfiguration(wscrl, given) as {
    configuration: WscrlConfiguration;
    overrides: Record<string, unknown>;
  };

/** Two epochs of ten steps, phases and restarts among them. */
const tinyRun = {
  preset: "smoke",
  models: ["ilcm"],
  trainPairs: 320,
  encoEpochs: 1,
  batchSize: 32,
  restartEpochs: 2,
};
const tiny = resolve(tinyRun);

async function run(folder: string): Promise<SavedRun<WscrlConfiguration, WscrlRow>> {
  const data = await wscrl.load(tiny.configuration, { progress: undefined as never });
  return runExperiment(wscrl, tiny, data, { folder });
}

/** Runs the command line until a unit has its row or a checkpoint, and kills it as no program can prevent. */
async function runUntilKilled(t: TestContext, folder: string, given: Record<string, unknown>): Promise<void> {
  const set = Object.entries(given).flatMap(([key, value]) =>
    key === "preset" ? [] : ["--set", `${key}=${JSON.stringify(value)}`],
  );
  const command = ["wscrl", "run", "--preset", "smoke", "--no-figures", "--out", folder, ...set];
  const child = spawn(process.execPath, [inProject("src", "cli", "dolab.mjs"), ...command], {
    stdio: "ignore",
  });
  t.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  const isUnderWay = () =>
    ["units", "checkpoints"].some(
      (part) => existsSync(join(folder, part)) && readdirSync(join(folder, part)).length > 0,
    );
  while (!isUnderWay() && child.exitCode === null) await delay(20);
  child.kill("SIGKILL");
  await ended;
  assert.equal(child.signalCode, "SIGKILL", `it ended by itself (${child.exitCode}) before it was killed`);
}

test("a run of the same seeds is the same bit for bit, killed or not", async (t) => {
  const folder = temporaryFolder(t);
  await runUntilKilled(t, join(folder, "second"), tinyRun); // first, as the run below keeps this process busy
  const first = await run(join(folder, "first"));
  const second = await run(join(folder, "second"));
  const facts = ({ rows }: { rows: WscrlRow[] }) => rows.map(({ seconds: _, ...row }) => row);
  assert.deepEqual(facts(second), facts(first));
});

test("trainModel() holds no more tensors after many steps than after few", async () => {
  const { configuration } = resolve({ ...tinyRun, epochs: 40, deterministicAfter: 20, evaluateEvery: 20 });
  const { pairs } = unitData({ dimension: 2, dataSeed: 302 }, configuration);
  const model = createModel("ilcm", 2, { seed: 1 });
  const held: { tensors: number; bytes: number }[] = [];
  await trainModel(model, pairs.train, configuration, {
    seed: 1,
    evaluate() {
      const { numTensors: tensors } = tensorflow().memory();
      held.push({ tensors, bytes: process.memoryUsage().rss });
      return {};
    },
  });
  assert.equal(held.length, 20);
  const [early, late] = [held[11], held[19]]; // every phase has its step by then
  assert.equal(late.tensors, early.tensors);
  assert.ok(late.bytes - early.bytes < 2e7, `${late.bytes - early.bytes} bytes more after 160 steps`);
});

for (const [what, given] of [
  ["", {}],
  [", its order fixed before", { fixOrderAfter: 1 }],
] as const)
  test(`trainModel() that is paused in mid-epoch${what} ends as one that is not`, async (t) => {
    const configuration = { ...tiny.configuration, ...given };
    const { pairs } = unitData({ dimension: 2, dataSeed: 302 }, configuration);
    const finals = [];
    for (const pausesAt of [undefined, 25]) {
      const folder = join(temporaryFolder(t), "checkpoints");
      const controller = new AbortController();
      for (;;) {
        const model = createModel("ilcm", 2, { seed: 1 });
        let evaluations = 0;
        const outcome = await trainModel(
          model,
          pairs.train,
          { ...configuration, evaluateEvery: 1 },
          {
            folder,
            seed: 1,
            signal: controller.signal.aborted ? undefined : controller.signal,
            evaluate: () => {
              evaluations += 1;
              if (evaluations === pausesAt && !controller.signal.aborted) controller.abort();
              return {};
            },
          },
        );
        if (outcome.status !== "finished") continue;
        const ancestors = model.ilcm?.solutionFunctions.ancestors;
        assert.equal(Array.isArray(ancestors), "fixOrderAfter" in given);
        finals.push(Object.values(model.parameters).map((variable) => Array.from(variable.dataSync())));
        break;
      }
    }
    assert.deepEqual(finals[1], finals[0]);
  });

test("trainModel() takes no step whose loss is not finite, and gives up after ten", async () => {
  const { configuration } = tiny;
  const { pairs } = unitData({ dimension: 2, dataSeed: 302 }, configuration);
  const before = new Float32Array(pairs.train.before).fill(Number.NaN);
  const model = createModel("betavae", 2, { seed: 1 });
  const weights = () => Object.values(model.parameters).map((variable) => Array.from(variable.dataSync()));
  const start = weights();
  await assert.rejects(trainModel(model, { ...pairs.train, before }, configuration, { seed: 1 }), {
    name: "NonFiniteError",
    step: 10,
  });
  assert.deepEqual(weights(), start);
});

test("a unit leaves no tensors behind, of an implicit model and of an explicit one", async (t) => {
  const models = ["ilcm", "elcm_enco"];
  const { configuration } = resolve({ preset: "smoke", models, trainPairs: 64, encoEpochs: 1 });
  const worker = unitWorker(configuration);
  const held = tensorflow().memory().numTensors;
  for (const unit of wscrl.units(configuration)) {
    const row = await worker.run(unit, { folder: temporaryFolder(t), onProgress() {} });
    const { graph, interventions } = row!.evaluation;
    assert.deepEqual([graph!.found.length, interventions!.posterior.length], [2, 3]);
  }
  worker.dispose();
  assert.equal(tensorflow().memory().numTensors, held);
});

test("trainingSchedule() has the published weights and rates, and phases in their order", () => {
  const { configuration } = resolve({ preset: "paper" });
  const schedule = trainingSchedule(configuration);
  const near = (found: number, expected: number, what: string) =>
    assert.ok(Math.abs(found - expected) < 1e-12, `${what}: ${found} instead of ${expected}`);
  for (const [i, epoch] of published.fractional_epoch.entries()) {
    const { beta, noiseRegularisation, offset } = schedule.weights(epoch);
    near(beta, published.schedules.beta.values[i], `beta at ${epoch}`);
    near(noiseRegularisation, published.schedules.z_reg.values[i], `noise at ${epoch}`);
    near(offset, published.schedules.int_offset.values[i], `offset at ${epoch}`);
  }
  for (const [epoch, rate] of published.lr_per_epoch_scaling.entries())
    near(schedule.weights(epoch).learningRate, rate, `rate of epoch ${epoch}`);
  const phases = [0, 9, 10, 29, 30, 59, 60, 89].map(schedule.phase);
  assert.deepEqual(Array.from(new Set(phases)), [
    "pretraining",
    "observational",
    "interventional",
    "deterministic",
  ]);
  assert.deepEqual([0, 29, 30, 60].map(schedule.isRestart), [false, false, true, true]);
});

test("evaluateModel() finds perfect scores in a model that knows the truth", () => {
  const tf = tensorflow();
  const { configuration } = resolve({ preset: "smoke", dciPairs: 2000, testPairs: 500, graph: "chain" });
  const { nature, pairs } = unitData({ dimension: 2, dataSeed: 1 }, configuration);
  const model = createModel("betavae", 2, { seed: 1 });
  const back = tf.tensor2d(nature.rotation.map((row) => row.slice())); // z = R' x: rows times R
  const encode = (observations: Tensor) => tf.matMul(observations, back).reverse(1) as never; // latents in another order
  const decode = (codes: Tensor) => tf.matMul(codes.reverse(1), back, false, true);
  const truth = { ...model, encode, encodeNoise: encode, decode };
  const { dci, latentOf, interventions, graph, answers } = evaluateModel(
    truth,
    pairs,
    nature,
    configuration,
    {
      seed: 1,
    },
  );
  assert.ok(dci.disentanglement > 0.97, `${dci.disentanglement}`);
  assert.deepEqual(latentOf, [1, 0]);
  assert.deepEqual([interventions, graph], [undefined, undefined]);
  // It sets what has no effects rightly, but a cause leaves its effect as it was.
  assert.ok(answers.errors[1] < 1e-6 && answers.errors[0] > 0.05, `${answers.errors}`);
  const [{ values, answered, truth: system }] = answers.examples.slice(1);
  for (const [i, value] of values.entries())
    for (const feature of [0, 1])
      assert.ok(
        Math.abs(answered[i][feature] - system[i][feature]) < 1e-4,
        `feature ${feature}, set to ${value}`,
      );
});

test("claims() come out either way, and say what a single pair of seeds cannot tell", () => {
  const row = (
    model: string,
    disentanglement: number,
    isRight = true,
    missed = 0.05,
    dimension = 4,
  ): WscrlRow =>
    ({
      model,
      dimension,
      modelSeed: 4901,
      dataSeed: 302,
      curve: [],
      seconds: 1,
      evaluation: {
        dci: { disentanglement },
        interventions: { accuracy: 0.9 },
        graph: { isRight, truth: [[0, dimension === 2 ? 0 : 1]] },
        answers: { errors: [missed] },
      },
    }) as never;
  const all = (rows: WscrlRow[]) => claims({ rows, configuration: tiny.configuration } as WscrlRun);
  const verdicts = (rows: WscrlRow[]) => all(rows).map(({ verdict }) => verdict);
  const untold = new Array(3).fill("cannot be told here");
  const good = [row("ilcm", 0.99), row("dvae", 0.3), row("betavae", 0.2)];
  assert.deepEqual(verdicts(good), [...untold, ...new Array(4).fill("shown"), ...untold]);
  const also = (...scores: number[]) =>
    ["ilcm", "dvae", "betavae"].map((model, i) => row(model, scores[i], true, 0.05, 3));
  const empty = ["ilcm", "dvae", "betavae"].map((model) =>
    row(model, model === "betavae" ? 0 : 1, true, 0.05, 2),
  );
  const both = [...good, ...also(0.95, 0.4, 0.1), ...empty];
  assert.deepEqual(verdicts(both).slice(0, 3), new Array(3).fill("shown"));
  assert.match(
    all(both)[0].found,
    /0\.62 \(0\.55 to 0\.69\) over 2 pairs of trainings and 1 of seeds; above 0 in 2/,
  );
  const bad = [row("ilcm", 0.2, false, 0.3), row("dvae", 0.3), row("betavae", 0.4), ...also(0.2, 0.3, 0.5)];
  assert.deepEqual(verdicts(bad).slice(0, 3), new Array(3).fill("not shown"));
  assert.deepEqual(verdicts(bad).slice(3, 5), ["not shown", "not shown"]);
  assert.deepEqual(verdicts([]), []);
});

test("figures and files are made of a run of all models", async (t) => {
  const all = resolve({ preset: "smoke", trainPairs: 64, dciPairs: 50, testPairs: 50 });
  const data = await wscrl.load(all.configuration, { progress: undefined as never });
  const saved = await runExperiment(wscrl, all, data, { folder: join(temporaryFolder(t), "run") });
  const outcome = wscrl.outcome(saved);
  assert.equal(resultFiles(outcome).length, 3);
  for (const { name, figure } of resultPictures(outcome)) {
    assert.ok(figure.data.length > 0, name);
    JSON.stringify(figure, (_, value) => {
      assert.ok(
        typeof value !== "number" || Number.isFinite(value),
        `${name} has a number that is not finite`,
      );
      return value;
    });
  }
});

test("phases out of order, large batches and dimensions beyond the enumeration are refused", () => {
  const load = (given: Record<string, unknown>) => () =>
    wscrl.load(resolve({ preset: "smoke", ...given }).configuration, { progress: undefined as never });
  assert.throws(load({ interventionsAfter: 0 }), /must not fall: got 1, 0, 2/);
  assert.throws(load({ batchSize: 1000 }), /at most trainPairs: got 1000 and 640/);
  assert.throws(load({ dimensions: [31] }), /<=30/);
  assert.throws(load({ dimensions: [0] }), RangeError);
  assert.throws(load({ model: "ilcm" }), /nearest: "models"/);
});
