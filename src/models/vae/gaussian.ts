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
 * @param gaussian mean and log-variance, each [batch, dimensions]
 * @param seed int32 [2]; the same seed gives the same noise
 * @returns [batch, dimensions]
 * @example
 * import { sampleGaussian, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const standard = { mean: tf.zeros([2, 3]), logVariance: tf.zeros([2, 3]) };
 * sampleGaussian(standard, tf.tensor1d([0, 1], "int32")).shape; // => [2, 3]
 */
export function sampleGaussian({ mean, logVariance }: Gaussian, seed: Tensor1D): Tensor2D {
  return mean.add(logVariance.div(2).exp().mul(statelessNormal(mean.shape, seed)));
}

/**
 * Takes the Kullback-Leibler divergence from the standard normal distribution, (variance + mean^2 - 1 - log variance) / 2, summed
 * over the dimensions.
 *
 * @param gaussian mean and log-variance, each [batch, dimensions]
 * @returns in nats. [batch]
 * @example
 * import { klFromStandardNormal, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const standard = { mean: tf.zeros([2, 3]), logVariance: tf.zeros([2, 3]) };
 * klFromStandardNormal(standard).dataSync(); // => [0, 0]
 */
export function klFromStandardNormal({ mean, logVariance }: Gaussian): Tensor1D {
  const tf = tensorflow();
  return tf.sum(logVariance.exp().add(mean.square()).sub(1).sub(logVariance), 1).div(2);
}
