// An experiment's run in MLflow (`track: "mlflow"`), against a server in memory: what is logged, and that no result depends on it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, beforeEach, test } from "node:test";
import { z } from "zod";
import { bindExperiment, type Experiment, type SavedRun } from "../../src/experiments";
import { commonParameters } from "../../src/experiments/common-parameters";
import { runExperiment, runOneUnit } from "../../src/experiments/run-experiment";
import { readTrackedFolder, syncTracking } from "../../src/tracking";
import { temporaryFolder } from "../support/temporary-folder";
import { type FakeMlflow, startFakeMlflow } from "../tracking/fake-mlflow";

const schema = z.object({
  ...commonParameters,
  seed: z.int().default(0),
  numbers: z.array(z.number()).default([1, 2]),
});
type Configuration = z.infer<typeof schema>;
type Row = { square: number; parts: { half: number }; curve: number[] };
const data = { dataSource: "numbers", synthetic: true };

const squares: Experiment<Configuration, typeof data, Row, SavedRun<Configuration, Row>> = {
  name: "squares",
  title: "Squares of numbers",
  document: { number: "000", title: "none", link: "none" },
  notebook: "none",
  description: "squares numbers",
  schema,
  presets: { smoke: {}, quick: {}, standard: {}, paper: {} },
  undeciding: [],
  counts: "steps",
  load: () => data,
  units: ({ numbers }) => numbers.map((n) => ({ key: `n${n}`, title: `the square of ${n}`, cost: 1 })),
  begin: () => ({
    async run({ key }) {
      const number = Number(key.slice(1));
      if (number === 13) throw new Error("Cannot square 13");
      return { square: number ** 2, parts: { half: number / 2 }, curve: [1, 2, 3] };
    },
    dispose() {},
  }),
  outcome: (run) => run,
  resultFiles: ({ rows }) => [
    { name: "squares.csv", content: rows.map(({ square }) => `${square}\n`).join("") },
  ],
  pictures: () => [],
  summary: () => "",
  claims: () => [],
};

const run = (folder: string, given: Partial<Configuration>) =>
  runExperiment(squares, bindExperiment(squares).parameters(given), data, { folder });
const metricsOf = (title: string) =>
  Object.fromEntries(server.named(title).metrics.map(({ key, value }) => [key, value]));

let server: FakeMlflow;
before(async () => {
  server = await startFakeMlflow();
});
beforeEach(() => {
  server.fault = "none";
  server.runs.splice(0);
  process.env.MLFLOW_TRACKING_URI = server.uri;
});
after(async () => {
  delete process.env.MLFLOW_TRACKING_URI;
  await server.close();
});

test("the run as a whole has a run of MLflow, and each unit one below it", async () => {
  await run(temporaryFolder(), { track: "mlflow" });
  const whole = server.named("squares quick");
  assert.equal(server.runs.length, 3);
  assert.equal(whole.params.get("numbers"), "[1,2]");
  assert.equal(server.named("the square of 2").tags.get("mlflow.parentRunId"), whole.info.run_id);
  assert.deepEqual(metricsOf("the square of 2"), { "eval.square": 4, "eval.parts.half": 1 });
  assert.ok(server.runs.every(({ info }) => info.status === "FINISHED"));
  assert.equal(server.artefacts.get(`0/${whole.info.run_id}/artifacts/squares.csv`), "1\n4\n");
});

test("a run of one unit is one run of MLflow; one that fails says why", async () => {
  await run(temporaryFolder(), { track: "mlflow", numbers: [3] });
  assert.equal(server.runs.length, 1);
  assert.deepEqual(metricsOf("the square of 3"), { "eval.square": 9, "eval.parts.half": 1.5 });
  await assert.rejects(run(temporaryFolder(), { track: "mlflow", numbers: [13] }), /Cannot square 13/);
  const failed = server.named("the square of 13");
  assert.equal(failed.info.status, "FAILED");
  assert.equal(failed.tags.get("dolab.error"), "Cannot square 13");
});

test("results are the same bytes with tracking, without, and where no server answers", async () => {
  const [without, tracked, unheard] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  await run(without, {});
  await run(tracked, { track: "mlflow" });
  process.env.MLFLOW_TRACKING_URI = "http://127.0.0.1:9";
  const { configuration } = bindExperiment(squares).parameters({ track: "mlflow" });
  await runExperiment(squares, { configuration, overrides: {} }, data, {
    folder: unheard,
    tracking: { isSent: false },
  });
  const results = (folder: string) =>
    ["config.json", "squares.csv", "units/n1.json", "units/n2.json"].map((name) =>
      readFileSync(join(folder, name), "utf8"),
    );
  assert.deepEqual(results(tracked), results(without));
  assert.deepEqual(results(unheard), results(without));
  assert.equal(existsSync(join(without, "tracking")), false);
  process.env.MLFLOW_TRACKING_URI = server.uri;
  server.runs.splice(0);
  const about = readTrackedFolder(unheard);
  assert.ok(about);
  assert.equal((await syncTracking(unheard, about)).waiting, 0);
  assert.equal(server.runs.length, 3);
});

test("units that are done one by one hang under one run, which whoever has all rows ends", async () => {
  const folder = temporaryFolder();
  const resolved = bindExperiment(squares).parameters({ track: "mlflow" });
  for (const key of ["n1", "n2"]) await runOneUnit(squares, resolved, data, key, { folder });
  assert.equal(server.runs.length, 3);
  const whole = server.named("squares quick");
  assert.equal(whole.info.status, "RUNNING");
  assert.equal(server.named("the square of 1").tags.get("mlflow.parentRunId"), whole.info.run_id);
  await run(folder, { track: "mlflow" });
  assert.equal(whole.info.status, "FINISHED");
  assert.equal(readdirSync(join(folder, "tracking")).filter((name) => name.endsWith(".jsonl")).length, 3);
});
