import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { circuitImages, syntheticCircuitPairs } from "../../../src/data";
import { resolveConfiguration } from "../../../src/experiments";
import {
  codesSource,
  encodePairs,
  loadCodes,
  saveCodes,
  saveCodesSource,
} from "../../../src/experiments/wscrl/causal-circuit/circuit-codes";
import type { CircuitRow } from "../../../src/experiments/wscrl/causal-circuit/circuit-unit";
import { circuitClaims } from "../../../src/experiments/wscrl/causal-circuit/claims";
import type { CircuitConfiguration } from "../../../src/experiments/wscrl/causal-circuit/configuration";
import {
  causalCircuitRun,
  circuitMetricsFile,
  reduceDimRun,
} from "../../../src/experiments/wscrl/causal-circuit/document-runs";
import { type CircuitRun, causalCircuit } from "../../../src/experiments/wscrl/causal-circuit/experiment";
import { circuitPairsFigure } from "../../../src/experiments/wscrl/causal-circuit/figures";
import {
  autoencoderCoder,
  componentsCoder,
  encodeHalf,
} from "../../../src/experiments/wscrl/causal-circuit/picture-coder";
import {
  circuitResultFiles,
  circuitResultPictures,
} from "../../../src/experiments/wscrl/causal-circuit/result-files";
import {
  createAutoencoderOf,
  trainAutoencoder,
} from "../../../src/experiments/wscrl/causal-circuit/train-autoencoder";
import { composeConfiguration } from "../../../src/experiments/wscrl/document/composed-configuration";
import { writeNpz } from "../../../src/io";
import { imageAutoencoderVariables } from "../../../src/models/lcm";
import { startBackend, tensorflow } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

before(startBackend);

const resolve = (given: Record<string, unknown>) =>
  resolveConfiguration(causalCircuit, given) as {
    configuration: CircuitConfiguration;
    overrides: Record<string, unknown>;
  };

/** Both stages in a few steps, with two of the four phases. */
const tiny = resolve({
  preset: "smoke",
  models: ["ilcm"],
  trainPairs: 64,
  testPairs: 32,
  epochs: 2,
  pretrainingEpochs: 1,
  interventionsAfter: 1,
  deterministicAfter: 1,
  restartEpochs: 0,
  nllSamples: 2,
});
const tinyPairs = () => syntheticCircuitPairs({ pairs: 64, size: 8, seed: 0, purpose: "train" });

test("stage 1 that is paused between steps ends bit for bit as one that is not, and its error falls", async (t) => {
  const settings = { ...tiny.configuration, autoencoderEpochs: 12, autoencoderRate: 1e-2 };
  const finals = [];
  for (const pausesAt of [undefined, 5]) {
    const folder = join(temporaryFolder(t), "checkpoints");
    for (let pause: number | undefined = pausesAt; ; pause = undefined) {
      const model = createAutoencoderOf(settings, 1);
      const controller = new AbortController();
      let steps = 0;
      const pairs = tinyPairs();
      const { draw } = pairs;
      const counted = {
        ...pairs,
        draw: ((...given) => {
          if (++steps === (pause ?? 0) * 64) controller.abort(); // 32 pairs a step, two pictures each
          draw(...given);
        }) as typeof draw,
      };
      const outcome = await trainAutoencoder(model, counted, settings, {
        folder,
        seed: 1,
        signal: controller.signal,
      });
      const variables = Object.values(imageAutoencoderVariables(model));
      if (outcome.status === "finished") {
        const losses = outcome.metrics.map(({ values }) => values.squaredError);
        assert.ok(
          losses[losses.length - 1] < 0.8 * losses[0],
          `${losses[0]} to ${losses[losses.length - 1]}`,
        );
        finals.push({ losses, weights: variables.map((variable) => variable.dataSync()) });
      }
      tensorflow().dispose(variables);
      if (outcome.status === "finished") break;
      assert.equal(outcome.status, "paused");
    }
  }
  assert.deepEqual(finals[1], finals[0]);
});

