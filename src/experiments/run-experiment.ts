// Runs an experiment: does the units that are not done yet, here or in processes, with every row on disk as soon as it is
// found. A run that was paused, killed or interrupted goes on when it is started again with the same configuration and folder.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { versions } from "../environment/versions";
import {
  openRunFolder,
  type ProgressMetrics,
  type ProgressReporter,
  type RunFolder,
  silentProgress,
} from "../io";
import { plainObject } from "../io/plain-data";
import { readRecords } from "../io/run-records";
import { startBackend } from "../tensor";
import { nearest, type Resolved } from "./configuration";
import {
  type CommonConfiguration,
  type Experiment,
  type RunData,
  type SavedRun,
  type Unit,
  unitKeyPattern,
} from "./experiment";
import { resultsFolder } from "./results-folder";
import { runUnits } from "./run-units";
import { decidingPart, readRun, recordName } from "./saved-run";
import { hasUnitRow, keepsUnitRows, writeUnitRow } from "./unit-rows";

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
}

/**
 * Runs an experiment, or goes on with it; a finished run is read, and left with the machine and date that made it.
 *
 * @param experiment its declaration
 * @param resolved the configuration
 * @param data what `experiment.load` gave
 * @returns the run with the rows of all units
 * @throws {RunPausedError} where the signal stopped it before its end
 * @throws {RangeError} where the folder holds results of another configuration
 * @throws {Error} on WebAssembly, where units train convolutions
 */
export async function runExperiment<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  { configuration }: Resolved<Configuration>,
  data: Data,
  { folder, replace = false, processes, progress = silentProgress, signal }: RunOptions = {},
): Promise<SavedRun<Configuration, Row>> {
  const place = folder ?? defaultFolder(experiment, configuration);
  const finished = finishedRun(experiment, configuration, place);
  if (finished) return finished;
  const output = await openOutput(experiment, configuration, data, { place, replace });
  try {
    output.write(experiment.startFiles?.(configuration, data) ?? []);
    const units = unitsOf(experiment, configuration);
    const isDone = (unit: Unit) => hasUnitRow(place, unit);
    const outcome = () => experiment.outcome(readRun(experiment, place));
    const bar = startBar(experiment, configuration, { place, units, progress, signal });
    try {
      await runUnits(
        experiment,
        configuration,
        data,
        units.filter((unit) => !isDone(unit)),
        {
          folder: place,
          processes: processes ?? configuration.processes ?? experiment.usualProcesses?.(configuration) ?? 1,
          signal,
          onProgress: bar.update,
          onRow: (unit, row) => {
            writeUnitRow(place, unit, row);
            bar.update(unit, unit.cost);
            output.write(experiment.progressFiles?.(outcome()) ?? []);
          },
        },
      );
    } catch (error) {
      bar.fail(error);
      throw error;
    }
    if (!units.every(isDone)) {
      bar.fail("paused");
      throw new RunPausedError(experiment, place, bar.state());
    }
    bar.finish();
    output.write(experiment.resultFiles(outcome()));
  } finally {
    output.close();
  }
  return readRun(experiment, place);
}

/**
 * Does one unit of a run by itself, as a cluster does; its row is kept in the run's folder, where `runExperiment` finds it.
 *
 * @param key the unit's, as `experiment.units` lists it
 * @returns whether its row is there: false where the signal paused it
 * @throws {RangeError} for a key that the run does not have, with the nearest
 */
export async function runOneUnit<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  { configuration }: Resolved<Configuration>,
  data: Data,
  key: string,
  { folder, progress = silentProgress, signal }: Omit<RunOptions, "replace" | "processes">,
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
  const output = await openOutput(experiment, configuration, data, { place, replace: false, patient: true });
  output.write(experiment.startFiles?.(configuration, data) ?? []);
  output.close(); // others may do their units meanwhile
  if (hasUnitRow(place, unit)) return true;
  const bar = startBar(experiment, configuration, { place, units: [unit], progress, signal });
  try {
    await runUnits(experiment, configuration, data, [unit], {
      folder: place,
      processes: 1,
      signal,
      onProgress: bar.update,
      onRow: (_, row) => writeUnitRow(place, unit, row),
    });
  } catch (error) {
    bar.fail(error);
    throw error;
  }
  if (hasUnitRow(place, unit)) bar.finish();
  else bar.fail("paused");
  return hasUnitRow(place, unit);
}

