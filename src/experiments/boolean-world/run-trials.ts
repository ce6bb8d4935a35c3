// Trials one after the other or, where each takes longer than the start of a process, side by side.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startBackend } from "../../tensor";
import { runJobs } from "../process-pool";
import type { BooleanWorldConfiguration } from "./configuration";
import { createTrialTrainers, runTrial, type Trial, type TrialJob, type TrialRow, trialName } from "./trials";

export interface RunTrialsOptions {
  /** Is told of each finished training, in the order in which they finish. */
  onRow: (row: TrialRow) => void;
  /** Trainings at once; by default one for each core, up to 8, where they are long, and one on a GPU. */
  processes?: number;
  /** Stops them all when it aborts. */
  signal?: AbortSignal;
}

/** Steps of a training from which on a process for it pays. */
const FEWEST_STEPS_APART = 250;
const MOST_PROCESSES = 8;

/** @param settings whose epochs are those of a trial */
export async function runTrials(
  trials: readonly Trial[],
  settings: BooleanWorldConfiguration,
  { onRow, processes, signal }: RunTrialsOptions,
): Promise<void> {
  const { device } = await startBackend();
  const atOnce = processes ?? usualProcesses(settings, device);
  if (atOnce > 1) {
    const jobs = trials.map((trial): TrialJob => ({ trial, settings }));
    await runJobs<TrialJob, TrialRow>(jobs, {
      ...{ program: join(__dirname, "trial-process.ts"), processes: atOnce, signal },
      nameOf: ({ trial }) => `the training ${trialName(trial)}`,
      onResult: (_, row) => onRow(row),
    });
    return;
  }
  const trainers = createTrialTrainers(settings);
  try {
    for (const trial of trials) {
      const row = signal?.aborted ? undefined : await runTrial(trial, settings, { trainers, signal });
      if (!row) return;
      onRow(row);
    }
  } finally {
    trainers.dispose();
  }
}

function usualProcesses({ epochs, trainExamples, batchSize }: BooleanWorldConfiguration, device: string) {
  const steps = epochs * Math.floor(trainExamples / batchSize);
  return device === "CPU" && steps >= FEWEST_STEPS_APART
    ? Math.min(MOST_PROCESSES, availableParallelism())
    : 1;
}
