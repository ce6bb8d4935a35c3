// Tracking with MLflow's own server, where it has been installed ("dolab mlflow" does that); it is not installed for a test.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { trackingPython, trackingPythonReady } from "../../src/environment/tracking-python.mjs";
import { createTracker, storeAt, syncTracking } from "../../src/tracking";
import { type MlflowServer, openMlflowServer } from "../../src/tracking/mlflow-server";

const skip = trackingPythonReady()
  ? false
  : "MLflow is not in .dolab/tracking-python: npx dolab mlflow installs it";
const folder = mkdtempSync(join(tmpdir(), "mlflow-"));
const store = storeAt(join(folder, "mlflow.db"));
let server: MlflowServer;

before(async () => {
  delete process.env.MLFLOW_TRACKING_URI;
  if (!skip) server = await openMlflowServer(store);
});
after(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface RunAnswer {
  info: { run_id: string; run_name: string; status: string };
  data: Record<"params" | "tags", { key: string; value: string }[]>;
}

const post = async (path: string, body: object) => {
  const response = await fetch(`${server.uri}/api/2.0/mlflow/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { runs: RunAnswer[] };
};

test("MLflow's server has what was tracked, and two processes of a run share it", { skip }, async () => {
  const again = await openMlflowServer(store);
  assert.equal(again.uri, server.uri);
  assert.equal(again.isOwn, false);
  const run = join(folder, "run");
  const tracker = createTracker({ folder: run, experiment: "darts", store });
  writeFileSync(join(run, "scores.csv"), "a,b\n1,2\n");
  const whole = tracker.run({ title: "whole", parameters: { darts: 100, data: { side: 2 } } });
  const part = tracker.part("seed-1", { title: "seed 1" });
  for (let step = 1; step <= 1500; step++) part.metrics({ "train.loss": 1 / step }, { step });
  part.metrics({ "eval.odd": Number.NaN, "eval.large": Number.POSITIVE_INFINITY });
  part.end("FINISHED");
  whole.file("scores.csv");
  whole.end("FINISHED");
  const end = await tracker.close();
  assert.deepEqual([end.waiting, end.refused, end.refusal], [0, 0, undefined]);
  await syncTracking(run, { store });
  const { runs } = await post("runs/search", { experiment_ids: ["1"] });
  assert.equal(runs.length, 2);
  const named = (title: string) => runs.find(({ info }) => info.run_name === title) as RunAnswer;
  const [top, below] = [named("whole"), named("seed 1")];
  assert.equal(top.info.status, "FINISHED");
  assert.deepEqual(
    new Set(top.data.params.map(({ key, value }) => `${key}=${value}`)),
    new Set(["darts=100", "data.side=2"]),
  );
  assert.ok(
    below.data.tags.some(({ key, value }) => key === "mlflow.parentRunId" && value === top.info.run_id),
  );
  const history = await fetch(
    `${server.uri}/api/2.0/mlflow/metrics/get-history?run_id=${below.info.run_id}&metric_key=train.loss&max_results=5000`,
  );
  const { metrics } = (await history.json()) as { metrics: { step: number; value: number }[] };
  assert.equal(metrics.length, 1500);
  const artefacts = await fetch(`${server.uri}/api/2.0/mlflow/artifacts/list?run_id=${top.info.run_id}`);
  assert.equal(((await artefacts.json()) as { files: { path: string }[] }).files[0].path, "scores.csv");
});

test("a port that another program holds is told with what to do", { skip }, async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.on("listening", resolve));
  const { port } = other.address() as AddressInfo;
  await assert.rejects(
    openMlflowServer(storeAt(join(folder, "b", "mlflow.db")), { port }),
    /another program listens there: choose another with --port/,
  );
  other.close();
});

test("a file that is no SQLite file, and one that another program has locked, are told", {
  skip,
}, async () => {
  const text = storeAt(join(folder, "text.db"));
  writeFileSync(text.database, "this is no database, whatever its name says ".repeat(50));
  await assert.rejects(openMlflowServer(text), /is no SQLite file/);
  const run = join(folder, "locked");
  const locker = spawn(trackingPython, [
    "-c",
    `import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); c.execute("BEGIN EXCLUSIVE"); print("locked", flush=True); time.sleep(600)`,
    store.database,
  ]);
  await new Promise((resolve) => locker.stdout.once("data", resolve));
  const tracker = createTracker({ folder: run, experiment: "darts", store });
  tracker.run({ title: "locked" }).end("FINISHED");
  const { waiting, reason } = await tracker.close({ patience: 15_000 });
  locker.kill("SIGKILL");
  assert.equal(waiting, 1);
  assert.match(String(reason), /locked by another program|not answer/);
  assert.equal((await syncTracking(run, { store })).waiting, 0);
});

test("the server ends with the process that started it, also where that is killed", { skip }, async () => {
  const own = storeAt(join(folder, "killed", "mlflow.db"));
  const program = `require("tsx/cjs/api").register();
    require("./src/tracking/mlflow-server").openMlflowServer(${JSON.stringify(own)}).then(({ uri }) => { console.log(uri); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["-e", program], {
    cwd: inProject(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const uri = String(await new Promise((resolve) => child.stdout.once("data", resolve))).trim();
  assert.ok((await fetch(`${uri}/health`)).ok);
  child.kill("SIGKILL");
  for (let tries = 0; tries < 100 && serving(own.database); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(serving(own.database), false);
});

const serving = (database: string) =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(database);
