// CITRIS's schedules (Lippe et al. 2022, arXiv:2202.03169, appendix C): a learning rate that rises in a straight line while it
// falls along half a cosine, and the sine by which the divergence of CITRIS-VAE may be phased in.
// Unlike `warmUpSchedule`, the cosine begins at step 0, not after the rise.
import type { Schedule } from "../../tensor";

const LOWEST_RATIO = 0.05;

/**
 * Makes the learning rate of CITRIS: it rises in a straight line and falls along half a cosine.
 *
 * @param rate the learning rate that the cosine begins with
 * @param options.totalSteps the step at which it has fallen to a twentieth; it stays there
 * @param options.warmUpSteps steps of the rise: 100
 * @returns the learning rate of a step, from 0
 * @throws {RangeError} where a number of steps is not whole and at least 0, or 1 in total
 * @example
 * import { citrisSchedule } from "dolab";
 * const rate = citrisSchedule(1, { totalSteps: 1000 });
 * [rate(0), rate(500), rate(1000)].map((value) => Math.round(value * 1000) / 1000); // => [0, 0.525, 0.05]
 */
export function citrisSchedule(
  rate: number,
  { totalSteps, warmUpSteps = 100 }: { totalSteps: number; warmUpSteps?: number },
): Schedule {
  requireSteps("totalSteps", totalSteps, 1);
  requireSteps("warmUpSteps", warmUpSteps, 0);
  return (step) => {
    const cosine = (1 + Math.cos((Math.PI * Math.min(step, totalSteps)) / totalSteps)) / 2;
    const rise = step < warmUpSteps ? step / warmUpSteps : 1;
    return rate * (cosine * (1 - LOWEST_RATIO) + LOWEST_RATIO) * rise;
  };
}

/**
 * Makes what the divergence is multiplied by at a step: it rises from .1 to 1 along half a cosine.
 *
 * @param steps how many the rise takes; 0 for none
 * @returns the factor of a step, from 0
 * @throws {RangeError} where the steps are not a whole number from 0
 * @example
 * import { divergenceWarmUp } from "dolab";
 * const factor = divergenceWarmUp(100);
 * [0, 50, 100].map(factor).map((value) => value.toFixed(2)); // => ["0.10", "0.55", "1.00"]
 */
export function divergenceWarmUp(steps: number): Schedule {
  requireSteps("steps", steps, 0);
  const first = 0.1;
  return (step) => (step >= steps ? 1 : first + ((1 - first) * (1 - Math.cos((Math.PI * step) / steps))) / 2);
}

function requireSteps(name: string, steps: number, least: number): void {
  if (Number.isInteger(steps) && steps >= least) return;
  throw new RangeError(
    `Cannot make a schedule as ${name} must be a whole number from ${least}: got ${steps}`,
  );
}