test("a run does both stages, leaves no tensors behind, and makes its files and pictures", async (t) => {
  const folder = temporaryFolder(t);
  const data = await causalCircuit.load(tiny.configuration, { progress: undefined as never });
  assert.ok(data.synthetic);
  assert.match(data.dataSource, /^synthetic/);
  const worker = causalCircuit.begin(tiny.configuration, data);
  const [unit] = causalCircuit.units(tiny.configuration);
  const context = { folder, onProgress() {} };
  const { numTensors } = tensorflow().memory();
  const row = (await worker.run(unit, context)) as CircuitRow;
  assert.equal(tensorflow().memory().numTensors, numTensors);
  assert.equal(causalCircuit.costDone?.(unit, tiny.configuration, folder), unit.cost);
  assert.equal(row.examples.length, 5);
  const run = { configuration: tiny.configuration, rows: [row], synthetic: true } as never as CircuitRun;
  assert.deepEqual(
    circuitResultFiles(run).map(({ name }) => name),
    ["scores.csv", "stage_1.csv", "curves.csv"],
  );
  assert.deepEqual(
    circuitResultPictures(run).map(({ name }) => name),
    ["figures/reconstructions", "figures/importance", "figures/graph"],
  );
  for (const { figure } of circuitResultPictures(run))
    assert.match((figure.layout.title as { text: string }).text, /synthetic/);
  assert.match(causalCircuit.summary(run), /Codes of seed 4701/);
  const { name, content } = circuitMetricsFile(row.models[0]);
  assert.equal(name, "metrics/test_metrics.csv");
  const columns = content.split("\n")[0].split(",");
  for (const column of ["noise_disentanglement", "causal_disentanglement", "implicit_graph_3_2", "nll"])
    assert.ok(columns.includes(column), column);
});

test("componentsCoder() finds numbers of variance 1 without correlation, and pictures again from enough of them", () => {
  const pairs = syntheticCircuitPairs({ pairs: 300, size: 8, seed: 0, purpose: "train" });
  const coder = componentsCoder(pairs, { latents: 6, seed: 0 });
  const codes = encodeHalf(coder, pairs, "before");
  const product = (i: number, j: number) => {
    let sum = 0;
    for (let row = 0; row < 300; row++) sum += codes[6 * row + i] * codes[6 * row + j];
    return sum / 300;
  };
  for (let i = 0; i < 6; i++)
    for (let j = 0; j <= i; j++) assert.ok(Math.abs(product(i, j) - Number(i === j)) < 0.02, `${i} ${j}`);
  const all = componentsCoder(pairs, { latents: 60, seed: 0 });
  const images = circuitImages(pairs, [0, 7], "after");
  const decoded = all.decode(all.encode(images));
  const worst = Math.max(...images.map((value, i) => Math.abs(value - decoded[i])));
  assert.ok(worst < 12, `${worst} grey levels off`);
});

test("codes that are saved are read again, and hostile files are refused by file and array", (t) => {
  const folder = temporaryFolder(t);
  const model = createAutoencoderOf(tiny.configuration, 1);
  const codes = encodePairs(autoencoderCoder(model), tinyPairs());
  assert.equal(codes.before.length, 64 * 5);
  saveCodes(folder, "train", codes);
  assert.deepEqual(loadCodes(folder, "train"), codes);
  assert.throws(() => loadCodes(folder, "test"), /causalcircuit_reduce_dim.*no such file/);
  assert.throws(() => codesSource(folder), /source.json.*no such file/);
  saveCodesSource(folder, { source: "here", synthetic: true });
  assert.deepEqual(codesSource(folder), { source: "here", synthetic: true });
  const data = Float32Array.of(1, 2, 3, 4);
  writeNpz(join(folder, "test_encoded.npz"), { z0: { shape: [2, 2], data } });
  assert.throws(() => loadCodes(folder, "test"), /"intervention_label" of .*test_encoded.npz.*got none/);
  tensorflow().dispose(Object.values(imageAutoencoderVariables(model)));
});

test("circuitPairsFigure() shows one pair of each intervention, called synthetic", () => {
  const { layout } = circuitPairsFigure({ seed: 0 }, { size: 8 });
  assert.match((layout.title as { text: string }).text, /^Synthetic/);
  const texts = (layout.annotations as { text: string }[]).map(({ text }) => text);
  for (const words of ["nothing set", "robot arm set", "red light set", "green light set", "blue light set"])
    assert.ok(texts.includes(words), words);
});

test("claims come out either way", () => {
  const modelRow = (model: string, disentanglement: number, isRight: boolean, accuracy: number) => ({
    model,
    dci: { disentanglement },
    graph: { isRight, structuralHammingDistance: isRight ? 0 : 2 },
    interventions: { accuracy },
  });
  const run = (ilcm: number, others: number, explained: number) =>
    ({
      configuration: tiny.configuration,
      rows: [
        {
          seed: 1,
          explainedVariables: explained,
          models: [
            modelRow("ilcm", ilcm, ilcm > 0.9, ilcm),
            modelRow("dvae", others, false, 0.1),
            modelRow("betavae", others, false, 0),
          ],
        },
      ],
    }) as never as CircuitRun;
  const verdicts = (one: CircuitRun) => circuitClaims(one).map(({ verdict }) => verdict);
  assert.deepEqual(verdicts(run(0.95, 0.4, 0.97)), new Array(6).fill("shown"));
  assert.deepEqual(verdicts(run(0.3, 0.4, 0.5)), new Array(6).fill("not shown"));
});

