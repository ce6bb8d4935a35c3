// The loss of a beta-VAE (Higgins et al. 2017) on pairs of observations, each with noise encodings of its own and no
// intervention structure: the baseline of implicit latent causal models, and what these are pretrained with (there with
// beta 1e-3). -log p(x | e) + beta (log q(e | x) - log N(e)), summed over both.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { type GaussianEncoder, gaussianEncoder } from "./gaussian-encoder";
import { gaussianLogDensity, standardNormalLogDensity } from "./gaussian-likelihood";
import { encodePair, type LossWeight, type ObservationPair, requireNoise } from "./observation-pair";

export interface Autoencoder {
  /** Features to latents. */
  encoder: GaussianEncoder;
  /** Latents to features. */
  decoder: GaussianEncoder;
}

export interface BetaVaeLossOptions {
  beta?: LossWeight;
  /** Weight of the squared noise encodings. */
  noiseRegularisation?: LossWeight;
  /** Weight of the squared error of the decoded mean. */
  consistency?: LossWeight;
}

/** Means over the batch have no [batch]; what the loss is made of is per pair. */
export interface BetaVaeLoss {
  loss: Scalar;
  /** [batch], without the regularisers. */
  lossPerPair: Tensor;
  /** [batch] log p(x | e), without its constant. */
  logLikelihood: Tensor;
  /** [batch] log q(e | x) */
  logPosterior: Tensor;
  /** [batch] log N(e) */
  logPrior: Tensor;
  /** [batch] |x - mean of the decoder|^2 */
  consistency: Tensor;
  /** [batch] |e|^2 */
  noiseRegularisation: Tensor;
}

/**
 * Evaluates the loss of a beta-VAE on a batch of pairs.
 *
 * @param model its encoder and decoder; an ILCM's will do
 * @param pair observations before and after an intervention, both [batch, features]
 * @param noise [2, batch, latents], standard normal
 * @param options.beta weight of the divergence: by default 1
 * @param options.noiseRegularisation weight of the squared encodings: by default 0
 * @param options.consistency weight of the squared error of the decoded mean: by default 0
 * @returns the loss, a mean over the batch, and its terms, [batch]
 * @throws {TypeError} where shapes do not fit
 * @example
 * import { betaVaeLoss, createAutoencoder, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createAutoencoder(2, { rng: createRandom(0), encoderHidden: [4] });
 * const pair = { before: tf.zeros([3, 2]), after: tf.ones([3, 2]) };
 * const { loss, lossPerPair } = betaVaeLoss(model, pair, tf.zeros([2, 3, 2]));
 * lossPerPair.shape; // => [3]
 * loss.sub(lossPerPair.mean()).dataSync(); // => [0]
 */
export function betaVaeLoss(
  { encoder, decoder }: Autoencoder,
  pair: ObservationPair,
  noise: Tensor,
  { beta = 1, noiseRegularisation = 0, consistency = 0 }: BetaVaeLossOptions = {},
): BetaVaeLoss {
  const { mean, standardDeviation } = encodePair(encoder, pair); // [2, batch, latents]
  requireNoise("noise of the pairs", noise, mean.shape);
  const difference = standardDeviation.mul(noise);
  const encodings = mean.add(difference);
  const decoded = gaussianEncoder(decoder, encodings); // [2, batch, features]
  const error = pair.before.expandDims(0).concat(pair.after.expandDims(0), 0).sub(decoded.mean);
  const overBoth = (terms: Tensor) => terms.sum([0, 2]); // [batch]
  const terms = {
    logLikelihood: overBoth(gaussianLogDensity(error, decoded.standardDeviation, { normalised: false })),
    logPosterior: overBoth(gaussianLogDensity(difference, standardDeviation)),
    logPrior: overBoth(standardNormalLogDensity(encodings)),
    consistency: overBoth(error.square()),
    noiseRegularisation: overBoth(encodings.square()),
  };
  const lossPerPair = terms.logPosterior.sub(terms.logPrior).mul(beta).sub(terms.logLikelihood);
  const loss = lossPerPair
    .add(terms.noiseRegularisation.mul(noiseRegularisation))
    .add(terms.consistency.mul(consistency))
    .mean() as Scalar;
  return { loss, lossPerPair, ...terms };
}
