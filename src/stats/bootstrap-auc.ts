// Bootstrap interval of the rank AUC: the percentile bootstrap of bootstrap-interval.ts, made fast.
// Scores are put in order once; a resample is then a count for each (tie group, class), and its AUC a walk over the
// counts in O(n). The same draws give the same replicates as rankAuc on the resampled arrays, bit for bit.
import { type BootstrapInterval, type BootstrapOptions, bootstrapInterval } from "./bootstrap-interval";
import { labelsOf } from "./pairs";
import { rankAuc } from "./rank-auc";
import { tieGroups } from "./tie-groups";
import { type Labels, type Values, vectorOf } from "./values";

/**
 * Estimates how `rankAuc` would vary over new samples. O(n log n + replicates n).
 *
 * @param scores [n], as for `rankAuc`
 * @param labels [n], as for `rankAuc`; passed as `groups` too, they keep the size of each class
 * @param options see `bootstrapInterval`; resamples that lack a class are dropped and counted
 * @throws as `rankAuc` and `bootstrapInterval` do
 *
 * @example
 * import { bootstrapAuc, createRandom } from "dolab";
 * const labels = [0, 0, 1, 0, 1, 1];
 * const { estimate, low, high } = bootstrapAuc([1, 2, 3, 4, 5, 6], labels, { rng: createRandom(1), groups: labels });
 * estimate === 8 / 9 && low < estimate && high === 1; // => true
 */
export function bootstrapAuc(scores: Values, labels: Labels, options: BootstrapOptions): BootstrapInterval {
  rankAuc(scores, labels); // throws what is wrong with them
  const numbers = vectorOf("rank scores by label", "scores", scores);
  const classes = labelsOf("rank scores by label", labels);
  const { groups, sizes } = tieGroups(numbers);
  // Sample i is counted at slots[i]: 2 x its tie group, plus 1 if positive.
  const slots = groups.map((group, i) => 2 * group + Number(classes[i]));
  const counts = new Int32Array(2 * sizes.length);

  return bootstrapInterval(
    numbers.length,
    (indices) => {
      counts.fill(0);
      for (let i = 0; i < indices.length; i++) counts[slots[indices[i]]]++;
      let [negatives, positives, twiceBeaten] = [0, 0, 0];
      for (let slot = 0; slot < counts.length; slot += 2) {
        twiceBeaten += counts[slot + 1] * (2 * negatives + counts[slot]);
        negatives += counts[slot];
        positives += counts[slot + 1];
      }
      return twiceBeaten / 2 / (positives * negatives);
    },
    options,
  );
}
