// A program for process-pool.test.ts: it counts up to a number, slowly, and breaks down at some.
import process from "node:process";
import { answerJobs } from "../../src/experiments/pool-worker";

export interface CountJob {
  to: number;
}

answerJobs<CountJob, { counted: number; pid: number }, { at: number }>(
  async ({ to }, { signal, onProgress }) => {
    if (to === 13) throw new RangeError("Cannot count to 13");
    if (to === 99) {
      process.stderr.write("out of fingers\n");
      process.exit(3);
    }
    for (let at = 1; at <= to; at++) {
      if (signal.aborted) return undefined;
      onProgress({ at });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { counted: to, pid: process.pid };
  },
);
