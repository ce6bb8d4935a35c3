// A correlation with its p-value and interval. The p-value is that of scipy.stats.pearsonr and spearmanr: under independence,
// r sqrt((n - 2) / (1 - r^2)) has Student's t distribution with n - 2 degrees of freedom (of ranks: nearly, from some ten pairs on).
// The interval is Fisher's: normal on the scale of atanh r, with variance 1 / (n - 3), for ranks (1 + r^2 / 2) / (n - 3) (Bonett &
// Wright 2000, Psychometrika 65, 23-28, doi:10.1007/BF02294183).
import { requireKnownOptions } from "../io/known-options";
import { normalQuantile } from "../random";
import { pairsOf } from "./pairs";
import { pearson } from "./pearson";
import { spearman } from "./spearman";
import { studentTwoSided } from "./student-t";
import type { Values } from "./values";

export interface CorrelationTest {
  /** The correlation, -1 to 1. */
  readonly estimate: number;
  /** The probability of a correlation as far from 0 or further, if the two were independent; two-sided. */
  readonly pValue: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly pairs: number;
}

export interface CorrelationTestOptions {
  /** "pearson" (linear, the default) or "spearman" (of ranks). */
  method?: "pearson" | "spearman";
  /** Confidence level of the interval, between 0 and 1: by default 0.95. */
  level?: number;
}

/**
 * Correlates pairs, and says how sure that is. Pairs must be drawn independently of each other.
 *
 * @param x [n]
 * @param y [n]
 * @param options method and level, see `CorrelationTestOptions`
 * @returns NaN for the p-value of fewer than three pairs, and for the interval of fewer than four; all NaN where a sample is
 *   constant or holds NaN
 * @throws {TypeError} if the lengths differ, or for anything but numbers; {RangeError} for another method or level
 * @example
 * import { correlationTest } from "dolab";
 * const { estimate, pValue, low, high } = correlationTest([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]);
 * estimate.toFixed(2); // => "0.80"
 * pValue.toFixed(4); // => "0.1041"
 * [low.toFixed(2), high.toFixed(2)]; // => ["-0.28", "0.99"]
 */
export function correlationTest(x: Values, y: Values, options: CorrelationTestOptions = {}): CorrelationTest {
  requireKnownOptions("test a correlation", options, ["method", "level"]);
  const { method = "pearson", level = 0.95 } = options;
  if (method !== "pearson" && method !== "spearman")
    throw new RangeError(
      `Cannot test a correlation as its method must be pearson or spearman: got ${method}`,
    );
  if (!(level > 0 && level < 1))
    throw new RangeError(`Cannot test a correlation as level must lie between 0 and 1: got ${level}`);
  const [xs, ys] = pairsOf("test a correlation", ["x", "y"], x, y);
  const pairs = xs.length;
  const estimate = method === "pearson" ? pearson(xs, ys) : spearman(xs, ys);
  const t = estimate * Math.sqrt((pairs - 2) / ((1 - estimate) * (1 + estimate)));
  const pValue = pairs < 3 ? Number.NaN : studentTwoSided(t, pairs - 2);
  const variance = (method === "pearson" ? 1 : 1 + estimate ** 2 / 2) / (pairs - 3);
  const half = normalQuantile(level / 2) * Math.sqrt(variance);
  const end = (sign: number) =>
    pairs < 4
      ? Number.NaN
      : Math.abs(estimate) === 1
        ? estimate
        : Math.tanh(Math.atanh(estimate) + sign * half);
  return { estimate, pValue, low: end(-1), high: end(1), level, pairs };
}
