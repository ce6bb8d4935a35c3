// Percentile bootstrap confidence interval (Efron 1979; Efron & Tibshirani 1993, chapter 13).
import { requireKnownOptions } from "../io/known-options";
import type { Random } from "../random";
import { requireRandom } from "../random/require-random";
import { percentiles } from "./percentile";
import { resampler } from "./resample";

export interface BootstrapOptions {
  /** Source of the resamples: the same state gives the same interval. */
  rng: Random;
  /** Number of resamples, at least 1; default 1000. */
  replicates?: number;
  /** Confidence level between 0 and 1; default 0.95. */
  level?: number;
  /** [size] labels; resamples keep the size of each group. Default: one group. */
  groups?: ArrayLike<number | string | boolean>;
}

export interface BootstrapInterval {
  /** The statistic of the sample itself. */
  readonly estimate: number;
  /** Lower end: the (1 - level) / 2 quantile of the replicates. */
  readonly low: number;
  /** Upper end: the (1 + level) / 2 quantile of the replicates. */
  readonly high: number;
  readonly level: number;
  /** Statistics of the resamples that were not NaN, in the order drawn. */
  readonly replicates: Float64Array;
  /** How many resamples gave NaN and were left out; if all did, low and high are NaN. */
  readonly dropped: number;
}

/**
 * Estimates how a statistic would vary over new samples, by recomputing it on resamples with replacement.
 *
 * @param size number of samples
 * @param statistic maps the indices of a resample, [size], to a number; the array is reused, so copy what you keep
 * @param options see `BootstrapOptions`; the generator must be given
 * @throws RangeError if size, replicates or level is out of range; TypeError if groups has another length than size
 *
 * @example
 * import { bootstrapInterval, createRandom, mean } from "dolab";
 * const heights = [171, 180, 165, 177, 169, 174];
 * const meanOf = (indices: Int32Array) => mean(Array.from(indices, (i) => heights[i]));
 * const { estimate, low, high } = bootstrapInterval(heights.length, meanOf, { rng: createRandom(1) });
 * low < estimate && estimate < high; // => true
 */
export function bootstrapInterval(
  size: number,
  statistic: (indices: Int32Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  requireKnownOptions("bootstrap", options, ["rng", "replicates", "level", "groups"]);
  const { rng, replicates = 1000, level = 0.95, groups } = options;
  requireRandom("bootstrap", rng);
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(`Cannot bootstrap as size must be an integer of at least 0: got ${size}`);
  }
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new RangeError(
      `Cannot bootstrap as replicates must be an integer of at least 1: got ${replicates}`,
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`Cannot bootstrap as level must lie between 0 and 1: got ${level}`);
  }
  const resample = resampler(size, groups);
  const estimate = statistic(Int32Array.from({ length: size }, (_, i) => i));

  const indices = new Int32Array(size);
  const drawn = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    resample(rng, indices);
    drawn[replicate] = statistic(indices);
  }
  const kept = drawn.filter((value) => !Number.isNaN(value));
  const [low, high] = percentiles(kept, [50 * (1 - level), 50 * (1 + level)]);
  return { estimate, low, high, level, replicates: kept, dropped: replicates - kept.length };
}
