// Units of an experiment, one after the other in this process, or side by side in processes (unit-process.ts). One that
// another process or machine does meanwhile is waited for: it ends, or its claim lapses and it is gone on with here.
import { extname, join } from "node:path";
import type { ProgressMetrics } from "../io";
import { leaseSeconds } from "../io/folder-lock";
import { startBackend } from "../tensor";
import { doUnit, type UnitEnd, type UnitJob, unitsBeingDone } from "./do-unit";
import type { CommonConfiguration, Experiment, RunData, Unit } from "./experiment";
import { runJobs } from "./process-pool";
import { trackUnits } from "./track-run";
import { hasUnitRow } from "./unit-rows";

export interface UnitsOptions {
  folder: string;
  /** Units at once. */
  processes: number;
  signal?: AbortSignal;
  /** How many seconds other processes' units are waited for once all else is done; by default as long as it takes. */
  patience?: number;
  /** Is told how much of a unit is done. */
  onProgress: (unit: Unit, done: number, metrics?: ProgressMetrics) => void;
  /** Is told of each unit whose row is there. */
  onDone: (unit: Unit) => void;
}

/** How far a unit in another process is. */
export interface UnitFacts {
  done: number;
  metrics?: ProgressMetrics;
}

/** The program that does units in processes. */
export const unitProgram = join(__dirname, `unit-process${extname(__filename)}`);

/** Milliseconds between two looks at the units of others. */
const PAUSE = 500;

/**
 * Does units until all are done, the signal pauses them, or one fails; then the others are paused.
 *
 * @throws {Error} of the unit that failed, and where patience ends
 */
export async function runUnits<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  configuration: Configuration,
  data: Data,
  units: readonly Unit[],
  options: UnitsOptions,
): Promise<void> {
  const { folder, signal, patience = Number.POSITIVE_INFINITY } = options;
  let waiting = units;
  for (let since = performance.now(); waiting.length > 0; ) {
    const taken = await runOnce(experiment, configuration, data, waiting, options);
    if (taken.length === 0 || signal?.aborted) return;
    if (taken.length < waiting.length) since = performance.now();
    waiting = taken;
    if (performance.now() - since > 1000 * patience) {
      const [{ key, title }] = waiting;
      const holder = unitsBeingDone(folder).get(key) ?? "another process";
      throw new Error(`Cannot do ${title} as ${holder} does it: its row will be in ${folder}`);
    }
    await untilFree(
      waiting.map((unit) => ({ unit, folder })),
      { signal, patience: Math.min(patience, leaseSeconds()) },
    );
  }
}

/** Waits until one of these units is done, or nobody does it any more, as this machine's clock has it. */
export async function untilFree(
  units: readonly Pick<UnitJob, "unit" | "folder">[],
  { signal, patience }: Pick<UnitsOptions, "signal"> & { patience: number },
): Promise<void> {
  const since = performance.now();
  const isOver = () => signal?.aborted || performance.now() - since > 1000 * patience;
  const isFree = ({ unit, folder }: Pick<UnitJob, "unit" | "folder">) =>
    hasUnitRow(folder, unit) || !unitsBeingDone(folder).has(unit.key);
  do await new Promise((resolve) => setTimeout(resolve, PAUSE));
  while (!isOver() && !units.some(isFree));
}

/** Does the units that nobody else does. @returns the others */
async function runOnce<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  configuration: Configuration,
  data: Data,
  units: readonly Unit[],
  { folder, processes, signal, onProgress, onDone }: UnitsOptions,
): Promise<Unit[]> {
  const taken: Unit[] = [];
  const note = (unit: Unit, end: UnitEnd) => {
    if (end === "taken") taken.push(unit);
    else onDone(unit);
  };
  const { device } = await startBackend();
  if (processes > 1 && units.length > 1 && device === "CPU") {
    const { name } = experiment;
    const { dataSource } = data;
    const jobs = units.map(
      (unit): UnitJob => ({ experiment: name, configuration, unit, folder, dataSource }),
    );
    await runJobs<UnitJob, UnitEnd, UnitFacts>(jobs, {
      program: unitProgram,
      processes,
      signal,
      nameOf: ({ unit }) => unit.title,
      onProgress: ({ unit }, { done, metrics }) => onProgress(unit, done, metrics),
      onResult: ({ unit }, end) => note(unit, end),
    });
    return taken;
  }
  const worker = trackUnits(experiment, configuration, experiment.begin(configuration, data));
  try {
    for (const unit of units) {
      if (signal?.aborted) break;
      const end = await doUnit(worker, unit, {
        folder,
        signal,
        onProgress: (done, metrics) => onProgress(unit, done, metrics),
      });
      if (end === "paused") break;
      note(unit, end);
    }
  } finally {
    worker.dispose();
  }
  return taken;
}
