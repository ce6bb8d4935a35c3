// A learning rate that stays as it is.
import { requireRate, requireStep, type Schedule } from "./schedule";

/**
 * Makes a schedule whose learning rate stays as it is.
 *
 * @param rate the learning rate of every step, at least 0
 * @example
 * import { constantSchedule } from "dolab";
 * [0, 100].map(constantSchedule(0.5)); // => [0.5, 0.5]
 */
export function constantSchedule(rate: number): Schedule {
  requireRate("the rate", rate);
  return (step) => {
    requireStep(step);
    return rate;
  };
}
