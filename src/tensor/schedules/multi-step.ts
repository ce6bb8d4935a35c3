// The rate falls by a factor at each milestone; torch.optim.lr_scheduler.MultiStepLR. Unlike there, a milestone counts once.
import { requireRate, requireScheduleOptions, requireStep, requireWhole, type Schedule } from "./schedule";

/**
 * Makes a schedule that falls by a factor at each milestone.
 *
 * @param rate the learning rate before the first milestone
 * @param options.milestones rising steps from which on one more factor applies
 * @param options.factor what the rate is multiplied by at each: PyTorch's gamma, 0.1
 * @throws {RangeError} where milestones do not rise
 * @example
 * import { multiStepSchedule } from "dolab";
 * const rate = multiStepSchedule(0.5, { milestones: [30, 80], factor: 0.5 });
 * [rate(29), rate(30), rate(80)]; // => [0.5, 0.25, 0.125]
 */
export function multiStepSchedule(
  rate: number,
  options: { milestones: readonly number[]; factor?: number },
): Schedule {
  requireScheduleOptions("a multi-step schedule", options, ["milestones", "factor"]);
  const { milestones, factor = 0.1 } = options;
  requireRate("the rate", rate);
  requireRate("the factor", factor);
  for (const [index, milestone] of milestones.entries()) {
    requireWhole(
      "each milestone, after the one before it,",
      milestone,
      index === 0 ? 0 : milestones[index - 1] + 1,
    );
  }
  const own = milestones.slice();
  return (step) => {
    requireStep(step);
    return rate * factor ** own.filter((milestone) => milestone <= step).length;
  };
}
