// Normal distributions with a diagonal covariance, as variational autoencoders have them (Kingma & Welling 2013): a draw
// that gradients pass through (their equation 4) and the distance from the standard normal prior (their appendix B).
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { statelessNormal, tensorflow } from "../../tensor";

export interface Gaussian {
  /** [batch, dimensions] */
  mean: Tensor2D;
  /** Natural logarithm of the variance. [batch, dimensions] */
  logVariance: Tensor2D;
}

/**
 * Draws one vector of each distribution: mean + deviation * noise.
 *
 * @param seed int32 [2]; the same seed gives the same noise
 * @returns [batch, dimensions]
 */
export function sampleGaussian({ mean, logVariance }: Gaussian, seed: Tensor1D): Tensor2D {
  return mean.add(logVariance.div(2).exp().mul(statelessNormal(mean.shape, seed)));
}

/**
 * Kullback-Leibler divergence from the standard normal distribution, (variance + mean^2 - 1 - log variance) / 2, summed
 * over the dimensions.
 *
 * @returns in nats. [batch]
 */
export function klFromStandardNormal({ mean, logVariance }: Gaussian): Tensor1D {
  const tf = tensorflow();
  return tf.sum(logVariance.exp().add(mean.square()).sub(1).sub(logVariance), 1).div(2);
}
