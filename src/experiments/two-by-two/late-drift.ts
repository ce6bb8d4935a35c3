// How fast the latent state still moves at the end: d_late, the mean of the last four ACT steps' drift, on a log scale.
// Source document 001 takes it in float64 in `analyze`, but in the file's own float32 in `evolution`; both are here.
import type { Diagnostics } from "../../data";

/** ACT steps at the end over which drift is averaged. */
export const lateSteps = 4;
const smallestDrift = 1e-12;

export type DriftPrecision = "float32" | "float64";

/**
 * log10 of the late drift, clipped from below at 1e-12.
 *
 * @param diagnostics one checkpoint's measurements
 * @param options.state which state: "high" (z_H, the one that decides convergence) or "low" (z_L)
 * @param options.precision "float32" rounds after each operation, as the document's `evolution` does
 * @returns [samples], log10 of the drift's unit
 */
export function logLateDrift(
  { driftHigh, driftLow, samples, steps }: Diagnostics,
  { state = "high", precision = "float64" }: { state?: "high" | "low"; precision?: DriftPrecision } = {},
): Float64Array {
  const drift = state === "high" ? driftHigh : driftLow; // [samples, steps]
  const round = precision === "float32" ? Math.fround : (value: number) => value;
  const clip = round(smallestDrift);
  return Float64Array.from({ length: samples }, (_, sample) => {
    let sum = 0;
    for (let step = steps - lateSteps; step < steps; step += 1)
      sum = round(sum + drift[sample * steps + step]);
    return round(Math.log10(Math.max(round(sum / lateSteps), clip)));
  });
}
