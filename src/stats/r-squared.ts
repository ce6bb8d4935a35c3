// Coefficient of determination of predictions, 1 - SSres / SStot, as sklearn.metrics.r2_score.
// Differs on purpose on constant truth, which has no variance to explain: NaN, where scikit-learn says 0 or 1.
// simple-statistics' `rSquared` wants [x, y] pairs and the model as a function, so it cannot judge given predictions.
import { refuseSurplus } from "../io/known-options";
import { mean } from "./mean";
import { pairsOf } from "./pairs";
import type { Values } from "./values";

/**
 * Returns the share of the truth's variance that predictions explain.
 *
 * @param truth [n]
 * @param predictions [n]
 * @returns at most 1, negative where the mean would predict better; NaN for fewer than two pairs, constant truth, or
 *   a NaN value
 * @throws TypeError if the lengths differ
 *
 * @example
 * import { rSquared } from "dolab";
 * rSquared([1, 2, 3, 4], [1, 2, 3, 5]); // => 0.8
 */
export function rSquared(truth: Values, predictions: Values, ...surplus: never[]): number {
  refuseSurplus("rSquared(truth, predictions)", surplus);
  const names = ["truth", "predictions"] as const;
  const [actual, predicted] = pairsOf("explain variance", names, truth, predictions);
  const average = mean(actual);
  let [residual, total, distinct] = [0, 0, false];
  for (let i = 0; i < actual.length; i++) {
    residual += (actual[i] - predicted[i]) ** 2;
    total += (actual[i] - average) ** 2;
    distinct ||= actual[i] !== actual[0];
  }
  return distinct ? 1 - residual / total : Number.NaN;
}
