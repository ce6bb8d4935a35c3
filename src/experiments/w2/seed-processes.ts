// Several seeds at once, each in a process of its own (seed-process.ts), since TensorFlow runs one step at a time in each.
// It pays where a step leaves cores idle; on two cores it does not.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../environment/paths.mjs";
import type { DecidingConfiguration } from "./configuration";
import type { SeedsOptions } from "./seeds-here";
import type { SeedOutcome } from "./train-seed";

/** What the process of a seed is asked: first the seed, then perhaps to pause. */
export type SeedRequest =
  | { kind: "train"; configuration: DecidingConfiguration; seed: number; folder: string; dataSource: string }
  | { kind: "pause" };

/** What it answers. */
export type SeedAnswer =
  | { kind: "progress"; done: number; facts: Readonly<Record<string, number | string>> }
  | { kind: "done"; outcome: SeedOutcome }
  | { kind: "paused" }
  | { kind: "failed"; message: string };

/** Trains seeds until all are done, the signal pauses them, or one fails; then the others are paused. */
export async function trainInProcesses(
  seeds: readonly number[],
  configuration: DecidingConfiguration,
  { folder, dataSource, processes, signal, onProgress, onSeed }: SeedsOptions,
): Promise<void> {
  const waiting = seeds.slice();
  const running = new Set<ChildProcess>();
  let stopped = false;
  const pause = () => {
    stopped = true;
    for (const child of running) if (child.connected) child.send({ kind: "pause" } satisfies SeedRequest);
  };
  signal?.addEventListener("abort", pause);
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      if (stopped || signal?.aborted) return;
      const child = fork(join(__dirname, "seed-process.ts"), {
        ...{
          cwd: projectRoot,
          execArgv: ["--import", "tsx"],
          stdio: ["ignore", "inherit", "inherit", "ipc"],
          serialization: "advanced",
        },
      });
      running.add(child);
      const own = seed;
      try {
        const ended = outcomeOf(child, own, (done, facts) => onProgress(own, done, facts));
        child.send({ kind: "train", configuration, seed, folder, dataSource } satisfies SeedRequest);
        const outcome = await ended;
        if (outcome) onSeed(outcome);
      } catch (error) {
        pause();
        throw error;
      } finally {
        running.delete(child);
      }
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: Math.min(processes, seeds.length) }, worker));
    const failure = ends.find((end): end is PromiseRejectedResult => end.status === "rejected");
    if (failure) throw failure.reason;
  } finally {
    signal?.removeEventListener("abort", pause);
  }
}

/** Resolves when the process has ended. @returns nothing where it was paused @throws {Error} where it failed */
function outcomeOf(
  child: ChildProcess,
  seed: number,
  onProgress: (done: number, facts: Readonly<Record<string, number | string>>) => void,
): Promise<SeedOutcome | undefined> {
  let last: SeedAnswer | undefined;
  child.on("message", (answer: SeedAnswer) => {
    if (answer.kind === "progress") onProgress(answer.done, answer.facts);
    else last = answer;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (last?.kind === "done") resolve(last.outcome);
      else if (last?.kind === "paused") resolve(undefined);
      else if (last?.kind === "failed") reject(new Error(last.message));
      else
        reject(
          new Error(`Cannot go on with seed ${seed} as its process ended: ${signal ?? `exit code ${code}`}`),
        );
    });
  });
}
