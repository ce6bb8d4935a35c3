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
import { createRandom } from "../../random";
import { bootstrapInterval, mean } from "../../stats";
import { startBackend } from "../../tensor";
import type { BooleanWorldConfiguration } from "./configuration";
import { runTrial, sweepTrials, type TrialRow, type TrialWorld } from "./trials";

export interface SweepOptions {
  /** Where rows are kept, and found again. */
  folder?: string;
  /** Whether results of another configuration in that folder may be replaced. */
  replace?: boolean;
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

const RUN = "boolean-world sweep";
const ROWS = "exclusion-sweep.json";
const integerKeys = ["states", "excluded", "seed", "steps"];

/** @returns the finished trainings: all, or fewer where the signal stopped the sweep */
export async function runSweep(
  configuration: BooleanWorldConfiguration,
  { folder, replace, progress = silentProgress, signal }: SweepOptions = {},
): Promise<TrialRow[]> {
  const { preset: _, ...deciding } = configuration;
  const settings = { ...configuration, epochs: configuration.sweepEpochs };
  const { title: backend, device } = await startBackend();
  const environment = { ...versions(), backend, device };
  const output =
    folder === undefined
      ? undefined
      : openRunFolder(folder, [{ name: RUN, configuration: deciding, environment }], { replace });
  try {
    const rows = output?.recorded.has(RUN) ? (readJson(join(output.path, ROWS)) as TrialRow[]) : [];
    const trials = sweepTrials(configuration);
    const bar = progress(trials.length, { label: "sweep", unit: "trainings", initial: rows.length, signal });
    try {
      while (rows.length < trials.length && !signal?.aborted) {
        const row = await runTrial(trials[rows.length], settings, { signal });
        if (!row) break;
        rows.push(row);
        output?.write([
          { name: ROWS, content: `${formatJson(rows, { integerKeys })}\n` },
          { name: "exclusion-sweep.csv", content: sweepCsv(rows) },
        ]);
        bar.update(rows.length, { excluded: `${row.excluded} of ${row.states}`, exact: row.excluded_exact });
      }
    } catch (error) {
      bar.fail(error);
      throw error;
    }
    if (rows.length === trials.length) bar.finish();
    else bar.fail("paused");
    return rows;
  } finally {
    output?.close();
  }
}

function sweepCsv(rows: readonly TrialRow[]): string {
  const columns = [
    "world",
    "states",
    "excluded",
    "seed",
    "without",
    "seen_exact",
    "excluded_exact",
    "steps",
    "seconds",
  ];
  const formats = Object.fromEntries(integerKeys.map((key) => [key, "integer" as const]));
  return formatCsv(columns, rows as unknown as Record<string, unknown>[], formats);
}

export interface SweepTableRow {
  world: TrialWorld;
  states: number;
  excluded: number;
  trainings: number;
  /** Mean shares of exact answers. */
  seen_exact: number;
  excluded_exact: number;
  /** Bootstrap interval of the latter over trainings: NaN with a single one. */
  low: number;
  high: number;
}

/** One row for each world and number of excluded states. */
export function sweepTable(
  rows: readonly TrialRow[],
  { seed, replicates, level }: Pick<BooleanWorldConfiguration, "seed" | "replicates" | "level">,
): SweepTableRow[] {
  const groups = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const name = `${row.world} ${row.excluded}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return Array.from(groups, ([name, group]) => {
    const { world, states, excluded } = group[0];
    const shares = group.map((row) => row.excluded_exact);
    const interval =
      group.length < 2
        ? { low: NaN, high: NaN }
        : bootstrapInterval(group.length, (indices) => mean(Array.from(indices, (i) => shares[i])), {
            ...{ rng: createRandom(seed).split(name), replicates, level },
          });
    return {
      ...{ world, states, excluded, trainings: group.length },
      seen_exact: mean(group.map((row) => row.seen_exact)),
      ...{ excluded_exact: mean(shares), low: interval.low, high: interval.high },
    };
  });
}
