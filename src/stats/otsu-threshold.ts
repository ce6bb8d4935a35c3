// Otsu's threshold (1979), as `otsu_threshold` of the document behind notebooks/two-by-two (analyze_2x2.py): the
// CENTRE of the first bin that maximises the between-class variance. Empty bins between two modes make a plateau of
// equal maxima, and symmetric samples have two: rounding decides, so sums run in numpy's order and agree bit for bit.
// Limit, as in numpy: sums of moments cancel where values lie more than some 1e7 of their spreads from 0; shift them.
// Differs on purpose: constant input, on which the document's nanargmax fails, is refused by name.
import { requireKnownOptions } from "../io/known-options";
import { histogram } from "./histogram";
import { numbersOf, type Values } from "./values";

export interface OtsuOptions {
  /** Bins of the histogram, at least 2; default 256. */
  bins?: number;
}

/**
 * Returns the threshold t that best splits values into x < t and x >= t. O(n).
 *
 * @param values finite numbers, at least two of them distinct
 * @param options see `OtsuOptions`
 * @returns NaN if there are no values, as in the document
 * @throws RangeError if all values are equal, or one is NaN or infinite
 *
 * @example
 * import { otsuThreshold } from "dolab";
 * otsuThreshold([0, 0.1, 0.2, 4.8, 4.9, 5], { bins: 5 }); // => 0.5
 */
export function otsuThreshold(values: Values, options: OtsuOptions = {}): number {
  requireKnownOptions("split by Otsu's method", options, ["bins"]);
  const { bins = 256 } = options;
  const numbers = numbersOf("split by Otsu's method", "values", values);
  if (!Number.isInteger(bins) || bins < 2) {
    throw new RangeError(
      `Cannot split by Otsu's method as bins must be an integer of at least 2: got ${bins}`,
    );
  }
  if (numbers.length === 0) return Number.NaN;
  const { counts, edges } = histogram(numbers, { bins });

  // Up to bin k: omega is the share of numbers, mu their first moment; the last mu is the mean.
  const omega = new Float64Array(bins);
  const mu = new Float64Array(bins);
  const centre = (bin: number) => 0.5 * (edges[bin] + edges[bin + 1]);
  let [share, moment] = [0, 0];
  for (let k = 0; k < bins; k++) {
    const p = counts[k] / numbers.length;
    share += p;
    moment += p * centre(k);
    omega[k] = share;
    mu[k] = moment;
  }

  let [best, most] = [-1, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < bins; k++) {
    const spread = omega[k] * (1 - omega[k]);
    if (spread <= 0) continue;
    const distance = moment * omega[k] - mu[k];
    const betweenClassVariance = (distance * distance) / spread;
    if (betweenClassVariance > most) [best, most] = [k, betweenClassVariance];
  }
  if (best < 0) {
    throw new RangeError(
      `Cannot split by Otsu's method as two values must be distinct: got ${numbers.length} times ${numbers[0]}`,
    );
  }
  return centre(best);
}
