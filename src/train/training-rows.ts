// Lets code outside a training, such as a tracker, hear of each row that it logs. The listener reaches the trainings
// that a function starts however deep in it they are, so that no experiment hands it from call to call.
import { AsyncLocalStorage } from "node:async_hooks";
import type { MetricsRow } from "./metrics-log";

/** A row of a training's metrics. */
export interface TrainingRow extends MetricsRow {
  /** The training's folder, where it has one. */
  folder?: string;
  /** What its progress bar says. */
  label?: string;
}

export type TrainingRowListener = (row: TrainingRow) => void;

const listeners = new AsyncLocalStorage<TrainingRowListener>();

/**
 * Tells a listener of each row of metrics that the trainings in `body` log; where one is resumed, of its earlier rows first.
 *
 * @param listener is called at once and from within the training: it should be quick, and not throw
 * @param body what trains
 * @returns what the body returns
 * @example
 * import { listenToTraining, tensorflow, train } from "dolab";
 * const w = tensorflow().variable(tensorflow().scalar(1));
 * const steps: number[] = [];
 * await listenToTraining(({ step }) => steps.push(step), () =>
 *   train({ variables: { w }, steps: 2, seed: 1, log: { every: 1 }, step: () => ({ loss: 1 }) }));
 * steps; // => [1, 2]
 */
export const listenToTraining = <Value>(listener: TrainingRowListener, body: () => Value): Value =>
  listeners.run(listener, body);

/** Tells whoever listens. */
export const tellTrainingRow = (row: TrainingRow): void => listeners.getStore()?.(row);
