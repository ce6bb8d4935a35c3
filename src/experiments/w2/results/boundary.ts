// Where is the boundary? A fresh network for each λ, trained as the ordered checkpoint is: too little of the clean gradient
// leaves the noise in, too much of a stale one destroys. The critical λ falls as a step grows against the norm of the weights.
import { mean } from "../../../stats";

/** A fresh network that was trained at one λ. */
export interface BoundaryRow {
  seed: number;
  lambda: number;
  /** Test error after its last epoch, 0 to 1. */
  error: number;
}

export interface BoundaryPoint {
  lambda: number;
  /** Mean over seeds. */
  error: number;
}

/**
 * Takes the means over seeds, in the order of λ.
 *
 * @param rows a row for each fresh network
 * @example
 * import { w2 } from "dolab";
 * const rows = [{ seed: 0, lambda: 0.5, error: 0.25 }, { seed: 1, lambda: 0.5, error: 0.75 }];
 * w2.boundaryCurve(rows); // => [{ lambda: 0.5, error: 0.5 }]
 */
export function boundaryCurve(rows: readonly BoundaryRow[]): BoundaryPoint[] {
  const lambdas = Array.from(new Set(rows.map(({ lambda }) => lambda))).sort((a, b) => a - b);
  return lambdas.map((lambda) => ({
    lambda,
    error: mean(rows.filter((row) => row.lambda === lambda).map(({ error }) => error)),
  }));
}

/**
 * Finds the critical λ: where the curve, past its lowest point, first rises above a threshold, by a straight line between two λs.
 *
 * @param curve in the order of λ
 * @param threshold test error from which a network counts as collapsed
 * @returns NaN where the curve does not rise that far
 * @example
 * import { w2 } from "dolab";
 * const curve = [{ lambda: 0.3, error: 0.1 }, { lambda: 0.5, error: 0.2 }, { lambda: 0.6, error: 0.7 }];
 * w2.criticalLambda(curve, 0.45); // => 0.55
 */
export function criticalLambda(curve: readonly BoundaryPoint[], threshold: number): number {
  const lowest = curve.reduce((best, { error }, i) => (error < curve[best].error ? i : best), 0);
  const above = curve.findIndex(({ error }, i) => i >= lowest && error > threshold);
  if (above < 0 || curve.length === 0) return Number.NaN;
  if (above === lowest) return Number.NaN; // even the lowest point is above it
  const [before, after] = [curve[above - 1], curve[above]];
  const part = (threshold - before.error) / (after.error - before.error);
  return before.lambda + part * (after.lambda - before.lambda);
}
