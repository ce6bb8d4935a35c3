// Units of an experiment, one after the other in this process, or side by side in processes (unit-process.ts).
import { extname, join } from "node:path";
import type { ProgressMetrics } from "../io";
import { startBackend } from "../tensor";
import type { CommonConfiguration, Experiment, RunData, Unit } from "./experiment";
import { runJobs } from "./process-pool";

export interface UnitsOptions<Row> {
  folder: string;
  /** Units at once. */
  processes: number;
  signal?: AbortSignal;
  /** Is told how much of a unit is done. */
  onProgress: (unit: Unit, done: number, metrics?: ProgressMetrics) => void;
  /** Is told of each unit that is done. */
  onRow: (unit: Unit, row: Row) => void;
}

/** What a process is asked to do. */
export interface UnitJob {
  /** The experiment's name. */
  experiment: string;
  configuration: CommonConfiguration;
  unit: Unit;
  folder: string;
  /** Where the data come from, as the parent's were loaded. */
  dataSource: string;
}

/** How far it is. */
export interface UnitFacts {
  done: number;
  metrics?: ProgressMetrics;
}

/** Does units until all are done, the signal pauses them, or one fails; then the others are paused. */
export async function runUnits<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  configuration: Configuration,
  data: Data,
  units: readonly Unit[],
  { folder, processes, signal, onProgress, onRow }: UnitsOptions<Row>,
): Promise<void> {
  if (units.length === 0) return;
  const { device } = await startBackend();
  if (processes > 1 && units.length > 1 && device === "CPU") {
    const { name } = experiment;
    const { dataSource } = data;
    const jobs = units.map(
      (unit): UnitJob => ({ experiment: name, configuration, unit, folder, dataSource }),
    );
    await runJobs<UnitJob, { row: Row }, UnitFacts>(jobs, {
      program: join(__dirname, `unit-process${extname(__filename)}`),
      processes,
      signal,
      nameOf: ({ unit }) => unit.title,
      onProgress: ({ unit }, { done, metrics }) => onProgress(unit, done, metrics),
      onResult: ({ unit }, { row }) => onRow(unit, row),
    });
    return;
  }
  const worker = experiment.begin(configuration, data);
  try {
    for (const unit of units) {
      if (signal?.aborted) return;
      const row = await worker.run(unit, {
        folder,
        signal,
        onProgress: (done, metrics) => onProgress(unit, done, metrics),
      });
      if (row === undefined) return;
      onRow(unit, row);
    }
  } finally {
    worker.dispose();
  }
}
