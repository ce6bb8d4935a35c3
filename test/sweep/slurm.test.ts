// A sweep on a real Slurm of two nodes, of which one loses power in the middle.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { inProject } from "../../src/environment/paths.mjs";
import { queueStatus, submitSweep } from "../../src/sweep/submit-sweep";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { planSweep } from "../../src/sweep/sweep-points";
import { readWorkLog } from "../../src/sweep/work-log";
import { temporaryFolder } from "../support/temporary-folder";
import { startCluster, withoutSlurm } from "./slurm-cluster";

test("a job array whose node dies is requeued, and collected: nothing is lost, nothing done twice", async (t) => {
  const reason = withoutSlurm();
  if (reason) return t.skip(`NOT TESTED: ${reason}`);
  const place = temporaryFolder(t);
  const cluster = await startCluster(t, join(place, "slurm"));
  const before = { ...process.env };
  Object.assign(process.env, cluster.env);
  t.after(() => {
    process.env = before;
  });
  const file = join(place, "sweep.yaml");
  const trivial = inProject("src", "bench", "trivial-experiment.ts");
  const grid = "{ seed: [0, 1], units: [3], waits: [1500] }";
  writeFileSync(file, `experiment: ${trivial}\ngrid: ${grid}\nresources: { memory: 1, minutes: 5 }\n`);
  const sweep = await readSweepFile(file);
  const plan = planSweep(sweep);
  const folder = join(place, "out");
  const options = { folder, chunk: 2, atOnce: 2, kind: "slurm", dryRun: false } as const;
  const submitted = await submitSweep(sweep, plan, options);
  assert.deepEqual([submitted?.units, submitted?.work.elements], [6, 3]);
  assert.equal(
    await submitSweep(sweep, plan, options),
    undefined,
    "a second submission finds all in the queue",
  );
  const { queued } = queueStatus(folder, () => false);
  assert.equal(
    Array.from(queued.values()).reduce((sum, count) => sum + count, 0),
    3,
  );

  const until = async (what: string, isTrue: () => boolean, seconds = 180) => {
    for (const since = Date.now(); !isTrue(); await delay(300))
      assert.ok(Date.now() - since < 1000 * seconds, `${what}: ${cluster.run("squeue", "-r").stdout}`);
  };
  const runsOnSecond = () => cluster.run("squeue", "-h", "-r", "-t", "R", "-w", "n2").stdout.trim() !== "";
  await until("an element on n2, and a unit done", () => runsOnSecond() && readWorkLog(folder).length > 0);
  assert.ok(cluster.cutPower("n2").length >= 3, "daemon, step and element");
  await until("the end of all jobs", () => cluster.run("squeue", "-h").stdout.trim() === "");

  assert.ok(existsSync(join(folder, "sweep.csv")), "collected by the job that came after");
  const lines = readFileSync(join(folder, "sweep.csv"), "utf8").trimEnd().split("\n");
  assert.equal(lines.length, 7);
  const done = readWorkLog(folder).filter(({ end }) => end === "done");
  const names = done.map(({ point, unit }) => `${point}/${unit}`);
  assert.equal(new Set(names).size, names.length, "no unit was done twice");
  assert.ok(names.length >= 5, "the element that died may have written one row and not noted it");
  assert.equal(await submitSweep(sweep, plan, options), undefined);
});