/** The folder of a run that names none: the same configuration finds its results again. */
export const defaultFolder = (
  experiment: Pick<Experiment, "name" | "undeciding">,
  configuration: CommonConfiguration,
): string => resultsFolder(experiment.name, configuration.preset, decidingPart(experiment, configuration));

/** The units of a configuration. @throws {RangeError} where a key stands twice or cannot be a file's name */
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
  if (!existsSync(join(place, "config.json"))) return undefined;
  const record = readRecords(place).get(recordName(experiment));
  if (!record || !isDeepStrictEqual(record.configuration, plainDecidingPart(experiment, configuration)))
    return undefined;
  const run = readRun(experiment, place);
  if (run.rows.length < run.units.length) return undefined;
  const files = experiment.resultFiles(experiment.outcome(run));
  return files.every(({ name }) => existsSync(join(place, name))) ? run : undefined;
}

const plainDecidingPart = (experiment: Pick<Experiment, "undeciding">, configuration: CommonConfiguration) =>
  plainObject(decidingPart(experiment, configuration), "the configuration");

interface Place {
  place: string;
  replace: boolean;
  /** Whether to wait while others begin in the same folder. */
  patient?: boolean;
}

/** Milliseconds between two tries to open a folder in which others begin too, and how often it is tried. */
const [PATIENCE, TRIES] = [250, 240];

/** Opens the folder, with the rows in it that this configuration found before, and no others. */
async function openOutput<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  configuration: Configuration,
  { dataSource, synthetic }: RunData,
  { place, replace, patient = false }: Place,
): Promise<RunFolder> {
  const { name, title: backend, device } = await startBackend();
  if (name === "wasm" && experiment.trainsConvolutions)
    throw new Error(
      "Cannot train on WebAssembly as it has no gradient of convolution filters: run `npm run set-up` for native TensorFlow",
    );
  const record = recordName(experiment);
  const threads = process.env.TF_NUM_INTRAOP_THREADS; // sums of floats depend on how many share them
  const { preset } = configuration;
  const run = {
    name: record,
    configuration: decidingPart(experiment, configuration),
    environment: { ...versions(), backend, device, threads, dataSource, synthetic, preset },
  };
  for (let tries = patient ? TRIES : 1; ; tries--) {
    try {
      const output = openRunFolder(place, [run], { replace });
      if (output.recorded.has(record)) return output;
      if (keepsUnitRows(place) && !replace) {
        output.close();
        throw new RangeError(
          `Cannot run in ${place} as it holds units of no run that it records: choose another folder (--out), or replace them (--replace)`,
        );
      }
      if (replace)
        for (const rest of ["checkpoints", "units"])
          rmSync(join(place, rest), { recursive: true, force: true });
      return output;
    } catch (error) {
      if (error instanceof RangeError || tries === 1) throw error; // another configuration stays another one
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
}

interface BarOptions {
  place: string;
  units: readonly Unit[];
  progress: ProgressReporter;
  signal?: AbortSignal;
}

/** One bar over the costs of all units. */
function startBar<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  configuration: Configuration,
  { place, units, progress, signal }: BarOptions,
) {
  const before = (unit: Unit) =>
    hasUnitRow(place, unit) ? unit.cost : (experiment.costDone?.(unit, configuration, place) ?? 0);
  const done = new Map(units.map((unit) => [unit.key, before(unit)]));
  const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const total = sum(units.map(({ cost }) => cost));
  const { counts, label = experiment.name } = experiment;
  const bar = progress(total, { label, unit: counts, initial: sum(done.values()), signal });
  let latest: ProgressMetrics | undefined;
  return {
    state: () => ({ done: sum(done.values()), total }),
    update(unit: Unit, unitDone: number, metrics?: ProgressMetrics) {
      done.set(unit.key, Math.max(unitDone, done.get(unit.key) ?? 0)); // what was resumed counts from the start
      latest = metrics ?? latest;
      bar.update(sum(done.values()), latest);
    },
    finish: () => bar.finish(),
    fail: bar.fail,
  };
}
