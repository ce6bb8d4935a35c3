// The rate rises from 0 in a straight line, then stays, or falls along half a cosine: the schedule of the recursive reasoners (HRM,
// TRM), where `lowestRatio` 1 is a constant rate. On purpose different: after the last step the rate stays at the
// lowest, where the published function would rise again.
import {
  cosineBetween,
  requireRate,
  requireScheduleOptions,
  requireStep,
  requireWhole,
  type Schedule,
} from "./schedule";

/**
 * Makes a schedule that rises from 0 in a straight line, then stays or falls along half a cosine.
 *
 * @param rate the learning rate at the end of the warm-up
 * @param options.warmUpSteps steps of the rise: step 0 has rate 0, and this step the whole rate
 * @param options.totalSteps the step at which the fall ends, counted from the start of the warm-up
 * @param options.lowestRatio the last rate over the first: 1 (constant after the warm-up) by default
 * @throws {RangeError} where a setting is out of its range or the fall would end within the warm-up
 * @example
 * import { warmUpSchedule } from "dolab";
 * const rate = warmUpSchedule(0.5, { warmUpSteps: 10, totalSteps: 30, lowestRatio: 0 });
 * [0, 5, 10, 30].map(rate); // => [0, 0.25, 0.5, 0]
 */
export function warmUpSchedule(
  rate: number,
  options: { warmUpSteps: number; totalSteps?: number; lowestRatio?: number },
): Schedule {
  requireScheduleOptions("a schedule with warm-up", options, ["warmUpSteps", "totalSteps", "lowestRatio"]);
  const { warmUpSteps, totalSteps, lowestRatio = 1 } = options;
  requireRate("the rate", rate);
  requireRate("the lowest ratio", lowestRatio);
  requireWhole("warmUpSteps", warmUpSteps, 0);
  if (totalSteps !== undefined) requireWhole("totalSteps, after the warm-up,", totalSteps, warmUpSteps + 1);
  else if (lowestRatio !== 1) {
    throw new RangeError(
      `Cannot make a schedule that falls to ${lowestRatio} as it needs totalSteps: got none`,
    );
  }
  return (step) => {
    requireStep(step);
    if (step < warmUpSteps) return (rate * step) / warmUpSteps;
    if (totalSteps === undefined || lowestRatio === 1) return rate;
    const progress = Math.min(1, (step - warmUpSteps) / (totalSteps - warmUpSteps));
    return rate * cosineBetween(1, lowestRatio, progress);
  };
}
