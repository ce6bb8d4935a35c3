// Hands the units of a sweep that are neither done nor in the queue to a cluster. jobs/NNN of the sweep's folder keeps what was
// submitted: the list of units, the scripts, their outputs, and the jobs' numbers.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { readJson, writeFileAtomically } from "../io";
import { lockFolder } from "../io/folder-lock";
import { arrayScript, collectScript, listFile, shellScript, type Work } from "./job-scripts";
import { type SweepUnit, unitsOfPoint, unitsToDo } from "./run-sweep";
import { accounted, mostElements, queued, submitTogether } from "./slurm";
import type { Sweep } from "./sweep-file";
import { joinSweep } from "./sweep-folder";
import { pointsOf, type SweepPlan } from "./sweep-points";
import { trackSweep } from "./track-sweep";

/** What was submitted at once. */
export interface Submission {
  place: string;
  array: string;
  collect: string;
  chunk: number;
  elements: number;
}

const RECORD = "jobs.json";
const jobsFolder = (folder: string) => join(folder, "jobs");

/** All that was submitted, in its order. */
export function submissionsOf(folder: string): Submission[] {
  return folders(folder)
    .map((name) => join(jobsFolder(folder), name))
    .filter((place) => existsSync(join(place, RECORD)))
    .map((place) => ({ ...(readJson(join(place, RECORD)) as Submission), place }));
}

const folders = (folder: string) =>
  existsSync(jobsFolder(folder))
    ? readdirSync(jobsFolder(folder))
        .filter((name) => /^\d+$/.test(name))
        .sort()
    : [];

/** Units as lists have them: "INDEX POINT KEY", with tabs between. */
const linesOf = (list: string) => readFileSync(list, "utf8").trimEnd().split("\n");

const chunkOf = (lines: readonly string[], { element, chunk }: { element: number; chunk: number }) =>
  lines.slice(element * chunk, (element + 1) * chunk);

/** Finds the units of an element without looking at the others. @throws {RangeError} for a list of another sweep */
export function unitsOfElement(
  folder: string,
  sweep: Sweep,
  list: string,
  which: { element: number; chunk: number },
): SweepUnit[] {
  const points = pointsOf(sweep);
  const found = new Map<string, SweepUnit[]>();
  return chunkOf(linesOf(list), which).map((line) => {
    const [index, name, key] = line.split("\t");
    const units = found.get(index) ?? unitsOfPoint(sweep, folder, points.at(Number(index)));
    found.set(index, units);
    const unit = units.find((one) => one.unit.key === key && one.point === name);
    if (!unit)
      throw new RangeError(`Cannot do ${name}/${key} as ${list} is no list of the sweep in ${folder}`);
    return unit;
  });
}

export interface SubmitOptions {
  folder: string;
  /** Units an element. */
  chunk: number;
  /** Elements at once. */
  atOnce: number;
  kind: "slurm" | "shell";
  /** Whether nothing is written or submitted. */
  dryRun: boolean;
}

export interface Submitted {
  units: number;
  /** Units that are in the queue already. */
  waiting: number;
  work: Work;
  files: { path: string; content: string }[];
  jobs?: Pick<Submission, "array" | "collect">;
}

/**
 * Writes scripts for what is left to do, and submits them.
 *
 * @returns what was written; undefined where nothing is left to submit
 * @throws {SlurmError} where Slurm is not there or refuses; nothing is submitted and no script is left then
 */
