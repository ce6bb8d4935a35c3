// Work that takes long says how far it is through a `Progress`. A trainer takes a `ProgressReporter`; a notebook hands it the bar of
// src/notebook/progress.ts, the command line that of src/notebook/terminal-progress.ts, a test `silentProgress`.

/** The latest numbers to show beside the bar, such as `{ loss: 0.12 }`. */
export type ProgressMetrics = Readonly<Record<string, number | string>>;

export interface ProgressOptions {
  /** What is going on, such as "Training ResNet-18". */
  label?: string;
  /** What is counted, in the plural: "steps", "images". */
  unit?: string;
  /** Units done before this run, for example by the run that is resumed; they do not count towards the rate. */
  initial?: number;
  /** Marks the bar as interrupted when it aborts. Stopping the work is the worker's part. */
  signal?: AbortSignal;
}

export interface Progress {
  /** Shows how far the work is. @param done units done so far, in all @param metrics replaces the numbers shown */
  update(done: number, metrics?: ProgressMetrics): void;
  /** Completes the bar; later calls of any method do nothing. */
  finish(metrics?: ProgressMetrics): void;
  /** Leaves the bar where it is, marked as failed; later calls of any method do nothing. */
  fail(reason?: unknown): void;
}

/** Starts one bar. @param total units to do; Infinity where nobody knows @param options what the bar says */
export type ProgressReporter = (total: number, options?: ProgressOptions) => Progress;

/**
 * Reports to nobody.
 *
 * @example
 * import { silentProgress } from "dolab";
 * const bar = silentProgress(100, { label: "Training", unit: "steps" });
 * bar.update(50, { loss: 0.1 });
 * bar.finish(); // => undefined
 */
export const silentProgress: ProgressReporter = () => ({ update() {}, finish() {}, fail() {} });
