// The loss of an implicit latent causal model (Brehmer et al. 2022, arXiv:2203.16437, section 4.2): a variational bound
// on pairs before and after an unknown intervention, summed over all interventions with their posterior as weights.
// All are one batch, and solution function i is evaluated where variable i is intervened on and nowhere else.
// As in the published code, each weight also multiplies its own log posterior, so that the divergence of the
// interventions is the sum of w (w log w + log(latents + 1)). Unlike there, a NaN stays one instead of becoming 0, log
// priors are not clamped at 1e12, and the inverse consistency, of weight 0 in every published setting, is left out.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { betaVaeLoss } from "./beta-vae-loss";
import { standardNormalLogDensity } from "./gaussian-likelihood";
import type { Ilcm } from "./ilcm";
import { type IlcmNoise, ilcmNoiseShapes } from "./ilcm-noise";
import type { IlcmPhase } from "./ilcm-phase";
import {
  decodedTerms,
  interventionalDensity,
  sampleEncodings,
  weighInterventions,
} from "./intervention-samples";
import { encodePair, type LossWeight, type ObservationPair, requireNoise } from "./observation-pair";

export interface IlcmLossOptions {
  phase: IlcmPhase;
  /** Weight of the divergences. */
  beta?: LossWeight;
  /** The same in pretraining. */
  pretrainingBeta?: LossWeight;
  /** Weight of the squared noise encodings. */
  noiseRegularisation?: LossWeight;
  /** Weight of the squared error of the decoded mean. */
  consistency?: LossWeight;
  /** Weight of the entropy of the batch's mean intervention posterior, which is maximised. */
  entropy?: LossWeight;
  /** What each probability of an intervention is lifted by; above 0. */
  offset?: LossWeight;
}

/** What the loss is made of, per pair; sums over interventions are weighted by their posterior. */
export interface IlcmLoss {
  loss: Scalar;
  /** [batch], without the regularisers and the entropy. */
  lossPerPair: Tensor;
  /** [batch] log p(x | e), without its constant. */
  logLikelihood: Tensor;
  /** [batch] log q(e | x) + w log w */
  logPosterior: Tensor;
  /** [batch] log p(e) - log(latents + 1) */
  logPrior: Tensor;
  /** [batch] log q(e | x) - log p(e) */
  noiseDivergence: Tensor;
  /** [batch] w log w + log(latents + 1) */
  interventionDivergence: Tensor;
  /** [batch] |x - mean of the decoder|^2 */
  squaredError: Tensor;
  /** [batch] the same for encodings that know of no intervention. */
  consistency: Tensor;
  /** [batch] |e|^2 */
  noiseRegularisation: Tensor;
  /** [batch, latents + 1], what the weights are: one-hot in the deterministic phase. */
  interventionPosterior: Tensor;
  /** Entropy of the batch's mean posterior. */
  entropy: Scalar;
}

/** What pretraining has of an `IlcmLoss`. */
export type IlcmPretrainingLoss = ReturnType<typeof betaVaeLoss>;

const ADDED_IN_LOG = 1e-9;

/**
 * Evaluates the loss of a batch of pairs and what it is made of.
 *
 * @param model as `createIlcm` makes it
 * @param pair observations before and after an intervention, both [batch, features]
 * @param noise as `drawIlcmNoise` gives it for the same phase
 * @param options the phase, and the weights of the terms; see `IlcmLossOptions`
 * @returns the loss, a mean over the batch, and its terms, [batch]; in pretraining those of a beta-VAE
 * @throws {TypeError} where shapes do not fit; {RangeError} where the offset is a number not above 0
 * @example
 * import { createIlcm, createRandom, drawIlcmNoise, ilcmLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createIlcm(2, { rng: createRandom(0) });
 * const pair = { before: tf.zeros([3, 2]), after: tf.ones([3, 2]) };
 * const phase = "interventional";
 * const noise = drawIlcmNoise(tf.tensor1d([0, 1], "int32"), { batch: 3, latents: 2, phase });
 * const { lossPerPair, interventionPosterior } = ilcmLoss(model, pair, noise, { phase });
 * lossPerPair.shape; // => [3]
 * interventionPosterior.shape; // => [3, 3]
 */
