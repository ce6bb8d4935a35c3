// SGDR (Loshchilov & Hutter 2017): the rate falls along half a cosine, then starts again, each time over a period that
// is longer by a factor; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
import {
  cosineBetween,
  requireRate,
  requireScheduleOptions,
  requireStep,
  requireWhole,
  type Schedule,
} from "./schedule";

/**
 * Makes a schedule that falls along half a cosine again and again.
 *
 * @param rate the learning rate at each start
 * @param options.period steps of the first fall (T_0)
 * @param options.periodFactor how much longer each period is than the one before (T_mult), a whole number
 * @param options.lowest where each fall leads (eta_min); never reached, as the next start takes its place
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { cosineWarmRestartsSchedule } from "dolab";
 * const rate = cosineWarmRestartsSchedule(1, { period: 4, periodFactor: 2 });
 * [0, 2, 4, 8, 12].map((step) => Math.round(rate(step) * 100) / 100); // => [1, 0.5, 1, 0.5, 1]
 */
export function cosineWarmRestartsSchedule(
  rate: number,
  options: { period: number; periodFactor?: number; lowest?: number },
): Schedule {
  requireScheduleOptions("a schedule of restarts", options, ["period", "periodFactor", "lowest"]);
  const { period, periodFactor = 1, lowest = 0 } = options;
  requireRate("the rate", rate);
  requireRate("the lowest rate", lowest);
  requireWhole("the period", period, 1);
  requireWhole("the period's factor", periodFactor, 1);
  return (step) => {
    requireStep(step);
    let [since, length] = periodFactor === 1 ? [step % period, period] : [step, period];
    while (since >= length) {
      since -= length;
      length *= periodFactor;
    }
    return cosineBetween(rate, lowest, since / length);
  };
}
