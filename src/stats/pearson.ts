// Pearson's correlation coefficient, as numpy.corrcoef: two passes, clipped to [-1, 1].
// simple-statistics' `sampleCorrelation` has the same definition, but can exceed 1 by rounding, can give a number for
// a constant sample whose mean is rounded, and throws on fewer than two pairs; here these are 1 or NaN.
import { mean } from "./mean";
import { requirePairs } from "./pairs";

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
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs("correlate", x, y);
  if (isConstant(x) || isConstant(y)) return Number.NaN;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
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