export function ilcmLoss(
  model: Ilcm,
  pair: ObservationPair,
  noise: IlcmNoise,
  options: IlcmLossOptions & { phase: "pretraining" },
): IlcmPretrainingLoss;
export function ilcmLoss(
  model: Ilcm,
  pair: ObservationPair,
  noise: IlcmNoise,
  options: IlcmLossOptions & { phase: Exclude<IlcmPhase, "pretraining"> },
): IlcmLoss;
export function ilcmLoss(
  model: Ilcm,
  pair: ObservationPair,
  noise: IlcmNoise,
  options: IlcmLossOptions,
): IlcmLoss | IlcmPretrainingLoss;
export function ilcmLoss(
  model: Ilcm,
  pair: ObservationPair,
  noise: IlcmNoise,
  {
    phase,
    beta = 1,
    pretrainingBeta = 1e-3,
    noiseRegularisation = 0,
    consistency = 0,
    entropy = 1,
    offset = 1e-4,
  }: IlcmLossOptions,
): IlcmLoss | IlcmPretrainingLoss {
  if (phase === "pretraining") {
    const weights = { beta: pretrainingBeta, noiseRegularisation, consistency };
    return betaVaeLoss(model, pair, noise.pairs, weights);
  }
  if (typeof offset === "number" && !(offset > 0))
    throw new RangeError(`Cannot take the loss as the offset must be above 0: got ${offset}`);
  const encoded = encodePair(model.encoder, pair); // [2, batch, latents]
  const [, batch, latents] = encoded.mean.shape;
  const shapes = ilcmNoiseShapes({ batch, latents, phase });
  for (const [name, shape] of Object.entries(shapes))
    requireNoise(`noise "${name}"`, noise[name as keyof IlcmNoise], shape);
  const { posterior, weights, intervened } = weighInterventions(model, encoded, { phase, offset });
  const samples = sampleEncodings(encoded, noise, intervened);
  const density = interventionalDensity(model, samples, intervened, phase);
  const decoded = decodedTerms(model, pair, encoded, noise.pairs, samples);
  // Sums over the interventions, of terms for all of them or, where there is one block less, for all but the empty one.
  const weighted = (terms: Tensor): Tensor => {
    const blocks = terms.shape[0]; // of terms, [blocks, batch]
    if (!weights) return terms.sum(0);
    return terms.mul(weights.slice([weights.shape[0] - blocks, 0])).sum(0);
  };
  const logNoisePosterior = weighted(samples.logPosterior).add(weighted(samples.logPosteriorAfter));
  const observed = weighted(standardNormalLogDensity(samples.before).sum(-1));
  const logNoisePrior = density ? observed.add(weighted(density)) : observed;
  const logCount = Math.log(latents + 1);
  const logWeight = weights ? weighted(weights.mul(weights.log())) : logNoisePrior.mul(0);
  // The posterior sums to 1, so that the constant needs no weights.
  const interventionDivergence = logWeight.add(logCount);
  const noiseDivergence = logNoisePosterior.sub(logNoisePrior);
  const logLikelihood = weighted(decoded.logLikelihood);
  const lossPerPair = noiseDivergence.add(interventionDivergence).mul(beta).sub(logLikelihood);
  const share = posterior.mean(0); // [latents + 1]
  const spread = share.mul(share.add(ADDED_IN_LOG).log()).sum().neg() as Scalar;
  const loss = lossPerPair
    .add(decoded.noiseRegularisation.mul(noiseRegularisation))
    .add(decoded.consistency.mul(consistency))
    .mean()
    .sub(spread.mul(entropy)) as Scalar;
  return {
    loss,
    lossPerPair,
    logLikelihood,
    logPosterior: logNoisePosterior.add(logWeight),
    logPrior: logNoisePrior.sub(logCount),
    noiseDivergence,
    interventionDivergence,
    squaredError: weighted(decoded.squaredError),
    consistency: decoded.consistency,
    noiseRegularisation: decoded.noiseRegularisation,
    interventionPosterior: posterior,
    entropy: spread,
  };
}
