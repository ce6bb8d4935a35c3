// The sweep: how exact are answers to states that were never read, against how many were left out, for the document's rules and
// for harder ones? Each finished training is on disk at once, so that a sweep that was stopped goes on.
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
import type { BooleanWorldConfiguration } from "./configuration";
import { type RunTrialsOptions, runTrials } from "./run-trials";
import { sweepFile, sweepName } from "./saved-sweep";
import { sweepTrials, type TrialRow, trialName } from "./trials";

export interface SweepOptions extends Omit<RunTrialsOptions, "onRow"> {
  /** Where rows are kept, and found again. */
  folder?: string;
  /** Whether results of another configuration in that folder may be replaced. */
  replace?: boolean;
  progress?: ProgressReporter;
}

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
      const settings = { ...configuration, epochs: configuration.sweepEpochs };
      await runTrials(left, settings, { processes, signal, onRow: add });
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
