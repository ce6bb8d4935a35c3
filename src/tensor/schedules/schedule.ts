// Learning rates as pure functions of the step, so that a run that resumes needs no scheduler's state. A rate is computed
// outside the traced step and handed to it as a scalar tensor, which createTrainer does; inside it would freeze.
import { requireKnownOptions } from "../../io/known-options";

/** The learning rate of a step; steps (or epochs) count from 0. */
export type Schedule = (step: number) => number;

/** @throws {RangeError | TypeError} for options that are no object, or that the schedule does not have */
export function requireScheduleOptions(schedule: string, options: unknown, known: readonly string[]): void {
  requireKnownOptions(`make ${schedule}`, options, known);
}

/** @throws {RangeError} for a step that is not at least 0 */
export function requireStep(step: number): void {
  if (step >= 0 && Number.isFinite(step)) return;
  throw new RangeError(`Cannot take the learning rate of a step as steps count from 0: got ${step}`);
}

/** @throws {RangeError} for what is no whole number from `lowest` on */
export function requireWhole(what: string, value: number, lowest: number): void {
  if (Number.isSafeInteger(value) && value >= lowest) return;
  throw new RangeError(
    `Cannot make a schedule as ${what} must be a whole number from ${lowest} on: got ${value}`,
  );
}

/** @throws {RangeError} for what is below 0 or not finite */
export function requireRate(what: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new RangeError(`Cannot make a schedule as ${what} must be at least 0: got ${value}`);
}

/** Half a cosine from `from` at progress 0 to `to` at progress 1. */
export const cosineBetween = (from: number, to: number, progress: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
