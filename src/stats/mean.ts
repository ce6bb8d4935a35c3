// Mean: simple-statistics' `mean`, which sums with Kahan-Babuska compensation.
// It differs from numpy's pairwise sum in the last place at most (it is the more exact of the two), gives NaN where
// numpy gives an infinity, and throws on empty input, where this gives NaN as numpy does.
import { mean as compensatedMean } from "simple-statistics";
import { type NoneOrMapped, refuseSurplusOfList } from "../io/known-options";
import { numbersOf, type Values } from "./values";

/**
 * Returns the arithmetic mean.
 *
 * @param values [n]; an array of `io` may have any shape
 * @returns NaN if there is no value, or if one is NaN or infinite
 *
 * @example
 * import { mean } from "dolab";
 * mean([1, 2, 4, 5]); // => 3
 * mean([]); // => NaN
 */
export function mean(values: Values, ...surplus: NoneOrMapped): number {
  const numbers = numbersOf("take a mean", "values", values);
  refuseSurplusOfList("mean(values)", values, surplus);
  // simple-statistics only indexes, so that a typed array serves as its `number[]`.
  return numbers.length === 0 ? Number.NaN : compensatedMean(numbers as readonly number[]);
}
