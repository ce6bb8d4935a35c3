import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { inProject, loadsTypeScript } from "../../src/environment/paths.mjs";
import { unitsBeingDone } from "../../src/experiments/do-unit";
import { collectSweep, sweepRows } from "../../src/sweep/collect-sweep";
import { runSweep, unitsToDo, workUnits } from "../../src/sweep/run-sweep";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { joinSweep, readSweep } from "../../src/sweep/sweep-folder";
import { planSweep } from "../../src/sweep/sweep-points";
import { sweepStatus } from "../../src/sweep/sweep-status";
import { trackSweep } from "../../src/sweep/track-sweep";
import { readWorkLog } from "../../src/sweep/work-log";
import { journalFile, openJournal } from "../../src/tracking/journal";
import { temporaryFolder } from "../support/temporary-folder";

const trivial = inProject("src", "bench", "trivial-experiment.ts");

/** A sweep over the trivial experiment, and a folder for its results. */
async function begin(test: TestContext, text: string) {
  const place = temporaryFolder(test);
  const file = join(place, "sweep.yaml");
  writeFileSync(file, `experiment: ${trivial}\n${text}`);
  const sweep = await readSweepFile(file);
  return { sweep, plan: planSweep(sweep), folder: join(place, "out") };
}
type Begun = Awaited<ReturnType<typeof begin>>;

/** Does some of the units here. */
async function work(
  { sweep, plan, folder }: Begun,
  order: (units: ReturnType<typeof unitsToDo>) => ReturnType<typeof unitsToDo> = (all) => all,
) {
  await joinSweep(folder, sweep);
  return workUnits(folder, order(unitsToDo(sweep, folder, plan)), { wait: true });
}

const table = ({ sweep, plan, folder }: Begun) => {
  collectSweep(folder, sweep, plan);
  return ["sweep.csv", "sweep.jsonl"].map((name) => readFileSync(join(folder, name), "utf8"));
};

