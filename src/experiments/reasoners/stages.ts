// The experiment in the document's own stages: train networks, diagnose their checkpoints into npz files, analyse these (which is
// `two-by-two`'s). A folder that was trained into is a run's: `dolab reasoners run` goes on from it.
import { existsSync } from "node:fs";
import { type ProgressReporter, silentProgress } from "../../io";
import type { Resolved } from "../configuration";
import { openOutput } from "../join-run";
import { readRun } from "../saved-run";
import type { ReasonersConfiguration } from "./configuration";
import { reasoners } from "./experiment";
import { diagnoseCheckpoints, keyOf, tagOf, trainingFolder, trainingsOf, weightsOf } from "./reasoner-unit";
import { sudokuSets } from "./training/sudoku-sets";
import { stepsOf, trainedSteps, trainReasoner } from "./training/train-reasoner";

interface StageOptions {
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

/** A checkpoint that training kept. */
export interface TrainedCheckpoint {
  /** Such as trm_seed0. */
  tag: string;
  step: number;
  role: string;
  weights: string;
}

/**
 * Trains the networks of a configuration, or goes on with them, and diagnoses nothing.
 *
 * @param folder gets config.json and checkpoints, as a run's does
 * @returns what is kept, or undefined where the signal paused it
 * @throws {RangeError} where the folder holds results of another configuration, or `data` is not "train"
 */
export async function trainStage(
  { configuration }: Resolved<ReasonersConfiguration>,
  folder: string,
  { progress = silentProgress, signal }: StageOptions = {},
): Promise<TrainedCheckpoint[] | undefined> {
  if (configuration.data !== "train")
    throw new RangeError(`Cannot train reasoners as data is "train" then: got "${configuration.data}"`);
  const data = await reasoners.load(configuration, { progress, signal });
  const output = await openOutput(reasoners, configuration, data, { place: folder, replace: false });
  output.write([]); // config.json
  output.close();
  const trainings = trainingsOf(configuration);
  const total = trainings.reduce((sum, { system }) => sum + stepsOf(configuration, system), 0);
  const bar = progress(total, { label: "training", unit: "steps", signal });
  const kept: TrainedCheckpoint[] = [];
  let before = 0;
  try {
    for (const training of trainings) {
      const trained = await trainReasoner(training, sudokuSets(configuration), configuration, {
        folder: trainingFolder(folder, training),
        signal,
        onProgress: (done) => bar.update(before + done),
      });
      if (!trained) {
        bar.fail("paused");
        return undefined;
      }
      before += stepsOf(configuration, training.system);
      for (const { step, role } of trained.checkpoints)
        kept.push({ tag: tagOf(training), step, role, weights: weightsOf(folder, training, step) });
    }
  } catch (error) {
    bar.fail(error);
    throw error;
  }
  bar.finish();
  return kept;
}

/**
 * Diagnoses every kept checkpoint of a folder that was trained into, and writes the document's npz files beside its config.json.
 *
 * @returns the files' names, in the order of training
 * @throws {RangeError} where the folder is none that was trained into, or a training of it is not at its end
 * @throws where weights are those of another network
 */
export async function diagnoseStage(
  folder: string,
  { progress = silentProgress, signal }: StageOptions = {},
): Promise<string[]> {
  const { configuration } = readRun(reasoners, folder);
  const trainings = trainingsOf(configuration);
  for (const training of trainings) {
    const place = trainingFolder(folder, training);
    const steps = existsSync(place) ? trainedSteps(place) : 0;
    if (steps < stepsOf(configuration, training.system))
      throw new RangeError(
        `Cannot diagnose ${folder} as its training ${keyOf(training)} must have taken ${stepsOf(configuration, training.system)} steps: got ${steps}; "dolab reasoners train --out ${folder}" goes on with it`,
      );
  }
  const sets = sudokuSets(configuration);
  const bar = progress(4 * trainings.length * sets.test.count, {
    label: "diagnosis",
    unit: "puzzles",
    signal,
  });
  const names: string[] = [];
  let before = 0;
  try {
    for (const training of trainings) {
      const trained = await trainReasoner(training, sets, configuration, {
        folder: trainingFolder(folder, training),
        onProgress: () => {},
      });
      if (!trained) continue; // it cannot be paused without a signal
      const onPuzzles = (done: number) => {
        bar.update(before + done);
        return new Promise<void>((resolve) => setImmediate(resolve));
      };
      const found = await diagnoseCheckpoints(training, trained, sets, configuration, {
        folder,
        signal,
        onPuzzles,
      });
      before += 4 * sets.test.count;
      names.push(...found.map(({ file }) => file));
    }
  } catch (error) {
    bar.fail(signal?.aborted ? "interrupted" : error);
    throw error;
  }
  bar.finish();
  return names;
}
