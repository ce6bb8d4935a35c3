// The rate falls in a straight line; torch.optim.lr_scheduler.LinearLR from factor 1. After the last step the rate stays where it is.
import { requireRate, requireScheduleOptions, requireStep, requireWhole, type Schedule } from "./schedule";

/**
 * Makes a schedule that falls in a straight line.
 *
 * @param rate the learning rate at step 0
 * @param options.totalSteps the step at which the fall ends
 * @param options.lowest the rate from then on: by default 0
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { linearSchedule } from "dolab";
 * [0, 5, 10, 15].map(linearSchedule(0.5, { totalSteps: 10 })); // => [0.5, 0.25, 0, 0]
 */
export function linearSchedule(rate: number, options: { totalSteps: number; lowest?: number }): Schedule {
  requireScheduleOptions("a linear schedule", options, ["totalSteps", "lowest"]);
  const { totalSteps, lowest = 0 } = options;
  requireRate("the rate", rate);
  requireRate("the lowest rate", lowest);
  requireWhole("totalSteps", totalSteps, 1);
  return (step) => {
    requireStep(step);
    return lowest + (rate - lowest) * (1 - Math.min(1, step / totalSteps));
  };
}
