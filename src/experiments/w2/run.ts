// The whole experiment: every seed that is not done yet, with results that are on disk after each of them. A run that was
// paused, killed or interrupted goes on when it is started again with the same configuration and folder.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { versions } from "../../environment/versions";
import { openRunFolder, type ProgressReporter, type RunFolder, silentProgress } from "../../io";
import { startBackend } from "../../tensor";
import type { Resolved } from "../configuration";
import { resultsFolder } from "../results-folder";
import { type DecidingConfiguration, decidingConfiguration, type W2Configuration } from "./configuration";
import { exampleFile, progressFiles, resultFiles } from "./result-files";
import type { EpochRow, SeedResult } from "./results";
import type { RunData } from "./run-data";
import { fileNames, loadRun, runName, savedResults, type W2Run } from "./saved-run";
import { trainInProcesses } from "./seed-processes";
import { trainHere } from "./seeds-here";
import { seedSteps, seedStepsDone } from "./train-seed";

/** A run that was asked to stop before its end; its checkpoints are written. */
export class RunPausedError extends Error {
  override readonly name = "RunPausedError";

  constructor(
    readonly folder: string,
    done: number,
    total: number,
  ) {
    super(
      `Paused after ${done} of ${total} steps: run this again, or "dolab w2 resume ${folder}", to go on from there`,
    );
  }
}

export interface RunOptions {
  /** Where checkpoints and results go; by default a folder of this configuration under results/w2. */
  folder?: string;
  /** Whether results of another configuration in that folder may be replaced. */
  replace?: boolean;
  progress?: ProgressReporter;
  /** Pauses the run when it aborts. */
  signal?: AbortSignal;
}

/** The folder of a run that names none: the same configuration finds its results again. */
export const defaultFolder = (configuration: DecidingConfiguration): string =>
  resultsFolder("w2", configuration.preset, configuration);

/**
 * Runs the experiment, or goes on with it; shows what `load` names where the data are of saved results.
 *
 * @returns the results of all seeds
 * @throws {RunPausedError} where the signal stopped it before its end
 * @throws {RangeError} where the folder holds results of another configuration
 * @throws {CheckpointError} where a phase's newest checkpoint is damaged or of another network
 * @throws {Error} on WebAssembly, which cannot train convolutions
 */
export async function run(
  { configuration }: Resolved<W2Configuration>,
  data: RunData,
  { folder, replace = false, progress = silentProgress, signal }: RunOptions = {},
): Promise<W2Run> {
  if (data.saved) return data.saved;
  const { images, dataSource, synthetic } = data;
  if (!images) throw new TypeError("Cannot run w2 as its data hold no images: load them with loadRunData");
  const deciding = decidingConfiguration(configuration, synthetic ? "generated" : "cifar10");
  const place = folder ?? defaultFolder(deciding);
  const finished = finishedRun(place, deciding);
  if (finished) return finished;
  const { name, title: backend, device } = await startBackend();
  if (name === "wasm")
    throw new Error(
      "Cannot train on WebAssembly as it has no gradient of convolution filters: run `npm run set-up` for native TensorFlow",
    );
  const environment = { ...versions(), backend, device, dataSource, synthetic };
  const output = openRunFolder(place, [{ name: runName, configuration: deciding, environment }], { replace });
  try {
    if (replace && !output.recorded.has(runName)) removeTraining(place);
    output.write([exampleFile(data.examples)]);
    const book = openBook(output, place);
    const seeds = Array.from({ length: deciding.seeds }, (_, i) => deciding.seed + i);
    const left = seeds.filter((seed) => !book.results.some((result) => result.seed === seed));
    const bar = startBar(deciding, place, { seeds, left, progress, signal });
    const atOnce = configuration.processes > 1 && left.length > 1 && device === "CPU";
    const train = atOnce ? trainInProcesses : trainHere;
    try {
      await train(left, deciding, {
        ...{ folder: place, images, dataSource, signal, processes: configuration.processes },
        onProgress: bar.update,
        onSeed: ({ result, epochs }) => book.add(result, epochs),
      });
    } catch (error) {
      bar.fail(error);
      throw error;
    }
    if (book.results.length < seeds.length) {
      bar.fail("paused");
      throw new RunPausedError(place, bar.done(), bar.total);
    }
    bar.finish();
    output.write(resultFiles({ results: book.results, configuration: deciding }));
  } finally {
    output.close();
  }
  return loadRun(place);
}

/** The run that a folder holds, where it is this one and has ended: it stays as it is, with the machine and date that made it. */
function finishedRun(folder: string, deciding: DecidingConfiguration): W2Run | undefined {
  if (!Object.values(fileNames).every((name) => existsSync(join(folder, name)))) return undefined;
  const saved = loadRun(folder);
  const isSame = isDeepStrictEqual(saved.configuration, deciding);
  return isSame && saved.results.length === deciding.seeds ? saved : undefined;
}

/** Results and epochs on disk, in the order of the seeds. */
function openBook(output: RunFolder, folder: string) {
  const saved = output.recorded.has(runName) ? savedResults(folder) : { results: [], epochs: [] };
  const isSaved = ({ seed }: { seed: number }) => saved.results.some((result) => result.seed === seed);
  let epochs: EpochRow[] = saved.epochs.filter(isSaved);
  const book = {
    results: saved.results as SeedResult[],
    add(result: SeedResult, rows: readonly EpochRow[]) {
      book.results = [...book.results, result].sort((a, b) => a.seed - b.seed);
      epochs = [...epochs, ...rows].sort((a, b) => a.seed - b.seed);
      output.write(progressFiles(book.results, epochs));
    },
  };
  return book;
}

interface BarOptions {
  seeds: readonly number[];
  left: readonly number[];
  progress: ProgressReporter;
  signal?: AbortSignal;
}

/** One bar over the steps of all phases of all seeds. */
function startBar(
  configuration: DecidingConfiguration,
  folder: string,
  { seeds, left, progress, signal }: BarOptions,
) {
  const steps = (seed: number) => seedSteps(configuration, seed);
  const done = new Map(
    seeds.map((seed) => [
      seed,
      left.includes(seed) ? seedStepsDone(configuration, folder, seed) : steps(seed),
    ]),
  );
  const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const total = sum(seeds.map(steps));
  const bar = progress(total, { label: "W2", unit: "steps", initial: sum(done.values()), signal });
  return {
    total,
    done: () => sum(done.values()),
    update(seed: number, seedDone: number, facts: Readonly<Record<string, number | string>>) {
      done.set(seed, Math.max(seedDone, done.get(seed) ?? 0)); // finished phases are counted from the start
      bar.update(sum(done.values()), facts);
    },
    finish: () => bar.finish(),
    fail: bar.fail,
  };
}

/** Removes the phases of a configuration that is replaced. */
function removeTraining(folder: string): void {
  const place = join(folder, "checkpoints");
  if (existsSync(place)) rmSync(place, { recursive: true });
}
