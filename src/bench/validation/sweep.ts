// Sweeps: 50 units whose processes are killed twenty times at random moments give the table of an undisturbed run, and a unit
// of each sweep of the documents ends with preset smoke.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { inProject } from "../../environment/paths.mjs";
import { createRandom } from "../../random";
import { collectSweep } from "../../sweep/collect-sweep";
import { unitsToDo, workUnits } from "../../sweep/run-sweep";
import { readSweepFile } from "../../sweep/sweep-file";
import { joinSweep } from "../../sweep/sweep-folder";
import { planSweep } from "../../sweep/sweep-points";
import { sweepStatus } from "../../sweep/sweep-status";
import { readWorkLog } from "../../sweep/work-log";
import type { Finding, Validation, ValidationOptions } from "./validation";

const kills = 20;
const grid = { seed: [0, 1, 2, 3, 4], units: [10] };

export const sweep: Validation = {
  name: "sweep",
  title: "sweeps: twenty kills in 50 units, and a unit of each sweep of the documents",
  needs: "minutes",
  async run(options) {
    const place = mkdtempSync(path.join(tmpdir(), "dolab-validate-"));
    try {
      return [await validateKills(place, options), await validateDocuments(place)];
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
};

async function validateKills(
  place: string,
  { seed, rounds, onCases = () => {} }: ValidationOptions,
): Promise<Finding> {
  const rng = createRandom(seed);
  const cases = Math.ceil(kills * rounds);
  const begin = async (name: string, waits: number) => {
    const file = path.join(place, `${name}.yaml`);
    const experiment = inProject("src", "bench", "trivial-experiment.ts");
    writeFileSync(file, JSON.stringify({ experiment, grid: { ...grid, waits: [waits] } })); // JSON is YAML
    const read = await readSweepFile(file);
    return { file, read, plan: planSweep(read), folder: path.join(place, name) };
  };
  const [whole, killed] = [await begin("whole", 0), await begin("killed", 200)];
  await joinSweep(whole.folder, whole.read);
  await workUnits(whole.folder, unitsToDo(whole.read, whole.folder, whole.plan), { wait: true });
  const done = () => sweepStatus(killed.folder, killed.plan).done;
  for (let kill = 0; kill < cases; kill++) {
    const child = run(killed.file, killed.folder);
    const ended = once(child, "exit");
    const enough = done() + rng.integer(0, 3);
    for (const since = Date.now(); done() < enough && Date.now() - since < 60_000; ) await delay(20);
    await delay(rng.integer(0, 300));
    const [worker] = rng.integer(0, 2) === 0 ? childrenOf(child) : [];
    if (worker !== undefined) process.kill(worker, "SIGKILL"); // the parent starts another; then it dies too
    await delay(worker === undefined ? 0 : rng.integer(0, 300));
    child.kill("SIGKILL");
    await ended;
    onCases(kill + 1, cases);
  }
  const [code] = (await once(run(killed.file, killed.folder), "exit")) as [number];
  const disagreements = code === 0 ? [] : [`the undisturbed end of the sweep has exit code ${code}`];
  const [ours, theirs] = [killed, whole].map(({ folder, read, plan }) => {
    collectSweep(folder, read, plan);
    return readFileSync(path.join(folder, "sweep.jsonl"), "utf8").trimEnd().split("\n");
  });
  for (const [i, line] of theirs.entries())
    if (ours[i] !== line) disagreements.push(`line ${i + 1}: ${ours[i]} against ${line}`);
  const names = readWorkLog(killed.folder)
    .filter(({ end }) => end === "done")
    .map(({ point, unit }) => `${point}/${unit}`);
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  disagreements.push(...twice.map((name) => `${name} was done twice`));
  return {
    check: "sweep run",
    against: "an undisturbed run",
    cases,
    numbers: theirs.length,
    worst: disagreements.length > 0 ? Number.POSITIVE_INFINITY : 0,
    tolerance: 0,
    disagreements,
  };
}

const run = (file: string, folder: string): ChildProcess =>
  spawn(
    process.execPath,
    [inProject("src", "cli", "dolab.mjs"), "sweep", "run", file, "--out", folder, "--processes", "2"],
    { stdio: "ignore" },
  );

/** Processes that another has started; none where the system does not say. */
function childrenOf({ pid }: ChildProcess): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

async function validateDocuments(place: string): Promise<Finding> {
  const folder = inProject("data", "sweeps");
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const disagreements: string[] = [];
  for (const name of files) {
    const read = await readSweepFile(path.join(folder, name), { preset: "smoke" });
    const out = path.join(place, read.name);
    await joinSweep(out, read);
    const [unit] = unitsToDo(read, out, planSweep(read));
    const { failed } = await workUnits(out, [unit], { wait: false });
    disagreements.push(...failed.map(({ error }) => `${name}: ${error}`));
  }
  return {
    check: "data/sweeps",
    against: "preset smoke",
    cases: files.length,
    numbers: files.length,
    worst: disagreements.length > 0 ? Number.POSITIVE_INFINITY : 0,
    tolerance: 0,
    disagreements,
  };
}
