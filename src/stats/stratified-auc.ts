// The rank AUC with a third variable held: pairs of a yes and a no are compared only within a stratum (van Elteren 1960, with
// each pair weighing the same).
import { requirePairs } from "./pairs";
import { rankAuc } from "./rank-auc";

/**
 * Estimates the probability that a random yes scores above a random no of the same stratum, ties counting half.
 *
 * @param scores [n]
 * @param labels [n]
 * @param strata which stratum each sample is in. [n]
 * @returns NaN where no stratum has both
 * @throws {TypeError} where the lengths differ
 * @example
 * import { stratifiedAuc } from "dolab";
 * stratifiedAuc([1, 2, 9, 8], [0, 1, 0, 1], [0, 0, 1, 1]); // => 0.5
 */
export function stratifiedAuc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number | boolean>,
  strata: ArrayLike<unknown>,
): number {
  requirePairs("compare within strata", scores, labels);
  requirePairs("compare within strata", scores, strata);
  const members = new Map<unknown, number[]>();
  for (let i = 0; i < scores.length; i++) members.set(strata[i], [...(members.get(strata[i]) ?? []), i]);
  let [won, pairs] = [0, 0];
  for (const places of members.values()) {
    const yes = places.filter((place) => labels[place]).length;
    const count = yes * (places.length - yes);
    if (count === 0) continue;
    const own = (values: ArrayLike<number | boolean>) => places.map((place) => Number(values[place]));
    won += count * rankAuc(own(scores), own(labels));
    pairs += count;
  }
  return won / pairs;
}