export async function submitSweep(
  sweep: Sweep,
  plan: SweepPlan,
  { folder: given, chunk: asked, atOnce, kind, dryRun }: SubmitOptions,
): Promise<Submitted | undefined> {
  const folder = resolve(given); // jobs start elsewhere
  const isSlurm = kind === "slurm";
  const most = isSlurm ? mostElements() : Number.POSITIVE_INFINITY;
  if (!dryRun) {
    await joinSweep(folder, sweep);
    await (await trackSweep(folder, sweep, plan, { isSent: false }))?.end("KILLED", { patience: 0 }); // elements go on
  }
  const lock = dryRun ? undefined : lockFolder(join(folder, "jobs"));
  let made: string | undefined;
  try {
    const there = isSlurm ? unitsInQueue(folder) : new Set<string>();
    const left = unitsToDo(sweep, folder, plan);
    const units = left.filter((unit) => !there.has(nameOf(unit)));
    if (units.length === 0) return undefined;
    const chunk = Math.max(asked, Math.ceil(units.length / most));
    const place = join(jobsFolder(folder), String(Number(folders(folder).at(-1) ?? 0) + 1).padStart(3, "0"));
    const work = { folder, sweep, place, chunk, elements: Math.ceil(units.length / chunk), atOnce };
    const numbers = new Map(plan.points.map(({ name, index }) => [name, index]));
    const lines = units.map((unit) => `${numbers.get(unit.point)}\t${unit.point}\t${unit.unit.key}\n`);
    const scripts = isSlurm
      ? { "array.sh": arrayScript(work), "collect.sh": collectScript(work) }
      : { "run.sh": shellScript(work) };
    const files = Object.entries({ [listFile]: lines.join(""), ...scripts }).map(([name, content]) => ({
      path: join(place, name),
      content,
    }));
    const submitted = { units: units.length, waiting: left.length - units.length, work, files };
    if (dryRun) return submitted;
    mkdirSync(place);
    made = place;
    for (const { path, content } of files) writeFileAtomically(path, content);
    if (!isSlurm) return submitted;
    const jobs = submitTogether(join(place, "array.sh"), join(place, "collect.sh"));
    made = undefined;
    const record = { ...jobs, chunk, elements: work.elements };
    writeFileAtomically(join(place, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    return { ...submitted, jobs };
  } catch (error) {
    if (made) rmSync(made, { recursive: true, force: true });
    throw error;
  } finally {
    lock?.release();
  }
}

const nameOf = ({ point, unit }: SweepUnit) => `${point}\t${unit.key}`;

/** The units of all elements that wait or run. */
function unitsInQueue(folder: string): Set<string> {
  const names = new Set<string>();
  for (const { place, array, chunk } of submissionsOf(folder)) {
    const lines = linesOf(join(place, listFile));
    for (const { element } of queued([array]))
      for (const line of chunkOf(lines, { element, chunk })) names.add(line.slice(line.indexOf("\t") + 1));
  }
  return names;
}

/** How a sweep stands with Slurm, in elements by state. */
export interface QueueStatus {
  /** In the queue, such as "PENDING" or "PENDING (JobHeldUser)". */
  queued: Map<string, number>;
  /** Ended with units undone: what Slurm says of the last time, such as "TIMEOUT". */
  ended: Map<string, number>;
}

/** Waits that say nothing. */
const USUAL_REASONS = ["None", "Priority", "Resources", "JobArrayTaskLimit"];

/** @param isDone whether a unit's row is there, by point and key */
export function queueStatus(folder: string, isDone: (point: string, unit: string) => boolean): QueueStatus {
  const submissions = submissionsOf(folder);
  const there = queued(submissions.map(({ array }) => array));
  const status: QueueStatus = { queued: new Map(), ended: new Map() };
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { state, reason } of there)
    count(status.queued, USUAL_REASONS.includes(reason) ? state : `${state} (${reason})`);
  const waiting = new Set(there.map(({ job, element }) => `${job}_${element}`));
  const lines = new Map(submissions.map(({ place, array }) => [array, linesOf(join(place, listFile))]));
  const chunks = new Map(submissions.map(({ array, chunk }) => [array, chunk]));
  for (const { job, element, state } of accounted([...chunks.keys()])) {
    if (waiting.has(`${job}_${element}`)) continue;
    const units = chunkOf(lines.get(job) ?? [], { element, chunk: chunks.get(job) ?? 1 });
    const isLeft = units.some((line) => {
      const [, point, key] = line.split("\t");
      return !isDone(point, key);
    });
    if (isLeft) count(status.ended, state);
  }
  return status;
}
