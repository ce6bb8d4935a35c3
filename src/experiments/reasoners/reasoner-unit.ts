// A unit of the experiment: one training, its checkpoints diagnosed, and what comes of the chosen one's thoughts.
import { join } from "node:path";
import { createDiagnosis } from "../../models";
import { createRandom } from "../../random";
import type { Unit, UnitContext } from "../experiment";
import type { DecidingConfiguration, System } from "./configuration";
import { type FurtherThought, thinkFurther } from "./thinking/further-thought";
import { diagnosticsName, saveThought } from "./thinking/thought-files";
import type { SudokuSets } from "./training/sudoku-sets";
import {
  type KeptCheckpoint,
  stepsOf,
  type Training,
  type TrainingOf,
  trainedSteps,
  trainReasoner,
  weightsFile,
} from "./training/train-reasoner";

/** What a training found. */
export interface ReasonerRow {
  system: System;
  seed: number;
  /** Whether its states were perturbed in training. */
  noisy: boolean;
  /** Whether the chosen checkpoint reached the threshold. */
  reached: boolean;
  /** Share of validation puzzles right, by training step. */
  validation: { step: number; right: number }[];
  /** The training loss, a mean over the steps since the last. */
  loss: { step: number; loss: number }[];
  checkpoints: (KeptCheckpoint & {
    /** Name of the document's npz in the run's folder `diagnostics`. */
    file: string;
    /** How many puzzles are in it; the others' states became NaN or infinite. */
    samples: number;
  })[];
  /** Absent for twins. */
  further?: FurtherThought;
}

/** Where a run keeps its npz files. */
export const diagnosticsFolder = (folder: string): string => join(folder, "diagnostics");

/** Diagnosing so many puzzles is as much work as a training step, about. */
const PUZZLES_A_STEP = 2;
const ROWS = 32;

export const keyOf = ({ system, seed, noisy }: TrainingOf) => `${system}-${seed}${noisy ? "-noise" : ""}`;

/** The system's name in files and tags. */
export const tagOf = ({ system, seed, noisy }: TrainingOf): string =>
  `${system}_seed${seed}${noisy ? "_noise" : ""}`;

/** The trainings of a run, in their order. */
export function trainingsOf({ systems, twins, seed, seeds }: DecidingConfiguration): TrainingOf[] {
  return Array.from({ length: seeds }, (_, i) => seed + i).flatMap((own) => [
    ...systems.map((system) => ({ system, seed: own, noisy: false })),
    ...twins
      .filter((system) => systems.includes(system))
      .map((system) => ({ system, seed: own, noisy: true })),
  ]);
}

export function unitsOf(configuration: DecidingConfiguration): Unit[] {
  if (configuration.data !== "train") return [];
  return trainingsOf(configuration).map((training) => {
    const { system, seed, noisy } = training;
    const title = `${system.toUpperCase()} of seed ${seed}${noisy ? ", perturbed" : ""}`;
    return { key: keyOf(training), title, cost: workOf(configuration, training) };
  });
}

/** How much work a training is, in training steps. */
function workOf(configuration: DecidingConfiguration, { system, noisy }: TrainingOf): number {
  const { testPuzzles, restarts, restartSizes } = configuration;
  const diagnosed = Math.ceil((4 * testPuzzles) / PUZZLES_A_STEP);
  return stepsOf(configuration, system) + diagnosed + (noisy ? 0 : 4 + restarts * restartSizes.length);
}

/** Where a training keeps its checkpoints. @param folder the run's */
export const trainingFolder = (folder: string, training: TrainingOf) =>
  join(folder, "checkpoints", keyOf(training));

/** Where a kept checkpoint's weights are. @param folder the run's */
export const weightsOf = (folder: string, training: TrainingOf, step: number): string =>
  weightsFile(trainingFolder(folder, training), step);

