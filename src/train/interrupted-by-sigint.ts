import process from "node:process";

/**
 * Turns the terminal's Ctrl-C into a signal for `train`, so that a run pauses instead of dying; the second Ctrl-C ends
 * the process as ever.
 *
 * @returns the signal, and what gives Ctrl-C back when the run is over
 */
export function interruptedBySigint(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once("SIGINT", abort);
  return { signal: controller.signal, release: () => process.off("SIGINT", abort) };
}
