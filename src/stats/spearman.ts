// Spearman's rank correlation: Pearson's of average ranks, as scipy.stats.spearmanr.
// simple-statistics' `sampleRankCorrelation` agrees, but sorts an array of pairs (1e6 pairs take seconds) and has the
// edge cases of its `sampleCorrelation`; see pearson.ts.
import { refuseSurplus } from "../io/known-options";
import { averageRanks } from "./average-ranks";
import { pairsOf } from "./pairs";
import { pearson } from "./pearson";
import type { Values } from "./values";

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
export function spearman(x: Values, y: Values, ...surplus: never[]): number {
  refuseSurplus("spearman(x, y)", surplus);
  const [xs, ys] = pairsOf("correlate ranks", ["x", "y"], x, y);
  return pearson(averageRanks(xs), averageRanks(ys));
}
