import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { presets, requireOrder } from "../../../src/experiments/wscrl/configuration";
import { composeConfiguration } from "../../../src/experiments/wscrl/document/composed-configuration";
import { documentRun, testMetricsFile } from "../../../src/experiments/wscrl/document/document-run";
import { temporaryFolder } from "../../support/temporary-folder";

const dummy = [
  "general.exp_name=dummy",
  "general.base_dir=/workspace/exp",
  "general.seed=42",
  "data.dim_z=3",
  "data.nature.seed=42",
];
const run = async (name: string, ...words: string[]) => documentRun(await composeConfiguration(name, words));

test("the document's dummy command is its fast training, in the folder where it looks for the metrics", async () => {
  const { configuration, folder } = await run("scaling_ilcm", ...dummy, "training=scaling_fast");
  assert.equal(folder, "/workspace/exp/experiments/dummy");
  const { models, dimensions, modelSeeds, dataSeeds } = configuration;
  assert.deepEqual(
    { models, dimensions, modelSeeds, dataSeeds },
    {
      models: ["ilcm"],
      dimensions: [3],
      modelSeeds: [42],
      dataSeeds: [42],
    },
  );
  for (const [key, value] of Object.entries({ ...presets.quick, evaluateEvery: 500, encoEpochs: 40 }))
    assert.deepEqual(configuration[key as keyof typeof configuration], value, key);
});

test("each published configuration has its model, and by default the long training", async () => {
  for (const [name, model] of [
    ["scaling_ilcm", "ilcm"],
    ["scaling_dvae", "dvae"],
    ["scaling_betavae", "betavae"],
  ]) {
    const { configuration } = await run(name, ...dummy, "training.batchsize=32");
    assert.deepEqual([configuration.models, configuration.epochs], [[model], 90]);
    assert.equal(configuration.batchSize, 32);
    assert.deepEqual(
      [configuration.warmUpAfter, configuration.warmUpEpochs, configuration.initialBeta],
      [10, 10, 0],
    );
  }
});

test("explicit models are chosen by the published words, and their options refused elsewhere", async () => {
  const words = [...dummy, "training=scaling_fast"];
  for (const graph of ["fixed_order", "enco", "dds"]) {
    const { configuration } = await run("scaling_elcm", ...words, `model.scm.adjacency_matrix=${graph}`);
    assert.deepEqual([configuration.models, configuration.manifoldThickness], [[`elcm_${graph}`], 0.01]);
  }
  const penalty = "training.edge_regularization_schedule.final=0.1";
  assert.equal((await run("scaling_elcm", ...words, penalty)).configuration.edgePenalty, 0.1);
  const refused = await run("scaling_ilcm", ...words, penalty);
  assert.throws(
    () => requireOrder(refused.configuration),
    /of explicit models \(elcm_...\) alone: got 0.1 and 0 with ilcm/,
  );
  const fixing = await run("scaling_ilcm", ...words, "training.fix_topological_order_epoch=2");
  assert.equal(fixing.configuration.fixOrderAfter, 2);
});

test("unknown words are refused with the nearest, missing ones named, and values of other types", async () => {
  const refuses = async (message: RegExp, name: string, ...words: string[]) =>
    assert.rejects(run(name, ...words), message);
  await refuses(/no configuration "scaling_ilm": did you mean "scaling_ilcm"/, "scaling_ilm", ...dummy);
  await refuses(
    /no training "scaling_fats": did you mean "scaling_fast"/,
    "scaling_ilcm",
    ...dummy,
    "training=scaling_fats",
  );
  await refuses(/no key "data.dimz".*did you mean "data.dim_z"/, "scaling_ilcm", ...dummy, "data.dimz=3");
  await refuses(
    /general.seed must be given/,
    "scaling_ilcm",
    ...dummy.filter((word) => !word.startsWith("general.seed")),
  );
  await refuses(/must be a number: got "three"/, "scaling_ilcm", ...dummy, "data.dim_z=three");
  await refuses(/must read key=value: got "fast"/, "scaling_ilcm", ...dummy, "fast");
  await refuses(/dimensions/, "scaling_ilcm", ...dummy, "data.dim_z=31");
  await refuses(
    /same epochs: got 5, 10 and 10, 10/,
    "scaling_ilcm",
    ...dummy,
    "training.z_regularization_schedule.initial_constant_epochs=5",
  );
  await refuses(
    /circle: general.exp_dir -> general.exp_dir/,
    "scaling_ilcm",
    ...dummy,
    ["general.exp_dir=$", "{general.exp_dir}"].join(""),
  );
});

test("files that are no configuration are named", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "one.yaml"), "defaults:\n  - data: broken\n");
  writeFileSync(join(folder, "data", "broken.yaml"), "a: [1");
  await assert.rejects(composeConfiguration("one", [], folder), /broken.yaml as it must be YAML/);
  writeFileSync(join(folder, "data", "broken.yaml"), "a: &x [1, 2]\nb: *x\n");
  await assert.rejects(composeConfiguration("one", [], folder), SyntaxError);
  writeFileSync(join(folder, "one.yaml"), "data: 1\n");
  await assert.rejects(composeConfiguration("one", [], folder), /a list of "group: option"/);
});

test("testMetricsFile() has the published columns, as pandas writes a single row", () => {
  const evaluation = {
    dci: {
      disentanglement: 0.5,
      completeness: 1,
      importance: [
        [0.25, 1],
        [0.75, 0],
      ],
      informativenessTrain: 2,
      informativenessTest: 3,
    },
    latentOf: [0, 1],
    nll: 4,
  };
  const row = {
    model: "betavae",
    dimension: 2,
    modelSeed: 1,
    dataSeed: 1,
    curve: [],
    seconds: 1,
    evaluation,
  } as never;
  assert.deepEqual(testMetricsFile(row), {
    name: "metrics/test_metrics.csv",
    content:
      ",causal_informativeness_train,causal_informativeness_test,causal_disentanglement,causal_completeness,causal_importance_matrix_0_0,causal_importance_matrix_0_1,causal_importance_matrix_1_0,causal_importance_matrix_1_1,nll\n0,2.0,3.0,0.5,1.0,0.25,1.0,0.75,0.0,4.0\n",
  });
});
