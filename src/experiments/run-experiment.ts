// Runs an experiment: does the units that are not done yet, here or in processes, with every row on disk as soon as it is
// found. A run that was paused, killed or interrupted goes on when it is started again with the same configuration and folder.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type ProgressReporter, silentProgress } from "../io";
import { leaseSeconds } from "../io/folder-lock";
import { nearest } from "../io/nearest-name";
import { removeAbandonedFiles } from "../io/write-atomically";
import type { Resolved } from "./configuration";
import {
  type CommonConfiguration,
  type Experiment,
  type RunData,
  type SavedRun,
  type Unit,
  unitKeyPattern,
} from "./experiment";
import { isRecorded, joinRun, openOutput } from "./join-run";
import { resultsFolder } from "./results-folder";
import { seldom, startBar } from "./run-progress";
import { runUnits } from "./run-units";
import { decidingPart, readRun, readRunRecord } from "./saved-run";
import { type RunTracking, type TrackingOptions, trackingLine, trackRun } from "./track-run";
import { doneKeys, hasUnitRow, readUnitRow, unitsFolder } from "./unit-rows";

/** A run that was asked to stop before its end; what it found and its checkpoints are on disk. */
export class RunPausedError extends Error {
  override readonly name = "RunPausedError";

  constructor(
    { name, counts }: Pick<Experiment, "name" | "counts">,
    readonly folder: string,
    { done, total }: { done: number; total: number },
  ) {
    super(
      `Paused after ${done} of ${total} ${counts}: run this again, or "dolab ${name} resume ${folder}", to go on from there`,
    );
  }
}

export interface RunOptions {
  /** Where rows, checkpoints and results go; by default a folder of this configuration under results. */
  folder?: string;
  /** Whether results of another configuration in that folder may be replaced. */
  replace?: boolean;
  /** Units at once; by default what the configuration says. A GPU does one after the other. */
  processes?: number;
  progress?: ProgressReporter;
  /** Pauses the run when it aborts. */
  signal?: AbortSignal;
  /** How it is tracked, where its configuration says that it is. */
  tracking?: TrackingOptions;
}

/**
 * Runs an experiment, or goes on with it; a finished run is read, and left with the machine and date that made it.
 *
 * @param experiment its declaration
 * @param resolved the configuration, as `resolveConfiguration` gives it
 * @param data what `experiment.load` gave
 * @param options its folder, processes, progress bar, signal and tracking
 * @returns the run with the rows of all units
 * @throws {RunPausedError} where the signal stopped it before its end
 * @throws {RangeError} where the folder holds results of another configuration
 * @throws {Error} on WebAssembly, where units train convolutions
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { experimentNamed, resolveConfiguration, runExperiment, silentProgress } from "dolab";
 * const experiment = experimentNamed("two-by-two");
 * const few = { preset: "smoke", samples: 16, checkpoints: 2, replicates: 10 };
 * const resolved = resolveConfiguration(experiment, few);
 * const data = await experiment.load(resolved.configuration, { progress: silentProgress });
 * const folder = mkdtempSync(`${tmpdir()}/two-by-two-`);
 * const { rows } = await runExperiment(experiment, resolved, data, { folder });
 * rows.length; // => 4
 * rmSync(folder, { recursive: true });
 */
export async function runExperiment<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  { configuration }: Resolved<Configuration>,
  data: Data,
  { folder, replace = false, processes, progress = silentProgress, signal, tracking }: RunOptions = {},
): Promise<SavedRun<Configuration, Row>> {
  const place = folder ?? defaultFolder(experiment, configuration);
  const finished = finishedRun(experiment, configuration, place);
  if (finished) return finished;
  const output = await openOutput(experiment, configuration, data, { place, replace });
  let tracked: RunTracking | undefined;
  try {
    output.write(experiment.startFiles?.(configuration, data) ?? []);
    removeAbandonedFiles(unitsFolder(place));
    const run = readRunRecord(experiment, place);
    tracked = await trackRun(experiment, configuration, place, tracking);
    const units = unitsOf(experiment, configuration);
    const doneBefore = doneKeys(place);
    const rows = new Map<string, Row>(); // each is read once
    const keep = (unit: Unit) => rows.set(unit.key, readUnitRow(place, unit) as Row);
    for (const unit of units) if (doneBefore.has(unit.key)) keep(unit);
    const outcome = () =>
      experiment.outcome({
        ...run,
        units,
        rows: units.filter(({ key }) => rows.has(key)).map(({ key }) => rows.get(key) as Row),
      });
    const showProgress = seldom(() => output.write(experiment.progressFiles?.(outcome()) ?? []));
    const bar = startBar(experiment, configuration, { place, units, progress, signal });
    try {
      await runUnits(
        experiment,
        configuration,
        data,
        units.filter(({ key }) => !rows.has(key)),
        {
          folder: place,
          processes: processes ?? configuration.processes ?? experiment.usualProcesses?.(configuration) ?? 1,
          signal,
          onProgress: bar.update,
          onDone: (unit) => {
            keep(unit);
            bar.update(unit, unit.cost);
            showProgress();
          },
        },
      );
    } catch (error) {
      bar.fail(error);
      throw error;
    } finally {
      showProgress.finish();
    }
    if (rows.size < units.length) {
      bar.fail("paused");
      throw new RunPausedError(experiment, place, bar.state());
    }
    bar.finish();
    const files = experiment.resultFiles(outcome());
    output.write(files);
    tracked?.files(files.map(({ name }) => name));
    await endTracking(tracked, "FINISHED", place);
  } catch (error) {
    await endTracking(tracked, error instanceof RunPausedError ? "KILLED" : "FAILED", place);
    throw error;
  } finally {
    output.close();
  }
  return readRun(experiment, place);
}

