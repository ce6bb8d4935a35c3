// Standard deviations: the square roots of simple-statistics' `variance` and `sampleVariance`.
// Its own `standardDeviation` and `sampleStandardDeviation` are not used: they give 0 for a single NaN, and throw on
// samples that are too small, where numpy and these functions give NaN.
import { sampleVariance, variance } from "simple-statistics";
import { type NoneOrMapped, refuseSurplusOfList } from "../io/known-options";
import { numbersOf, type Values } from "./values";

/**
 * Returns the standard deviation of a whole population: the mean square deviation's root (numpy's default, ddof 0).
 *
 * @param values [n]
 * @returns NaN if there is no value, or if one is NaN or infinite
 *
 * @example
 * import { standardDeviation } from "dolab";
 * standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]); // => 2
 */
export function standardDeviation(values: Values, ...surplus: NoneOrMapped): number {
  const numbers = numbersOf("take a standard deviation", "values", values);
  refuseSurplusOfList("standardDeviation(values)", values, surplus); // numpy's ddof=1 is sampleStandardDeviation
  return numbers.length < 1 ? Number.NaN : Math.sqrt(variance(numbers as readonly number[]));
}

/**
 * Returns the standard deviation that a sample gives for its population: divided by n - 1 (numpy's ddof 1).
 *
 * @param values [n]
 * @returns NaN if there are fewer than two values, or if one is NaN or infinite
 *
 * @example
 * import { sampleStandardDeviation } from "dolab";
 * sampleStandardDeviation([1, 2, 3]); // => 1
 * sampleStandardDeviation([1]); // => NaN
 */
export function sampleStandardDeviation(values: Values, ...surplus: NoneOrMapped): number {
  const numbers = numbersOf("take a standard deviation", "values", values);
  refuseSurplusOfList("sampleStandardDeviation(values)", values, surplus);
  return numbers.length < 2 ? Number.NaN : Math.sqrt(sampleVariance(numbers as readonly number[]));
}
