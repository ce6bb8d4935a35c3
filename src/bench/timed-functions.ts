// A side of a benchmark that runs in this process: functions, each timed on its own.
import type { Result, Side } from "./benchmark";

/**
 * @param functions by the key of their measure; what they return is compared with the peer's
 * @param clock milliseconds
 */
export function timedFunctions(
  functions: Readonly<Record<string, () => Result | Promise<Result>>>,
  clock: () => number = () => performance.now(),
): Side {
  return {
    async turn(repeat) {
      const values: Record<string, number> = {};
      const results: Record<string, Result> = {};
      for (const [key, run] of Object.entries(functions)) {
        const started = clock();
        for (let i = 0; i < repeat; i++) results[key] = await run();
        values[key] = (clock() - started) / 1000 / repeat;
      }
      return { values, results };
    },
  };
}
