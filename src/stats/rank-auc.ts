// Area under the ROC curve from ranks: the share of (positive, negative) pairs that the score orders rightly, ties
// counting one half (Mann & Whitney 1947). Equals `auc_rank` of the document behind notebooks/two-by-two, bit for bit.
// Differs in method: each class is sorted as plain numbers and the two are merged, so nothing is sorted by index.
import { refuseSurplus } from "../io/known-options";
import { labelsOf, requirePairs } from "./pairs";
import { type Labels, type Values, vectorOf } from "./values";

/**
 * Returns the probability that a random positive scores higher than a random negative. O(n log n), exact.
 *
 * @param scores any numbers but NaN, infinities included
 * @param labels 1 or true for positives, 0 or false for negatives
 * @returns 0 to 1; NaN if either class is missing
 * @throws TypeError if the lengths differ; RangeError for a NaN score or another label
 *
 * @example
 * import { rankAuc } from "dolab";
 * rankAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // => 0.75
 * rankAuc([0.5, 0.5], [0, 1]); // => 0.5
 * rankAuc([0.5, 0.6], [1, 1]); // => NaN
 */
export function rankAuc(scores: Values, labels: Labels, ...surplus: never[]): number {
  refuseSurplus("rankAuc(scores, labels)", surplus);
  const [negatives, positives] = sortedClasses(scores, labels);
  const [losses, wins] = [negatives.length, positives.length];

  // Each positive beats the negatives below it and half-beats its equals; twice the sum is an integer, below 2^53.
  let twiceBeaten = 0;
  let below = 0;
  let notAbove = 0;
  for (let i = 0; i < wins; i++) {
    const score = positives[i];
    while (below < losses && negatives[below] < score) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < losses && negatives[notAbove] === score) notAbove++;
    twiceBeaten += below + notAbove;
  }
  return twiceBeaten / 2 / (wins * losses);
}

/** Checks scores and labels; returns the sorted scores of the negatives, then of the positives. */
function sortedClasses(givenScores: Values, givenLabels: Labels): Float64Array[] {
  const scores = vectorOf("rank scores by label", "scores", givenScores);
  const labels = labelsOf("rank scores by label", givenLabels);
  requirePairs("rank scores by label", scores, labels);
  const size = scores.length;
  const classes = [new Float64Array(size), new Float64Array(size)];
  const [negatives, positives] = classes;
  let count = 0;
  for (let i = 0; i < size; i++) {
    const score = scores[i];
    const label = labels[i];
    if (Number.isNaN(score))
      throw new RangeError(`Cannot rank scores as each must be a number: got NaN at index ${i}`);
    if (label === 1 || label === true) positives[count++] = score;
    else if (label === 0 || label === false) negatives[i - count] = score;
    else throw new RangeError(`Cannot rank scores as labels must be 0 or 1: got ${label} at index ${i}`);
  }
  return [negatives.subarray(0, size - count).sort(), positives.subarray(0, count).sort()];
}
