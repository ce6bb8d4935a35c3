// What is added to attention's scores so that no position looks at a later one.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

/** Its exponential is 0 in float32, and no gradient of it is NaN. */
export const MASKED = -1e9;

/**
 * 0 where a row's position may look at a column's, else so low that nothing is left of it.
 *
 * @param first how many positions stand before the first row's
 * @returns [time, first + time]
 */
export function causalMask(time: number, first = 0): Tensor {
  const total = first + time;
  const hides = (_: unknown, index: number) =>
    index % total > first + Math.floor(index / total) ? MASKED : 0;
  return tensorflow().tensor2d(Float32Array.from({ length: time * total }, hides), [time, total]);
}
