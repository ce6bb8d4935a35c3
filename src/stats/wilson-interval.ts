// Confidence interval of a share by its score test (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212, doi:10.2307/2276774). Of
// k successes in n, with p = k/n and z the normal quantile of (1 + level) / 2, its ends are
// (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Unlike a bootstrap it has a width where all or none succeed.
import { requireKnownOptions } from "../io/known-options";
import { normalQuantile } from "../random";

export interface WilsonInterval {
  /** successes / trials. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/**
 * Estimates the probability of success from independent trials.
 *
 * @param successes from 0 to trials
 * @param options.level confidence level between 0 and 1; default 0.95
 * @param trials how many there were
 * @returns NaN for estimate and ends where there is no trial
 * @throws {RangeError} where successes is no whole number from 0 to trials, or level is out of range
 * @example
 * import { wilsonInterval } from "dolab";
 * const { low, high } = wilsonInterval(10, 10);
 * low.toFixed(4); // => "0.7225"
 * high; // => 1
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  options: { level?: number } = {},
): WilsonInterval {
  requireKnownOptions("give an interval", options, ["level"]);
  const { level = 0.95 } = options;
  if (!Number.isInteger(trials) || !Number.isInteger(successes) || successes < 0 || successes > trials)
    throw new RangeError(
      `Cannot give an interval as successes must be a whole number from 0 to trials: got ${successes} of ${trials}`,
    );
  if (!(level > 0 && level < 1))
    throw new RangeError(`Cannot give an interval as level must lie between 0 and 1: got ${level}`);
  if (trials === 0) return { estimate: NaN, low: NaN, high: NaN, level };
  const estimate = successes / trials;
  const z = normalQuantile(level / 2);
  const scale = 1 + z ** 2 / trials;
  const centre = (estimate + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((estimate * (1 - estimate)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    estimate,
    low: successes === 0 ? 0 : centre - half, // exact where rounding would miss them
    high: successes === trials ? 1 : centre + half,
    level,
  };
}
