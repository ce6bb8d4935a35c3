// Percentiles and the median, as numpy.percentile (method "linear") and numpy.median, to the last bit on finite data.
// Differs on purpose where numpy subtracts infinities or overflows: a rank that needs no interpolation returns its
// element, and [1, Infinity] gives Infinity between the two, where numpy gives NaN.
// simple-statistics' `quantile` has the same definition but not numpy's rounding, and copies and selects per call.
import { type NoneOrMapped, refuseSurplus, refuseSurplusOfList } from "../io/known-options";
import { selectRanks } from "./select-ranks";
import { numbersOf, type Values } from "./values";

/**
 * Returns one percentile; see `percentiles`.
 *
 * @param values [n]
 * @param q 0 to 100
 *
 * @example
 * import { percentile } from "dolab";
 * percentile([1, 2, 3, 4], 25); // => 1.75
 */
export function percentile(values: Values, q: number, ...surplus: never[]): number {
  refuseSurplus("percentile(values, q)", surplus);
  return percentiles(values, [q])[0];
}

/**
 * Returns the values below which q percent of the sample lie, interpolated linearly between order statistics.
 * O(n log r) for r percentiles; the input is not changed.
 *
 * @param values [n]
 * @param qs each 0 to 100, in any order
 * @returns as many as qs; all NaN if there are no values or one is NaN
 * @throws RangeError if a q lies outside 0 to 100 or is NaN
 *
 * @example
 * import { percentiles } from "dolab";
 * percentiles([4, 1, 3, 2], [0, 50, 100]); // => [1, 2.5, 4]
 * percentiles([], [50]); // => [NaN]
 */
export function percentiles(values: Values, qs: Values, ...surplus: never[]): Float64Array {
  refuseSurplus("percentiles(values, qs)", surplus);
  const numbers = numbersOf("take a percentile", "values", values);
  const positions = Float64Array.from(numbersOf("take a percentile", "qs", qs), (q) => {
    if (!(q >= 0 && q <= 100)) {
      throw new RangeError(`Cannot take a percentile as q must be from 0 to 100: got ${q}`);
    }
    return (numbers.length - 1) * (q / 100);
  });
  const ranks = Array.from(positions).flatMap((position) => [Math.floor(position), Math.ceil(position)]);
  const ordered = orderedAt(numbers, ranks);
  if (ordered === undefined) return positions.fill(Number.NaN);
  return positions.map((position) => {
    const rank = Math.floor(position);
    return interpolate(ordered[rank], ordered[Math.ceil(position)], position - rank);
  });
}

/**
 * Returns the middle value, or the mean of the two middle values.
 *
 * @param values [n]
 * @returns NaN if there are no values or one is NaN
 *
 * @example
 * import { median } from "dolab";
 * median([3, 1, 2]); // => 2
 * median(Float64Array.of(1, 2, 3, 10)); // => 2.5
 */
export function median(values: Values, ...surplus: NoneOrMapped): number {
  const numbers = numbersOf("take a median", "values", values);
  refuseSurplusOfList("median(values)", values, surplus);
  const [low, high] = [(numbers.length - 1) >> 1, numbers.length >> 1];
  const ordered = orderedAt(numbers, [low, high]);
  if (ordered === undefined) return Number.NaN;
  const middle = (ordered[low] + ordered[high]) / 2;
  return Number.isFinite(middle) ? middle : ordered[low] / 2 + ordered[high] / 2;
}

/** A copy in which the given ranks hold what sorting would put there; undefined if empty or if a value is NaN. */
function orderedAt(values: ArrayLike<number>, ranks: readonly number[]): Float64Array | undefined {
  const copy = new Float64Array(values);
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) return undefined;
  if (copy.length === 0) return undefined;
  selectRanks(
    copy,
    Array.from(new Set(ranks)).sort((a, b) => a - b),
  );
  return copy;
}

/** numpy's _lerp: from the nearer end, so that it is monotone and exact at both. */
function interpolate(low: number, high: number, fraction: number): number {
  if (fraction === 0) return low;
  const difference = high - low;
  if (!Number.isFinite(difference)) return low * (1 - fraction) + high * fraction;
  return fraction < 0.5 ? low + difference * fraction : high - difference * (1 - fraction);
}
