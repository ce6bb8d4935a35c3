// The beta distribution on [0, 1]: its cumulative distribution function, the regularised incomplete beta function, and the inverse of
// it by Newton's steps within an interval that each step narrows. simple-statistics has neither.
import { logBeta, regularisedBeta } from "./incomplete-beta";

const PRECISION = 1e-14;

/**
 * Computes the probability of a value of at most x.
 *
 * @param x from 0 to 1; below counts as 0, above as 1
 * @param a shape of the distribution near 0, above 0
 * @param b shape near 1, above 0
 * @throws {RangeError} where a shape is not above 0, or x is NaN
 * @example
 * import { betaCumulative } from "dolab/stats";
 * betaCumulative(0.5, 2, 2); // => 0.5
 */
export function betaCumulative(x: number, a: number, b: number): number {
  requireShapes(a, b);
  if (Number.isNaN(x)) throw new RangeError("Cannot take a beta distribution as x must be a number: got NaN");
  return regularisedBeta(x, 1 - x, a, b);
}

/**
 * Finds the value below which a share p of the distribution lies.
 *
 * @param p from 0 to 1
 * @param a shape near 0, above 0
 * @param b shape near 1, above 0
 * @returns from 0 to 1
 * @throws {RangeError} where p is not from 0 to 1, or a shape is not above 0
 * @example
 * import { betaQuantile } from "dolab/stats";
 * betaQuantile(0.75, 1, 1).toFixed(9); // => "0.750000000"
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireShapes(a, b);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot take a quantile as p must be from 0 to 1: got ${p}`);
  if (p === 0 || p === 1) return p;
  const logScale = -logBeta(a, b);
  let [low, high] = [0, 1];
  let x = a / (a + b);
  for (let step = 0; step < 100; step++) {
    const excess = betaCumulative(x, a, b) - p;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    const density = Math.exp(logScale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= PRECISION * next) return next;
    x = next;
  }
  return x;
}

function requireShapes(a: number, b: number): void {
  if (!(a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot take a beta distribution as its shapes must be above 0: got ${a} and ${b}`);
}
