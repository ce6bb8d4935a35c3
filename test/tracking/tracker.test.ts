// Tracking against a server in memory that is made to fail: nothing is lost, nothing stands twice, and no training waits.
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, afterEach, beforeEach, test } from "node:test";
import { tensorflow } from "../../src/tensor";
import { createTracker, describeTracking, openTrackedRun, storeAt, syncTracking } from "../../src/tracking";
import { journalFile } from "../../src/tracking/journal";
import { mlflowClient, TrackingUnreachableError } from "../../src/tracking/mlflow-client";
import { startSender } from "../../src/tracking/sender";
import { train } from "../../src/train";
import { type FakeMlflow, startFakeMlflow } from "./fake-mlflow";

let server: FakeMlflow;
let folder: string;

beforeEach(async () => {
  server = await startFakeMlflow();
  folder = mkdtempSync(join(tmpdir(), "tracked-"));
  process.env.MLFLOW_TRACKING_URI = server.uri;
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
after(() => {
  delete process.env.MLFLOW_TRACKING_URI;
});

const experiment = "darts";
const about = () => {
  const there = describeTracking(folder, {
    experiment,
    parent: "p",
    store: storeAt(join(folder, "mlflow.db")),
  });
  return there;
};
const points = (title: string, key: string) =>
  server
    .named(title)
    .metrics.filter((metric) => metric.key === key)
    .map(({ step, value }) => [step, value]);

test("a run is logged with its parameters, tags, metrics, artefacts and parts", async () => {
  writeFileSync(join(folder, "scores.csv"), "a,b\n");
  const tracker = createTracker({ folder, experiment });
  const whole = tracker.run({
    title: "whole",
    parameters: { data: { dim_z: 3 }, graph: "full", list: [1, 2] },
  });
  const part = tracker.part("seed-1", { title: "seed 1", tags: { colour: "red" } });
  part.metrics({ "eval.score": 0.5, "eval.odd": Number.NaN });
  part.text("row.json", "{}");
  part.end("FINISHED");
  whole.file("scores.csv");
  whole.end("FINISHED");
  const { waiting, refused } = await tracker.close();
  assert.deepEqual([waiting, refused], [0, 0]);
  const [top, below] = [server.named("whole"), server.named("seed 1")];
  assert.deepEqual(Object.fromEntries(top.params), { "data.dim_z": "3", graph: "full", list: "[1,2]" });
  assert.equal(below.tags.get("mlflow.parentRunId"), top.info.run_id);
  assert.equal(below.tags.get("colour"), "red");
  assert.deepEqual(points("seed 1", "eval.score"), [[0, 0.5]]);
  assert.deepEqual(points("seed 1", "eval.odd"), [[0, "NaN"]]);
  assert.deepEqual([top.info.status, below.info.status], ["FINISHED", "FINISHED"]);
  assert.deepEqual(Object.fromEntries(server.artefacts), {
    [`0/${top.info.run_id}/artifacts/scores.csv`]: "a,b\n",
    [`0/${below.info.run_id}/artifacts/row.json`]: "{}",
  });
});

test("an unreachable server costs a training nothing, and what was kept is sent later, once", async () => {
  server.fault = "gone";
  const tracker = createTracker({ folder, experiment });
  const run = tracker.run({ title: "whole" });
  const began = performance.now();
  for (let step = 1; step <= 2000; step++) run.metrics({ loss: 1 / step }, { step });
  run.end("FINISHED");
  assert.ok(performance.now() - began < 2000, "keeping 2,000 rows takes well below a millisecond each");
  const left = await tracker.close({ patience: 20_000 }); // it ends after three tries
  assert.equal(left.waiting, 1);
  assert.match(String(left.reason), /ECONNRESET|socket|closed/i);
  server.fault = "none";
  const sent = await syncTracking(folder, about());
  assert.deepEqual([sent.waiting, sent.refused], [0, 0]);
  assert.equal(points("whole", "loss").length, 2000);
  await syncTracking(folder, about());
  assert.equal(server.runs.length, 1);
  assert.equal(points("whole", "loss").length, 2000);
});

test("a server that comes back while the run goes is tried again, after longer and longer pauses", async () => {
  server.fault = { status: 500, body: { message: "database is locked" } };
  const run = openTrackedRun(
    folder,
    "run",
    { title: "whole" },
    { ...about(), whole: { key: "run", id: "w" } },
  );
  const sender = startSender({
    folders: () => [folder],
    store: server.uri,
    connect: async () => ({ client: mlflowClient(server.uri), close: async () => undefined }),
    pauses: { look: 5, shortest: 5, longest: 40 },
  });
  run.metrics({ loss: 1 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const tries = server.requests.length;
  assert.ok(tries >= 3 && tries <= 15, `${tries} tries in 200 ms`);
  server.fault = "none";
  const end = await sender.finish(1000);
  assert.equal(end.waiting, 0);
  assert.deepEqual(points("whole", "loss"), [[0, 1]]);
});

test("a server that gives no answer is left after the patience asked for", async () => {
  server.fault = "silent";
  const tracker = createTracker({ folder, experiment });
  tracker.run({ title: "whole" }).end("FINISHED");
  const began = performance.now();
  const { waiting } = await tracker.close({ patience: 100 });
  assert.ok(performance.now() - began < 1000);
  assert.equal(waiting, 1);
});

test("what was sent before its position was noted stands there once", async () => {
  const tracker = createTracker({ folder, experiment });
  tracker.run({ title: "whole" }).metrics({ loss: 1 });
  await tracker.close();
  rmSync(join(folder, "tracking", "run.sent.json")); // as where the sender was killed between the two
  await syncTracking(folder, about());
  assert.equal(server.runs.length, 1);
  assert.deepEqual(points("whole", "loss"), [[0, 1]]);
});

test("runs that have gone from the server are made anew", async () => {
  const tracker = createTracker({ folder, experiment });
  const run = tracker.run({ title: "whole" });
  run.metrics({ loss: 1 }, { step: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await tracker.close();
  server.runs.splice(0);
  run.metrics({ loss: 2 }, { step: 2 });
  const { waiting } = await syncTracking(folder, about());
  assert.equal(waiting, 0);
  assert.deepEqual(points("whole", "loss"), [
    [1, 1],
    [2, 2],
  ]);
});

test("an entry that the server refuses is told, and does not hold up the others", async () => {
  const tracker = createTracker({ folder, experiment });
  const run = tracker.run({ title: "whole" });
  run.file("no-such-file.csv");
  run.metrics({ loss: 1 });
  run.end("FINISHED");
  const end = await tracker.close();
  assert.deepEqual([end.waiting, end.refused], [0, 1]);
  assert.match(String(end.refusal), /no-such-file\.csv/);
  assert.equal(server.named("whole").info.status, "FINISHED");
});

test("a line that a killed process left torn is taken off when the run goes on", async () => {
  const whole = { ...about(), whole: { key: "run", id: "w" } };
  openTrackedRun(folder, "run", { title: "whole" }, whole).metrics({ loss: 1 }, { step: 1 });
  appendFileSync(journalFile(folder, "run"), '{"kind":"metrics","time":1,"st');
  openTrackedRun(folder, "run", { title: "whole" }, whole).metrics({ loss: 2 }, { step: 2 });
  await syncTracking(folder, whole);
  assert.deepEqual(points("whole", "loss"), [
    [1, 1],
    [2, 2],
  ]);
  assert.ok(!readFileSync(journalFile(folder, "run"), "utf8").includes('"st{'));
});

test("a training's rows are heard wherever it is started, and a resumed one repeats none", async () => {
  const tf = tensorflow();
  const variable = tf.variable(tf.scalar(8));
  const training = (steps: number) =>
    train({
      variables: { variable },
      folder: join(folder, "checkpoints", "seed-1", "phase"),
      seed: 1,
      steps,
      log: { every: 2 },
      step: () => {
        variable.assign(variable.div(2));
        return { loss: variable.asScalar() };
      },
    });
  const open = () => openTrackedRun(folder, "seed-1", { title: "seed 1" }, { ...about(), parent: undefined });
  await open().watch(async () => training(4));
  await open().watch(async () => training(8));
  await syncTracking(folder, about());
  assert.deepEqual(points("seed 1", "train.phase.loss"), [
    [2, 3],
    [4, 0.75],
    [6, 0.1875],
    [8, 0.046875],
  ]);
  variable.dispose();
});

test("what stands at an address and is no MLflow server is told", async () => {
  server.fault = { status: 404, body: [] as object };
  await assert.rejects(mlflowClient(server.uri).experiment("darts"), TrackingUnreachableError);
  process.env.MLFLOW_TRACKING_URI = "databricks";
  assert.throws(
    () => createTracker({ folder, experiment }),
    /MLFLOW_TRACKING_URI must be a server's address/,
  );
});
