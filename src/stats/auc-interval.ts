// Confidence interval of the rank AUC without resampling: Newcombe's method 5 (2006, Statistics in Medicine 25, 559-573,
// doi:10.1002/sim.2324), the score interval on Hanley and McNeil's variance. Its ends are the theta with
// |auc - theta| = z sqrt(V(theta)), V = theta (1 - theta) (1 + (N - 1) ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m n),
// N = (m + n) / 2, for m positives and n negatives. Unlike DeLong's and the bootstrap's it has a width where the classes are
// separated wholly, and it holds for small samples. Samples must be drawn independently; `bootstrapAuc` takes groups.
import { requireKnownOptions } from "../io/known-options";
import { normalQuantile } from "../random";
import { labelsOf } from "./pairs";
import { rankAuc } from "./rank-auc";
import type { Labels, Values } from "./values";

export interface AucInterval {
  /** `rankAuc` of the sample. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly positives: number;
  readonly negatives: number;
}

const HALVINGS = 60;

/**
 * Estimates the area under the ROC curve.
 *
 * @param scores [n], as for `rankAuc`
 * @param labels [n], as for `rankAuc`
 * @param options.level confidence level between 0 and 1; default 0.95
 * @returns NaN for estimate and ends where a class is missing
 * @throws as `rankAuc` does; {RangeError} where the level is out of range
 * @example
 * import { aucInterval } from "dolab";
 * const { estimate, low, high } = aucInterval([0.1, 0.2, 0.3, 0.8, 0.9], [0, 0, 0, 1, 1]);
 * [estimate, low < 0.8, high]; // => [1, true, 1]
 */
export function aucInterval(scores: Values, labels: Labels, options: { level?: number } = {}): AucInterval {
  requireKnownOptions("give an interval", options, ["level"]);
  const { level = 0.95 } = options;
  if (!(level > 0 && level < 1))
    throw new RangeError(`Cannot give an interval as level must lie between 0 and 1: got ${level}`);
  const estimate = rankAuc(scores, labels);
  const classes = labelsOf("give an interval", labels);
  let positives = 0;
  for (let i = 0; i < classes.length; i++) positives += Number(classes[i]);
  const counts = { positives, negatives: classes.length - positives };
  if (Number.isNaN(estimate)) return { estimate, low: NaN, high: NaN, level, ...counts };
  const z = normalQuantile(level / 2);
  const isWithin = (theta: number) => Math.abs(estimate - theta) <= z * deviation(theta, counts);
  return { estimate, low: edge(0, estimate, isWithin), high: edge(1, estimate, isWithin), level, ...counts };
}

function deviation(
  theta: number,
  { positives, negatives }: { positives: number; negatives: number },
): number {
  const half = (positives + negatives) / 2 - 1;
  const spread = 1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta));
  return Math.sqrt((theta * (1 - theta) * spread) / (positives * negatives));
}

/** Where the interval ends between an outer value and the estimate, which is within. */
function edge(outer: number, estimate: number, isWithin: (theta: number) => boolean): number {
  let [outside, inside] = [outer, estimate];
  if (outside === inside) return inside;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (outside + inside) / 2;
    if (isWithin(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
