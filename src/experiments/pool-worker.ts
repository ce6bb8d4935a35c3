// The other side of process-pool.ts: a program that takes jobs, one at a time. It pauses when it is asked to, or when its
// parent has gone; Ctrl-C, which the terminal sends to both, is the parent's to answer.
import process from "node:process";
import { startBackend } from "../tensor";
import type { JobAnswer, JobRequest } from "./process-pool";

/** Milliseconds between two messages of progress. */
const PAUSE = 200;

export interface JobContext<Facts> {
  signal: AbortSignal;
  onProgress: (facts: Facts) => void;
}

/** Answers jobs until the parent has no more. @param work one job; it returns nothing where the signal paused it */
export function answerJobs<Job, Result, Facts = never>(
  work: (job: Job, context: JobContext<Facts>) => Promise<Result | undefined>,
): void {
  const pausing = new AbortController();
  const say = (answer: JobAnswer<Result, Facts>) => {
    if (process.connected) process.send?.(answer);
  };
  const answer = async (job: Job): Promise<JobAnswer<Result, Facts>> => {
    let told = 0;
    const onProgress = (facts: Facts) => {
      if (performance.now() - told < PAUSE) return;
      told = performance.now();
      say({ kind: "progress", facts });
    };
    try {
      await startBackend();
      const result = await work(job, { signal: pausing.signal, onProgress });
      return result === undefined ? { kind: "paused" } : { kind: "done", result };
    } catch (error) {
      return { kind: "failed", message: (error as Error).message };
    }
  };
  let working: Promise<void> | undefined;
  process.on("SIGINT", () => {});
  process.on("disconnect", () => {
    pausing.abort();
    void Promise.resolve(working).then(() => process.exit());
  });
  process.on("message", (request: JobRequest<Job>) => {
    if (request.kind === "pause") pausing.abort();
    else working = answer(request.job).then(say);
  });
}
