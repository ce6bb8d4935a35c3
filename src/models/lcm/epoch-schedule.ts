// Loss weights over the epochs of the published ILCM training: constant, then a straight line or a geometric decay, then
// constant again. Its quirk is kept: the change takes `epochs` - 1 epochs, and goes on beyond the final value until
// `epochs` are over (by then a line from 0 to 1 over 10 epochs is at 1.11).
import { requireRate, requireStep, type Schedule } from "../../tensor/schedules/schedule";

export interface Change {
  from: number;
  to: number;
  /** The epoch until which it stays at `from`. */
  after: number;
  /** Epochs until it stays at `to`, above 1. */
  epochs: number;
}

/**
 * Changes a weight in a straight line over the epochs.
 *
 * @param change values of 0 or more at its ends, the epoch when it begins, and how many epochs, above 1, it takes
 * @returns the weight of a fractional epoch, step / steps of an epoch
 * @throws {RangeError} for values out of their range
 * @example
 * import { linearEpochSchedule } from "dolab";
 * const beta = linearEpochSchedule({ from: 0, to: 1, after: 10, epochs: 11 });
 * [5, 10, 15, 25].map(beta); // => [0, 0, 0.5, 1]
 */
export const linearEpochSchedule = (change: Change): Schedule =>
  changing(change, (t) => (1 - t) * change.from + t * change.to);

/**
 * Changes a weight by equal factors in equal times.
 *
 * @param change values above 0 at its ends, the epoch when it begins, and how many epochs, above 1, it takes
 * @returns the weight of a fractional epoch, step / steps of an epoch
 * @throws {RangeError} for values out of their range
 * @example
 * import { exponentialEpochSchedule } from "dolab";
 * const beta = exponentialEpochSchedule({ from: 1, to: 16, after: 0, epochs: 5 });
 * [0, 1, 2, 4].map(beta); // => [1, 2, 4, 16]
 */
export function exponentialEpochSchedule(change: Change): Schedule {
  const { from, to } = change;
  if (!(from > 0 && to > 0)) {
    const rule = "a geometric change needs ends above 0";
    throw new RangeError(`Cannot make a schedule as ${rule}: got ${from} and ${to}`);
  }
  return changing(change, (t) => from ** (1 - t) * to ** t);
}

function changing({ from, to, after, epochs }: Change, between: (t: number) => number): Schedule {
  requireRate("the first value", from);
  requireRate("the last value", to);
  requireRate("the epoch of the change", after);
  if (!(epochs > 1))
    throw new RangeError(`Cannot make a schedule as its change must take above 1 epoch: got ${epochs}`);
  return (epoch) => {
    requireStep(epoch);
    const since = epoch - after;
    if (since <= 0) return from;
    return since >= epochs ? to : between(since / (epochs - 1));
  };
}
