// The convergence measure of the two-by-two analysis: log10 of the mean drift over the last ACT steps.
// Source: analyze_2x2.py, `analyze` (float64) and `evolution`, which keeps the file's float32 throughout and so differs
// in the seventh digit. In float32 each operation rounds as numpy's does, but for log10 itself: the C library's
// log10f is not correctly rounded everywhere and can differ from this one in the last bit.

const LOWEST_DRIFT = 1e-12;

/**
 * Returns log10(max(mean drift of the last steps, 1e-12)) for each sample.
 *
 * @param drift drifts, [samples, steps] with `steps` in each row
 * @param steps how many steps a sample has
 * @param options.lateSteps how many steps at the end to average
 * @param options.precision what to compute in; "float32" expects values that float32 holds
 * @returns [samples]
 * @throws {RangeError} where the rows are not whole or shorter than `lateSteps`
 * @example
 * import { logLateDrift } from "dolab";
 * logLateDrift(Float64Array.of(50, 0.1, 0.1, 0.1, 0.1), 5); // => [-1]
 */
export function logLateDrift(
  drift: Float64Array,
  steps: number,
  { lateSteps = 4, precision = "float64" }: { lateSteps?: number; precision?: "float32" | "float64" } = {},
): Float64Array {
  if (!(lateSteps >= 1 && lateSteps <= steps)) {
    throw new RangeError(`Cannot average late drift as 1 to ${steps} steps are there: got ${lateSteps}`);
  }
  if (drift.length % steps !== 0) {
    throw new RangeError(`Cannot average late drift as rows have ${steps} steps: got ${drift.length} values`);
  }
  const round = precision === "float32" ? Math.fround : (value: number) => value;
  const lowest = round(LOWEST_DRIFT);
  return Float64Array.from({ length: drift.length / steps }, (_, sample) => {
    let sum = 0;
    for (let step = steps - lateSteps; step < steps; step++) sum = round(sum + drift[sample * steps + step]);
    return round(Math.log10(Math.max(round(sum / lateSteps), lowest)));
  });
}
