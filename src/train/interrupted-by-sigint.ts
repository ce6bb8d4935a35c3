import process from "node:process";

/**
 * Turns the terminal's Ctrl-C into a signal for `train`, so that a run pauses instead of dying; the second Ctrl-C ends
 * the process as ever.
 *
 * @param reason what the signal aborts with: by default an AbortError
 * @returns the signal, and what gives Ctrl-C back when the run is over
 * @example
 * import { interruptedBySigint } from "dolab";
 * const { signal, release } = interruptedBySigint();
 * signal.aborted; // => false
 * release();
 */
export function interruptedBySigint(reason?: Error): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort(reason);
  process.once("SIGINT", abort);
  return { signal: controller.signal, release: () => process.off("SIGINT", abort) };
}
