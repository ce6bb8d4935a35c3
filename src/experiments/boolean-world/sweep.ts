// The sweep: how exact are answers to states that were never read, against how many were left out, for the document's rules and
// for harder ones? Each finished training is on disk at once, so that a sweep that was stopped goes on. Trainings that are
// longer than the start of a process run side by side.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { versions } from "../../environment/versions";
import {
  formatCsv,
  formatJson,
  openRunFolder,
  type ProgressReporter,
  readJson,
  silentProgress,
} from "../../io";
import { startBackend } from "../../tensor";
import { runJobs } from "../job-processes";
import type { BooleanWorldConfiguration } from "./configuration";
import { sweepFile, sweepName } from "./saved-sweep";
import {
  createTrialTrainers,
  runTrial,
  sweepTrials,
  type Trial,
  type TrialJob,
  type TrialRow,
  trialName,
} from "./trials";

export interface SweepOptions {
  /** Where rows are kept, and found again. */
  folder?: string;
  /** Whether results of another configuration in that folder may be replaced. */
  replace?: boolean;
  /** Trainings at once; by default one for each core, up to 8, where they are long, and one on a GPU. */
  processes?: number;
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

/** Steps of a training from which on a process for it pays. */
const FEWEST_STEPS_APART = 250;
const MOST_PROCESSES = 8;

const integerKeys = ["states", "excluded", "seed", "steps"];

/** @returns the finished trainings: all, or fewer where the signal stopped the sweep */
export async function runSweep(
  configuration: BooleanWorldConfiguration,
  { folder, replace, processes, progress = silentProgress, signal }: SweepOptions = {},
): Promise<TrialRow[]> {
  const { preset: _, ...deciding } = configuration;
  const { title: backend, device } = await startBackend();
  const environment = { ...versions(), backend, device };
  const output =
    folder === undefined
      ? undefined
      : openRunFolder(folder, [{ name: sweepName, configuration: deciding, environment }], { replace });
  try {
    const trials = sweepTrials(configuration);
    const rows = new Map<string, TrialRow>();
    const saved = output?.recorded.has(sweepName)
      ? (readJson(join(output.path, sweepFile)) as TrialRow[])
      : [];
    for (const row of saved) rows.set(trialName(row), row);
    const inOrder = () => trials.flatMap((trial) => rows.get(trialName(trial)) ?? []);
    const bar = progress(trials.length, { label: "sweep", unit: "trainings", initial: rows.size, signal });
    const add = (row: TrialRow) => {
      rows.set(trialName(row), row);
      output?.write([
        { name: sweepFile, content: `${formatJson(inOrder(), { integerKeys })}\n` },
        { name: "exclusion-sweep.csv", content: sweepCsv(inOrder()) },
      ]);
      bar.update(rows.size, { excluded: `${row.excluded} of ${row.states}`, exact: row.excluded_exact });
    };
    const left = trials.filter((trial) => !rows.has(trialName(trial)));
    try {
      await runTrials(left, configuration, {
        processes: processes ?? usualProcesses(configuration, device),
        signal,
        add,
      });
    } catch (error) {
      bar.fail(error);
      throw error;
    }
    if (rows.size === trials.length) bar.finish();
    else bar.fail("paused");
    return inOrder();
  } finally {
    output?.close();
  }
}

function usualProcesses(
  { sweepEpochs, trainExamples, batchSize }: BooleanWorldConfiguration,
  device: string,
) {
  const steps = sweepEpochs * Math.floor(trainExamples / batchSize);
  return device === "CPU" && steps >= FEWEST_STEPS_APART
    ? Math.min(MOST_PROCESSES, availableParallelism())
    : 1;
}

async function runTrials(
  trials: readonly Trial[],
  configuration: BooleanWorldConfiguration,
  { processes, signal, add }: { processes: number; signal?: AbortSignal; add: (row: TrialRow) => void },
): Promise<void> {
  const settings = { ...configuration, epochs: configuration.sweepEpochs };
  if (processes > 1) {
    const jobs = trials.map((trial): TrialJob => ({ trial, settings }));
    await runJobs<TrialJob, TrialRow>(jobs, {
      ...{ program: join(__dirname, "trial-process.ts"), processes, signal },
      nameOf: ({ trial }) => `the training ${trialName(trial)}`,
      onResult: (_, row) => add(row),
    });
    return;
  }
  const trainers = createTrialTrainers(settings);
  try {
    for (const trial of trials) {
      const row = signal?.aborted ? undefined : await runTrial(trial, settings, { trainers, signal });
      if (!row) return;
      add(row);
    }
  } finally {
    trainers.dispose();
  }
}

/** One line a training; what only the other world's answers have is left empty. */
function sweepCsv(rows: readonly TrialRow[]): string {
  const parts = [...new Set(rows.flatMap((row) => Object.keys(row.excluded_parts)))];
  const columns = [
    ...["world", "states", "excluded", "seed", "without", "seen_exact", "excluded_exact"],
    ...parts.map((name) => `excluded_${name}`),
    ...["steps", "seconds"],
  ];
  const flat = rows.map(({ excluded_parts, ...row }) => ({
    ...row,
    ...Object.fromEntries(Object.entries(excluded_parts).map(([name, share]) => [`excluded_${name}`, share])),
  }));
  const formats = Object.fromEntries(integerKeys.map((key) => [key, "integer" as const]));
  return formatCsv(columns, flat, formats);
}
