// Ranks with ties averaged ("midranks"), as scipy.stats.rankdata.
import { type NoneOrMapped, refuseSurplusOfList } from "../io/known-options";
import { tieGroups } from "./tie-groups";
import { numbersOf, type Values } from "./values";

/**
 * Ranks values from 1; equal values share the mean of the ranks they take up. O(n log n).
 *
 * @param values [n]
 * @returns [n]; all NaN if one value is NaN, as in scipy
 *
 * @example
 * import { averageRanks } from "dolab";
 * averageRanks([10, 30, 20, 20]); // => [1, 4, 2.5, 2.5]
 */
export function averageRanks(values: Values, ...surplus: NoneOrMapped): Float64Array {
  const numbers = numbersOf("rank", "values", values);
  refuseSurplusOfList("averageRanks(values)", values, surplus);
  const ranks = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i])) return ranks.fill(Number.NaN);
  const { groups, sizes } = tieGroups(numbers);
  const rankOfGroup = new Float64Array(sizes.length);
  let below = 0;
  for (let group = 0; group < sizes.length; group++) {
    rankOfGroup[group] = below + (sizes[group] + 1) / 2;
    below += sizes[group];
  }
  for (let i = 0; i < ranks.length; i++) ranks[i] = rankOfGroup[groups[i]];
  return ranks;
}
