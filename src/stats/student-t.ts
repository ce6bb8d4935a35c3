// Student's t distribution: the two-sided tail, P(|T| > t) = I(nu / (nu + t^2); nu / 2, 1 / 2).
import { regularisedBeta } from "./incomplete-beta";

/**
 * The probability that Student's t is further from 0 than a value.
 *
 * @param t the value; its sign does not matter
 * @param degreesOfFreedom above 0
 * @returns from 0 to 1; NaN where t is
 */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  if (!Number.isFinite(t)) return 0;
  // Each argument by itself, so that neither tail loses digits to 1 - x.
  const sum = degreesOfFreedom + t * t;
  return regularisedBeta(degreesOfFreedom / sum, (t * t) / sum, degreesOfFreedom / 2, 0.5);
}
