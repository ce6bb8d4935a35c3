// Histogram of equal bins, count for count as numpy.histogram (numpy 2.4, lib/_histograms_impl.py).
// Differs on purpose: float64 throughout (numpy makes float32 edges for float32 data), and NaN is an error also where
// a range is given (numpy then leaves it out silently).
import { requireKnownOptions } from "../io/known-options";
import { numbersOf, type Values } from "./values";

export interface Histogram {
  /** [bins] */
  readonly counts: Int32Array;
  /** [bins + 1], increasing; bin i is [edges[i], edges[i + 1]), the last one closed */
  readonly edges: Float64Array;
}

export interface HistogramOptions {
  /** Number of equal bins, at least 1; default 10. */
  bins?: number;
  /** Outer edges; values outside are not counted. Default: the least and the greatest value, or [0, 1] if none. */
  range?: readonly [number, number];
}

/**
 * Counts values in equal bins. O(n).
 *
 * @param values finite numbers; only with a range may they be infinite
 * @param options bins and range, see `HistogramOptions`
 * @throws RangeError if a value is NaN, the range is not finite and ordered, or its bins would be narrower than
 *   neighbouring float64 numbers
 *
 * @example
 * import { histogram } from "dolab";
 * histogram([1, 2, 2, 4], { bins: 3 }); // => { counts: [1, 2, 1], edges: [1, 2, 3, 4] }
 */
export function histogram(values: Values, options: HistogramOptions = {}): Histogram {
  requireKnownOptions("make a histogram", options, ["bins", "range"]);
  const { bins = 10, range } = options;
  const numbers = numbersOf("make a histogram", "values", values);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`Cannot make a histogram as bins must be an integer of at least 1: got ${bins}`);
  }
  const [least, greatest] = extent(numbers);
  let [first, last] = range ?? (numbers.length === 0 ? [0, 1] : [least, greatest]);
  if (first === last) [first, last] = [first - 0.5, last + 0.5];
  const edges = equalEdges(first, last, bins);
  return { counts: countsBetween(numbers, edges), edges };
}

function countsBetween(values: ArrayLike<number>, edges: Float64Array): Int32Array {
  const bins = edges.length - 1;
  const counts = new Int32Array(bins);
  const [first, last] = [edges[0], edges[bins]];
  const binsPerUnit = bins / (last - first);
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (x < first || x > last) continue;
    let bin = ((x - first) * binsPerUnit) | 0;
    if (bin === bins) bin--;
    // The product can be wrong by one near an edge: the edges decide.
    if (x < edges[bin]) bin--;
    else if (x >= edges[bin + 1] && bin < bins - 1) bin++;
    counts[bin]++;
  }
  return counts;
}

function extent(values: ArrayLike<number>): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    // A NaN stays in both.
    const x = values[i];
    least = Math.min(least, x);
    greatest = Math.max(greatest, x);
  }
  if (Number.isNaN(least)) {
    const index = Array.prototype.findIndex.call(values, Number.isNaN);
    throw new RangeError(`Cannot make a histogram as values must be numbers: got NaN at index ${index}`);
  }
  return [least, greatest];
}

/** numpy.linspace(first, last, bins + 1). */
function equalEdges(first: number, last: number, bins: number): Float64Array {
  const step = (last - first) / bins;
  if (!Number.isFinite(step) || first > last) {
    throw new RangeError(
      `Cannot make a histogram as its range must be finite and ordered: got [${first}, ${last}]`,
    );
  }
  const edges = new Float64Array(bins + 1);
  for (let i = 0; i < bins; i++) edges[i] = i * step + first;
  edges[bins] = last;
  // A range so narrow that bins / (last - first) overflows is refused with those whose edges coincide.
  if (!Number.isFinite(1 / step) || edges.some((edge, i) => edge >= edges[i + 1])) {
    throw new RangeError(
      `Cannot make a histogram as ${bins} bins must have distinct edges: got the range [${first}, ${last}]`,
    );
  }
  return edges;
}