test("the document's configurations have the published values", async () => {
  const general = ["general.exp_name=x", "general.base_dir=/nowhere", "general.seed=4601"];
  const compose = async (...words: string[]) =>
    reduceDimRun(await composeConfiguration("causalcircuit_reduce_dim", [...general, ...words]));
  const synthetic = ["data=causalcircuit_synthetic", "data.samples.train=40", "data.samples.test=32"];
  const { settings, seed, folder, train } = await compose(...synthetic);
  assert.deepEqual(settings, {
    size: 64,
    width: 32,
    latents: 8,
    autoencoderGain: 1,
    autoencoderEpochs: 50,
    autoencoderBatch: 32,
    autoencoderRate: 1e-4,
    autoencoderLowestRate: 1e-8,
    autoencoderClipNorm: 100,
    autoencoderBeta: 0.1,
    codeRegularisation: 0.1,
    autoencoderConsistency: 0.05,
  });
  assert.deepEqual(
    [seed, folder, train.pairs, train.isSynthetic],
    [4601, "/nowhere/experiments/x", 40, true],
  );
  const fast = await compose(...synthetic, "training=causalcircuit_reduce_dim_fast");
  assert.deepEqual(
    [fast.settings.autoencoderBatch, fast.settings.autoencoderEpochs, fast.settings.autoencoderRate],
    [8, 10, 3e-5],
  );
  await assert.rejects(compose(), /causalcircuit_synthetic: got no folder \/nowhere\/data\/causalcircuit/);
  await assert.rejects(compose(...synthetic, "data.dim_x=[64, 32, 3]"), /square pictures: got 64 x 32/);
  await assert.rejects(compose(...synthetic, "training.epochs=61"), /pretraining throughout.*got 60 and 61/);
  await assert.rejects(compose("data=causalcircuit_syntetic"), /did you mean "causalcircuit_synthetic"/);
});

test("stage 2's configurations have the published models and trainings, on codes that there are", async (t) => {
  const folder = temporaryFolder(t);
  const model = createAutoencoderOf({ ...tiny.configuration, latents: 8 }, 1);
  for (const part of ["train", "test"] as const)
    saveCodes(folder, part, encodePairs(autoencoderCoder(model), tinyPairs()));
  const words = ["general.exp_name=x", "general.base_dir=/b", "general.seed=4701", `data.data_dir=${folder}`];
  const run = async (name: string, ...more: string[]) =>
    causalCircuitRun(await composeConfiguration(name, [...words, ...more])).configuration;
  const { configuration: published } = resolve({ preset: "paper" });
  const training = Object.keys(published).filter((key) =>
    /^(?!autoencoder|codeReg|fixOrder).*(pochs|After|ate|eta|entropy|ffset|consistency|egularisation|clipNorm)/.test(
      key,
    ),
  ) as (keyof CircuitConfiguration)[];
  for (const [name, kind] of [
    ["causalcircuit", "ilcm"],
    ["causalcircuit_ilcm", "ilcm"],
    ["causalcircuit_dvae", "dvae"],
    ["causalcircuit_betavae", "betavae"],
  ]) {
    const found = await run(name);
    assert.deepEqual([found.models, found.seeds, found.trainPairs], [[kind], [4701], 64]);
    assert.equal(found.fixOrderAfter, kind === "ilcm" ? 80 : 1000);
    for (const key of training) assert.deepEqual(found[key], published[key], `${name} ${key}`);
  }
  const fast = await run("causalcircuit", "training=causalcircuit_fast");
  assert.deepEqual(
    [
      fast.epochs,
      fast.pretrainingEpochs,
      fast.interventionsAfter,
      fast.deterministicAfter,
      fast.warmUpEpochs,
    ],
    [12, 2, 4, 8, 2],
  );
  await assert.rejects(run("causalcircuit", "data.dim_x=4"), /data.dim_x must be the 8 numbers.*got 4/);
  tensorflow().dispose(Object.values(imageAutoencoderVariables(model)));
});

test("what cannot be done is refused before any work", () => {
  const load = (given: Record<string, unknown>) =>
    causalCircuit.load(resolve({ preset: "smoke", ...given }).configuration, {
      progress: undefined as never,
    });
  assert.throws(
    () => load({ pretrainingEpochs: 9, interventionsAfter: 4, deterministicAfter: 8 }),
    /must not fall: got 9, 4, 8/,
  );
  assert.throws(() => load({ autoencoderBatch: 500 }), /at most trainPairs: got 500 and 128/);
  assert.throws(() => load({ codes: "nowhere" }), /nowhere.*no such file/);
  assert.throws(() => load({ pictures: "nowhere" }), /train-0.npz to train-9.npz/);
  assert.throws(() => load({ codes: "here", pictures: "nowhere" }), /not looked at where codes are given/);
  assert.throws(() => resolve({ size: 48 }), /power of two/);
});