/** How much of a unit's work its checkpoints hold. */
export function workDone(configuration: DecidingConfiguration, folder: string, key: string): number {
  return trainedSteps(trainingFolder(folder, trainingOf(configuration, key)));
}

function trainingOf(configuration: DecidingConfiguration, key: string): TrainingOf {
  return trainingsOf(configuration).find((training) => keyOf(training) === key) as TrainingOf;
}

/** Does a unit. @returns undefined where the signal paused it */
export async function doUnit(
  sets: SudokuSets,
  configuration: DecidingConfiguration,
  key: string,
  context: UnitContext,
): Promise<ReasonerRow | undefined> {
  const training = trainingOf(configuration, key);
  const { signal, onProgress } = context;
  const trained = await trainReasoner(training, sets, configuration, {
    ...context,
    folder: trainingFolder(context.folder, training),
  });
  if (!trained) return undefined;
  const { reasoner, metrics, reached } = trained;
  let done = stepsOf(configuration, training.system);
  try {
    const checkpoints = await diagnoseCheckpoints(training, trained, sets, configuration, {
      folder: diagnosticsFolder(context.folder),
      signal,
      onPuzzles: (puzzles) => progressed(done + puzzles / PUZZLES_A_STEP),
    });
    done += (trained.checkpoints.length * sets.test.count) / PUZZLES_A_STEP;
    const numbers = (name: string) =>
      metrics.flatMap(({ step, values }) => (name in values ? [{ step, value: values[name] }] : []));
    const row: ReasonerRow = {
      ...training,
      reached,
      checkpoints,
      validation: numbers("validation").map(({ step, value }) => ({ step, right: value })),
      loss: numbers("loss").map(({ step, value }) => ({ step, loss: value })),
    };
    if (training.noisy) return row;
    trained.restore(chosenStep(row));
    const { seed } = training;
    const onWork = () => {
      done += 1;
      return progressed(done);
    };
    return {
      ...row,
      further: await thinkFurther(reasoner, sets.test, configuration, { seed, onWork, signal }),
    };
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }

  /** Gives the event loop a turn, for output and interrupts. */
  function progressed(work: number): Promise<void> {
    onProgress(work);
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Diagnoses every kept checkpoint of a training, and writes the document's npz files.
 *
 * @param options.folder gets the files
 * @param options.onPuzzles told how many puzzles are done, over all checkpoints; it may wait
 * @throws what `signal.throwIfAborted` throws
 */
export async function diagnoseCheckpoints(
  training: TrainingOf,
  { reasoner, checkpoints, restore }: Pick<Training, "reasoner" | "checkpoints" | "restore">,
  { test }: Pick<SudokuSets, "test">,
  { exponents, actSteps }: DecidingConfiguration,
  {
    folder,
    signal,
    onPuzzles,
  }: { folder: string; signal?: AbortSignal; onPuzzles: (done: number) => void | Promise<void> },
): Promise<ReasonerRow["checkpoints"]> {
  const rng = createRandom(training.seed).split("frame");
  const diagnosis = createDiagnosis(reasoner, { exponents, steps: actSteps, rng, rows: ROWS });
  try {
    const found: ReasonerRow["checkpoints"] = [];
    for (const { step, role } of checkpoints) {
      restore(step);
      const before = found.length * test.count;
      const onRows = (puzzles: number) => onPuzzles(before + puzzles);
      const measured = await diagnosis.run(test, { signal, onRows });
      const file = diagnosticsName(tagOf(training), step, measured.samples);
      saveThought(folder, file, measured, test);
      found.push({ step, role, file, samples: measured.samples });
    }
    return found;
  } finally {
    diagnosis.dispose();
  }
}

/** The step of the chosen checkpoint, or of the one that stands in for it. */
export const chosenStep = ({ checkpoints }: Pick<ReasonerRow, "checkpoints">): number =>
  (checkpoints.find(({ role }) => role === "chosen") ?? checkpoints[checkpoints.length - 1]).step;
