// The rate falls along half a cosine (Loshchilov & Hutter 2017); torch.optim.lr_scheduler.CosineAnnealingLR up to its last step. On
// purpose different: after the last step the rate stays at the lowest, where PyTorch's would rise again.
import {
  cosineBetween,
  requireRate,
  requireScheduleOptions,
  requireStep,
  requireWhole,
  type Schedule,
} from "./schedule";

/**
 * Makes a schedule that falls along half a cosine.
 *
 * @param rate the learning rate at step 0
 * @param options.totalSteps the step at which the fall ends (T_max)
 * @param options.lowest the rate from then on (eta_min): by default 0
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { cosineSchedule } from "dolab";
 * [0, 5, 10, 15].map(cosineSchedule(0.5, { totalSteps: 10 })); // => [0.5, 0.25, 0, 0]
 */
export function cosineSchedule(rate: number, options: { totalSteps: number; lowest?: number }): Schedule {
  requireScheduleOptions("a cosine schedule", options, ["totalSteps", "lowest"]);
  const { totalSteps, lowest = 0 } = options;
  requireRate("the rate", rate);
  requireRate("the lowest rate", lowest);
  requireWhole("totalSteps", totalSteps, 1);
  return (step) => {
    requireStep(step);
    return cosineBetween(rate, lowest, Math.min(1, step / totalSteps));
  };
}