describe("a sweep", () => {
  it("is collected into the same bytes whatever the order in which its units ended", async (test) => {
    const text = "grid: { seed: [0, 1], units: [2, 3] }";
    const [one, other] = [await begin(test, text), await begin(test, text)];
    assert.deepEqual(await work(one), { done: 10, failed: [], taken: 0, paused: false });
    await work(other, (units) => units.reverse());
    assert.deepEqual(table(one), table(other));
    const [csv, lines] = table(one);
    assert.equal(csv.split("\n")[0], "point,unit,point.seed,point.units,seed,draw,details.half");
    assert.match(csv, /^seed=0_units=2,draw-1,0,2,0,0\.\d+,0\.\d+$/m);
    assert.equal(JSON.parse(lines.split("\n")[0]).list.length, 2);
    assert.equal(csv.trimEnd().split("\n").length, 11);
  });

  it("says what is missing, done and failed, and tries what failed once more", async (test) => {
    const begun = await begin(test, "grid: { seed: [0, 1], units: [3], failing: [[2]] }");
    const { folder, plan } = begun;
    assert.deepEqual(sweepStatus(folder, plan).done, 0);
    const { done, failed } = await work(begun);
    assert.equal(done, 4);
    assert.deepEqual(failed, [
      { point: "seed=0", unit: "draw-2", error: "Cannot draw 2" },
      { point: "seed=1", unit: "draw-2", error: "Cannot draw 2" },
    ]);
    const status = sweepStatus(folder, plan);
    assert.deepEqual([status.units, status.done, status.failed, status.left.cost], [6, 4, failed, 2]);
    assert.deepEqual(
      sweepRows(folder, plan).missing.map(({ unit }) => unit),
      ["draw-2", "draw-2"],
    );
    assert.equal(readWorkLog(folder).filter(({ end }) => end === "failed").length, 4);
  });

  it("refuses a folder of another sweep, saying what differs, and one of no sweep", async (test) => {
    const begun = await begin(test, "grid: { seed: [0, 1] }");
    await joinSweep(begun.folder, begun.sweep);
    assert.deepEqual(readSweep(begun.folder), begun.sweep);
    const { sweep } = await begin(test, "grid: { seed: [0, 2] }");
    await assert.rejects(
      joinSweep(begun.folder, sweep),
      /holds another sweep:\n {2}grid\.seed.*: .*1.* there, .*2.* here\n: name another with --out/,
    );
    const other = temporaryFolder(test);
    writeFileSync(join(other, "notes.txt"), "mine");
    await assert.rejects(joinSweep(other, sweep), /holds other files \(notes\.txt\)/);
    assert.throws(() => readSweep(other), /holds none: "dolab sweep run FILE --out/);
  });

  it("is shared by processes that do no unit twice, of which one is killed", async (test) => {
    const text = "grid: { seed: [0, 1], units: [10], waits: [100] }";
    const [whole, shared] = [await begin(test, text.replace("100", "0")), await begin(test, text)];
    await work(whole);
    const child = startWorker(test, shared.folder, join(shared.folder, "..", "sweep.yaml"));
    const until = async (isTrue: () => boolean) => {
      for (const since = Date.now(); !isTrue() && Date.now() - since < 60_000; ) await delay(10);
    };
    const done = () => sweepStatus(shared.folder, shared.plan).done;
    await until(() => done() > 1);
    const here = work(shared);
    await until(() => done() > 7);
    child.kill("SIGKILL");
    await once(child, "exit");
    await here;
    assert.deepEqual(table(shared), table(whole));
    const log = readWorkLog(shared.folder).filter(({ end }) => end === "done");
    assert.deepEqual(new Set(log.map(({ pid }) => pid)), new Set([child.pid, process.pid]));
    const names = log.map(({ point, unit }) => `${point}/${unit}`);
    assert.equal(new Set(names).size, names.length, "no unit is done twice");
    assert.ok(names.length >= 19, "the killed process may have written one row and not noted it");
    for (const point of readdirSync(join(shared.folder, "points")))
      assert.deepEqual(unitsBeingDone(join(shared.folder, "points", point)), new Map());
  });
});

/** A process that does all units of a sweep. */
function startWorker(test: TestContext, folder: string, file: string): ChildProcess {
  const args = [...loadsTypeScript, join(__dirname, "sweep-worker.ts"), file, folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  test.after(() => child.kill("SIGKILL"));
  return child;
}

describe("a tracked sweep", () => {
  it("keeps a journal of itself, and one of each unit below it, until a server takes them", async (test) => {
    process.env.MLFLOW_TRACKING_URI = "http://127.0.0.1:9"; // nobody listens there
    test.after(() => delete process.env.MLFLOW_TRACKING_URI);
    const begun = await begin(test, "grid: { seed: [0, 1], units: [2] }\ntrack: mlflow");
    const { sweep, plan, folder } = begun;
    await joinSweep(folder, sweep);
    const tracking = await trackSweep(folder, sweep, plan);
    await work(begun);
    const end = await tracking?.end("FINISHED", { patience: 10 });
    assert.equal(end?.waiting, 5);
    const [whole] = openJournal(journalFile(folder, "run")).entries;
    assert.ok(whole.kind === "run" && whole.parent === undefined);
    for (const point of ["seed=0", "seed=1"])
      for (const key of ["draw-0", "draw-1"]) {
        const entries = openJournal(journalFile(join(folder, "points", point), key)).entries;
        assert.ok(entries[0].kind === "run" && entries[0].parent === whole.id);
        assert.ok(entries.some((entry) => entry.kind === "metrics" && "eval.draw" in entry.values));
      }
    assert.deepEqual(sweepStatus(folder, plan).done, 4);
  });
});

describe("runSweep()", () => {
  it("deals cores out, replaces a process that dies, and names what failed twice", async (test) => {
    const { sweep, plan, folder } = await begin(test, "grid: { seed: [0], units: [5], failing: [[-1, 2]] }");
    const { done, failed } = await runSweep(sweep, plan, { folder, processes: 1 });
    assert.equal(done, 3);
    assert.deepEqual(failed.map(({ unit, error }) => `${unit}: ${error.split("\n")[0]}`).sort(), [
      "draw-1: Cannot go on with draw 1 of all as its process ended: exit code 3",
      "draw-2: Cannot draw 2",
    ]);
    rmSync(join(folder, "points", "all", "units", "draw-0.json"));
    const aborted = await runSweep(sweep, plan, { folder, signal: AbortSignal.abort() });
    assert.deepEqual([aborted.done, aborted.paused], [0, true]);
  });
});
