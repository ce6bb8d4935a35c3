// The schedule that stays as it is.
import { requireRate, requireStep, type Schedule } from "./schedule";

/** @param rate the learning rate of every step, at least 0 */
export function constantSchedule(rate: number): Schedule {
  requireRate("the rate", rate);
  return (step) => {
    requireStep(step);
    return rate;
  };
}