/** Ends a run's tracking, and says in a line where it is or why it waits. */
async function endTracking(
  tracked: RunTracking | undefined,
  status: Parameters<RunTracking["end"]>[0],
  folder: string,
): Promise<void> {
  const end = await tracked?.end(status);
  if (end) process.stderr.write(`${trackingLine(end, folder)}\n`);
}

/**
 * Does one unit of a run by itself, as a cluster does; its row is kept in the run's folder, where `runExperiment` finds it.
 *
 * @param experiment its declaration
 * @param resolved the configuration of the run as a whole
 * @param data what `experiment.load` gave
 * @param key the unit's key, as `unitsOf` lists it
 * @param options as those of `runExperiment`; the folder is the run's, which its other units share
 * @returns whether its row is there: false where the signal paused it
 * @throws {RangeError} for a key that the run does not have, with the nearest
 * @throws {Error} where another process does that unit and lives
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { experimentNamed, readRun, resolveConfiguration, runOneUnit, silentProgress } from "dolab";
 * const experiment = experimentNamed("two-by-two");
 * const few = { preset: "smoke", samples: 16, checkpoints: 2, replicates: 10 };
 * const resolved = resolveConfiguration(experiment, few);
 * const data = await experiment.load(resolved.configuration, { progress: silentProgress });
 * const folder = mkdtempSync(`${tmpdir()}/two-by-two-`);
 * await runOneUnit(experiment, resolved, data, "evolution-hrm", { folder }); // => true
 * readRun(experiment, folder).rows.length; // => 1
 * rmSync(folder, { recursive: true });
 */
export async function runOneUnit<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  { configuration }: Resolved<Configuration>,
  data: Data,
  key: string,
  { folder, progress = silentProgress, signal, tracking }: Omit<RunOptions, "replace" | "processes">,
): Promise<boolean> {
  const units = unitsOf(experiment, configuration);
  const unit = units.find((one) => one.key === key);
  if (!unit) {
    const keys = units.map((one) => one.key);
    throw new RangeError(
      `Cannot do unit "${key}" as the run has no such unit: did you mean "${nearest(key, keys)}"? (--list-units lists all ${keys.length})`,
    );
  }
  const place = folder ?? defaultFolder(experiment, configuration);
  await joinRun(experiment, configuration, data, place);
  if (hasUnitRow(place, unit)) return true;
  const isSent = Boolean(process.env.MLFLOW_TRACKING_URI); // one server for all, and none a unit
  const tracked = await trackRun(experiment, configuration, place, { isSent, ...tracking, isPart: true });
  const bar = startBar(experiment, configuration, { place, units: [unit], progress, signal });
  try {
    await runUnits(experiment, configuration, data, [unit], {
      folder: place,
      processes: 1,
      signal,
      patience: LEASES_OF_PATIENCE * leaseSeconds(),
      onProgress: bar.update,
      onDone: () => {},
    });
  } catch (error) {
    bar.fail(error);
    throw error;
  } finally {
    await endTracking(tracked, "KILLED", place); // the run goes on elsewhere
  }
  if (hasUnitRow(place, unit)) bar.finish();
  else bar.fail("paused");
  return hasUnitRow(place, unit);
}

/** How many leases long a run waits for a unit whose holder may be dead: a living holder has shown itself by then. */
const LEASES_OF_PATIENCE = 1.5;

/** The folder of a run that names none: the same configuration finds its results again. */
export const defaultFolder = (
  experiment: Pick<Experiment, "name" | "undeciding">,
  configuration: CommonConfiguration,
): string => resultsFolder(experiment.name, configuration.preset, decidingPart(experiment, configuration));

/**
 * Lists the units of a configuration.
 *
 * @param experiment the declaration
 * @param configuration a whole one, as `resolveConfiguration` gives it
 * @throws {RangeError} where a key stands twice or cannot be a file's name
 * @example
 * import { experimentNamed, resolveConfiguration, unitsOf } from "dolab";
 * const experiment = experimentNamed("w2");
 * const { configuration } = resolveConfiguration(experiment, { preset: "smoke", seed: 5, seeds: 2 });
 * unitsOf(experiment, configuration).map(({ key }) => key); // => ["seed-5", "seed-6"]
 */
export function unitsOf<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  configuration: Configuration,
): Unit[] {
  const units = experiment.units(configuration);
  const seen = new Set<string>();
  for (const { key } of units) {
    if (!unitKeyPattern.test(key) || seen.has(key))
      throw new RangeError(
        `Cannot run ${experiment.name} as its units need file names of their own: got "${key}"`,
      );
    seen.add(key);
  }
  return units;
}

/** The run that a folder holds, where it is this one and has ended. */
function finishedRun<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  configuration: Configuration,
  place: string,
): SavedRun<Configuration, Row> | undefined {
  if (!isRecorded(experiment, configuration, place)) return undefined;
  const run = readRun(experiment, place);
  if (run.rows.length < run.units.length) return undefined;
  const files = experiment.resultFiles(experiment.outcome(run));
  return files.every(({ name }) => existsSync(join(place, name))) ? run : undefined;
}
