// Spearman's rank correlation: Pearson's of average ranks, as scipy.stats.spearmanr.
// simple-statistics' `sampleRankCorrelation` agrees, but sorts an array of pairs (1e6 pairs take seconds) and has the
// edge cases of its `sampleCorrelation`; see pearson.ts.
import { averageRanks } from "./average-ranks";
import { requirePairs } from "./pairs";
import { pearson } from "./pearson";

/**
 * Returns the monotone correlation of pairs.
 *
 * @param x [n]
 * @param y [n]
 * @returns -1 to 1; NaN for fewer than two pairs, a constant sample, or a NaN value
 * @throws TypeError if the lengths differ
 *
 * @example
 * import { spearman } from "dolab";
 * spearman([1, 2, 3, 4], [1, 8, 27, 1000]); // => 1
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs("correlate ranks", x, y);
  return pearson(averageRanks(x), averageRanks(y));
}
