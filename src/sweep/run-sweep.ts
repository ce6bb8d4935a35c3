// Runs a sweep on this machine: processes of as many cores as a unit takes, each doing one unit after the other, of whatever
// point. The same command may run on several machines that share the folder: no unit is done twice. A unit that fails is
// tried once more after the others, and then left with its error in the log.
import { availableParallelism, totalmem } from "node:os";
import { createUnitDoer, type UnitEnd, type UnitJob } from "../experiments/do-unit";
import { runJobs } from "../experiments/process-pool";
import { type UnitFacts, unitProgram, untilFree } from "../experiments/run-units";
import { doneKeys } from "../experiments/unit-rows";
import { type ProgressReporter, silentProgress } from "../io";
import { leaseSeconds } from "../io/folder-lock";
import type { Resources, Sweep } from "./sweep-file";
import { joinSweep, pointFolder } from "./sweep-folder";
import type { SweepPlan, SweepPoint } from "./sweep-points";
import { openWorkLog, type WorkEntry } from "./work-log";

/** A unit, and the name of the point that it belongs to. */
export interface SweepUnit extends UnitJob {
  point: string;
}

/** A unit that was not done, and why. */
export interface FailedUnit {
  point: string;
  unit: string;
  error: string;
}

export interface WorkDone {
  done: number;
  failed: FailedUnit[];
  /** Units that others do. */
  taken: number;
  /** Whether the signal stopped it before its end. */
  paused: boolean;
}

/** The units of a point, as any process can do them. */
export const unitsOfPoint = (sweep: Sweep, folder: string, point: SweepPoint): SweepUnit[] =>
  point.units.map((unit) => ({
    point: point.name,
    experiment: sweep.experiment,
    configuration: { ...point.configuration, track: sweep.track },
    unit,
    folder: pointFolder(folder, point),
  }));

/** The units whose rows are not there yet, in the order of the points. */
export function unitsToDo(sweep: Sweep, folder: string, { points }: SweepPlan): SweepUnit[] {
  return points.flatMap((point) => {
    const keys = doneKeys(pointFolder(folder, point));
    return unitsOfPoint(sweep, folder, point).filter(({ unit }) => !keys.has(unit.key));
  });
}

/** How many units this machine does at once: its cores and memory are dealt out; a GPU does one after the other. */
export function processesFor({ cores, memory, gpu }: Resources): number {
  const fit = Math.min(availableParallelism() / cores, totalmem() / (memory * 1e9));
  return gpu > 0 ? 1 : Math.max(1, Math.floor(fit));
}

export interface RunSweepOptions {
  folder: string;
  /** Units at once; by default as many as this machine has cores and memory for. */
  processes?: number;
  /** Do no more units than this. */
  limit?: number;
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

/**
 * Does all units of a sweep that are not done, each in a process.
 *
 * @param sweep what the sweep file says
 * @param plan the sweep's points, as `planSweep` finds them
 * @param options the folder, how many processes and units, and who is told of progress
 * @returns how many units were done, which failed twice, and whether the signal stopped it
 * @throws {RangeError} where the folder holds another sweep
 */
export async function runSweep(
  sweep: Sweep,
  plan: SweepPlan,
  { folder, processes, limit, progress = silentProgress, signal }: RunSweepOptions,
): Promise<WorkDone> {
  await joinSweep(folder, sweep);
  const note = noteOf(openWorkLog(folder));
  const left = unitsToDo(sweep, folder, plan);
  let waiting = left.slice(0, limit);
  let done = plan.units - left.length;
  const bar = progress(done + waiting.length, { label: sweep.name, unit: "units", initial: done, signal });
  while (waiting.length > 0 && !signal?.aborted) {
    const taken: SweepUnit[] = [];
    await runJobs<SweepUnit, UnitEnd, UnitFacts>(waiting, {
      program: unitProgram,
      processes: processes ?? processesFor(sweep.resources),
      threads: Math.min(sweep.resources.cores, availableParallelism()),
      signal,
      nameOf: ({ unit, point }) => `${unit.title} of ${point}`,
      onStart: note.begin,
      onResult: (unit, end) => {
        if (end === "taken") taken.push(unit);
        else bar.update(++done);
        if (end === "done") note.done(unit);
      },
      onFailed: note.failed,
    });
    if (taken.length > 0) await untilFree(taken, { signal, patience: leaseSeconds() });
    waiting = taken;
  }
  const paused = signal?.aborted ?? false;
  if (paused) bar.fail("paused");
  else bar.finish();
  return { done: note.count(), failed: note.failures(), taken: 0, paused };
}

/** Does units in this process, one after the other, as an element of a job array does. */
export async function workUnits(
  folder: string,
  units: readonly SweepUnit[],
  { wait, signal }: { wait: boolean; signal?: AbortSignal },
): Promise<WorkDone> {
  const doer = createUnitDoer();
  const note = noteOf(openWorkLog(folder));
  const isOver = patienceOf(wait);
  let waiting = units.slice();
  let paused = false;
  while (waiting.length > 0 && !paused) {
    const later: SweepUnit[] = [];
    let failedOnce = false;
    for (const unit of waiting) {
      paused = signal?.aborted ?? false;
      if (paused) break;
      note.begin(unit);
      try {
        const end = await doer.do(unit, { signal, onProgress() {} });
        if (end === "done") note.done(unit);
        if (end === "taken") later.push(unit);
        paused = end === "paused";
      } catch (error) {
        if (!note.failed(unit, error as Error)) continue;
        later.push(unit);
        failedOnce = true;
      }
    }
    waiting = later;
    if (failedOnce || paused || waiting.length === 0) continue;
    if (isOver()) break;
    await untilFree(waiting, { signal, patience: leaseSeconds() });
  }
  await doer.dispose();
  return { done: note.count(), failed: note.failures(), taken: paused ? 0 : waiting.length, paused };
}

/** Whether other processes' units have been waited for long enough, if at all. */
function patienceOf(wait: boolean): () => boolean {
  const until = performance.now() + (wait ? 1000 * LEASES_OF_PATIENCE * leaseSeconds() : 0);
  return () => performance.now() >= until;
}

/** A claim that still shows signs of life after so many leases belongs to a living process, which is left to it. */
const LEASES_OF_PATIENCE = 1.5;

/** Notes what becomes of units, in the log and for the one who asked. */
function noteOf(log: (entry: WorkEntry) => void) {
  const began = new Map<SweepUnit, number>();
  const failures = new Map<SweepUnit, FailedUnit>();
  let count = 0;
  const write = (unit: SweepUnit, end: WorkEntry["end"], error?: string) => {
    const seconds = (performance.now() - (began.get(unit) ?? performance.now())) / 1000;
    log({ point: unit.point, unit: unit.unit.key, end, seconds: Number(seconds.toFixed(3)), error });
  };
  return {
    begin: (unit: SweepUnit) => void began.set(unit, performance.now()),
    done(unit: SweepUnit) {
      failures.delete(unit);
      count++;
      write(unit, "done");
    },
    /** @returns whether to try it again: it has failed once */
    failed(unit: SweepUnit, { message }: Error): boolean {
      const again = !failures.has(unit);
      failures.set(unit, { point: unit.point, unit: unit.unit.key, error: message });
      write(unit, "failed", message);
      return again;
    },
    count: () => count,
    failures: () => Array.from(failures.values()),
  };
}
