// Several seeds at once, each in a process of its own.
import { join } from "node:path";
import { runJobs } from "../job-processes";
import type { DecidingConfiguration } from "./configuration";
import type { SeedsOptions } from "./seeds-here";
import type { SeedOutcome } from "./train-seed";

/** What a process is asked to train. */
export interface SeedJob {
  configuration: DecidingConfiguration;
  seed: number;
  folder: string;
  dataSource: string;
}

/** How far it is. */
export interface SeedFacts {
  done: number;
  facts: Readonly<Record<string, number | string>>;
}

/** Trains seeds until all are done, the signal pauses them, or one fails; then the others are paused. */
export function trainInProcesses(
  seeds: readonly number[],
  configuration: DecidingConfiguration,
  { folder, dataSource, processes, signal, onProgress, onSeed }: SeedsOptions,
): Promise<void> {
  const jobs = seeds.map((seed): SeedJob => ({ configuration, seed, folder, dataSource }));
  return runJobs<SeedJob, SeedOutcome, SeedFacts>(jobs, {
    ...{ program: join(__dirname, "seed-process.ts"), processes, signal },
    nameOf: ({ seed }) => `seed ${seed}`,
    onProgress: ({ seed }, { done, facts }) => onProgress(seed, done, facts),
    onResult: (_, outcome) => onSeed(outcome),
  });
}
