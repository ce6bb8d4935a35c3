// Normal distributions by mean and the logarithm of the standard deviation, as CITRIS's networks give them.
import type { Tensor } from "@tensorflow/tfjs-node";

export interface NormalParameters {
  mean: Tensor;
  /** Natural logarithm of the standard deviation, of the mean's shape. */
  logDeviation: Tensor;
}

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** -log N(value; mean, deviation), element by element, in nats. */
export const negativeLogDensity = ({ mean, logDeviation }: NormalParameters, value: Tensor): Tensor =>
  value.sub(mean).mul(logDeviation.neg().exp()).square().mul(0.5).add(logDeviation).add(HALF_LOG_TAU);

/** Kullback-Leibler divergence of `from` from `to`, element by element, in nats. */
export function normalDivergence(from: NormalParameters, to: NormalParameters): Tensor {
  const ratio = from.logDeviation.sub(to.logDeviation).mul(2).exp(); // variance over variance
  const shift = from.mean.sub(to.mean).mul(to.logDeviation.neg().exp()).square();
  return to.logDeviation.sub(from.logDeviation).add(ratio.add(shift).sub(1).mul(0.5));
}
