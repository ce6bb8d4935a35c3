// The log density of a diagonal normal distribution as torch.nn.functional.gaussian_nll_loss has it, which the published
// code of implicit latent causal models calls: variances below 1e-6 count as 1e-6, while the gradient passes as if they
// did not.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";
import { straightThrough } from "./straight-through";

const LEAST_VARIANCE = 1e-6;
const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * log N(mean + difference; mean, standardDeviation^2) of each element.
 *
 * @param difference of the value and the mean
 * @param standardDeviation above 0, of a shape that broadcasts
 * @param options.normalised whether the constant -log(2 pi) / 2 is counted: the published decoder leaves it out
 * @returns of the shape of both broadcast together
 * @example
 * import { tensorflow } from "dolab";
 * const tf = tensorflow();
 * gaussianLogDensity(tf.scalar(2), tf.scalar(1), { normalised: false }).dataSync()[0]; // => -2
 */
export function gaussianLogDensity(
  difference: Tensor,
  standardDeviation: Tensor,
  { normalised = true }: { normalised?: boolean } = {},
): Tensor {
  const given = standardDeviation.square();
  const variance = straightThrough(tensorflow().maximum(given, LEAST_VARIANCE), given);
  const twice = difference.square().div(variance).add(variance.log());
  return (normalised ? twice.add(LOG_TWO_PI) : twice).mul(-0.5);
}

/** log N(value; 0, 1) of each element. */
export const standardNormalLogDensity = (value: Tensor): Tensor => value.square().add(LOG_TWO_PI).mul(-0.5);
