// Pearson's correlation coefficient, as numpy.corrcoef: two passes, clipped to [-1, 1].
// simple-statistics' `sampleCorrelation` has the same definition, but can exceed 1 by rounding, can give a number for
// a constant sample whose mean is rounded, and throws on fewer than two pairs; here these are 1 or NaN.
import { refuseSurplus } from "../io/known-options";
import { mean } from "./mean";
import { pairsOf } from "./pairs";
import type { Values } from "./values";

/**
 * Returns the linear correlation of pairs.
 *
 * @param x [n]
 * @param y [n]
 * @returns -1 to 1; NaN for fewer than two pairs, a constant sample, or a NaN or infinite value
 * @throws TypeError if the lengths differ
 *
 * @example
 * import { pearson } from "dolab";
 * pearson([1, 2, 3, 4], [1, 3, 2, 4]); // => 0.8
 * pearson([1, 2, 3], [5, 5, 5]); // => NaN
 */
export function pearson(x: Values, y: Values, ...surplus: never[]): number {
  refuseSurplus("pearson(x, y)", surplus);
  const [xs, ys] = pairsOf("correlate", ["x", "y"], x, y);
  if (isConstant(xs) || isConstant(ys)) return Number.NaN;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const [dx, dy] = [xs[i] - meanX, ys[i] - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return Math.min(Math.max(xy / Math.sqrt(xx) / Math.sqrt(yy), -1), 1);
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
