// Encodings under every intervention of an implicit latent causal model, as one batch of blocks [interventions, batch,
// latents]: which variable each block intervenes on, the encodings before and after, and their densities.
import type { Tensor, Tensor3D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";
import { type GaussianEncoding, gaussianEncoder } from "./gaussian-encoder";
import { gaussianLogDensity, standardNormalLogDensity } from "./gaussian-likelihood";
import type { Ilcm } from "./ilcm";
import type { IlcmNoise } from "./ilcm-noise";
import type { IlcmPhase } from "./ilcm-phase";
import { interventionPosterior } from "./intervention-encoder";
import type { LossWeight, ObservationPair } from "./observation-pair";
import { solutionFunctions } from "./solution-functions";
import { straightThrough } from "./straight-through";

export interface Interventions {
  /** [batch, latents + 1] */
  posterior: Tensor;
  /** [latents + 1, batch]; undefined where the one block of each pair counts wholly. */
  weights?: Tensor;
  /** [latents, 1, latents], or [1, batch, latents] in the deterministic phase: ones at intervened variables. */
  intervened: Tensor;
}

export function weighInterventions(
  { interventionEncoder }: Ilcm,
  { mean }: GaussianEncoding,
  { phase, offset }: { phase: IlcmPhase; offset: LossWeight },
): Interventions {
  const tf = tensorflow();
  const [, batch, latents] = mean.shape;
  const [meanBefore, meanAfter] = tf.unstack(mean);
  const soft = interventionPosterior(interventionEncoder, meanAfter.sub(meanBefore), offset);
  if (phase !== "deterministic") {
    const intervened = tf.eye(latents).reshape([latents, 1, latents]);
    return { posterior: soft, weights: soft.transpose(), intervened };
  }
  const hard = tf.oneHot(soft.argMax(1).toInt(), latents + 1).cast("float32"); // [batch, latents + 1]
  const intervened = hard.slice([0, 1]).reshape([1, batch, latents]);
  return { posterior: straightThrough(hard, soft), intervened };
}

export interface InterventionSamples {
  /** [blocks, batch, latents] */
  before: Tensor;
  /** [interventions, batch, latents], without the empty intervention: it leaves everything as it was. */
  after: Tensor;
  /** [interventions, batch, latents], what is intervened on taken from here. */
  own: Tensor;
  /** [blocks, batch] */
  logPosterior: Tensor;
  /** [interventions, batch] */
  logPosteriorAfter: Tensor;
}

/** Encodings before and after each intervention: what is not intervened on is mixed from both and stays the same. */
export function sampleEncodings(
  encoded: GaussianEncoding,
  noise: IlcmNoise,
  intervened: Tensor,
): InterventionSamples {
  const tf = tensorflow();
  const [meanBefore, meanAfter] = tf.unstack(encoded.mean); // each [batch, latents]
  const [deviationBefore, deviationAfter] = tf.unstack(encoded.standardDeviation);
  const blocks = noise.before.shape[0];
  const [interventionCount, , latents] = intervened.shape;
  const none = tf.zeros([blocks - interventionCount, 1, latents as number]);
  const kept = blocks > interventionCount ? tf.concat([none, intervened], 0) : intervened;
  const share = tf.maximum(kept, noise.mixing); // [blocks, batch, latents], of the encoding before
  const rest = tf.sub(1, share);
  const mean = meanBefore.mul(share).add(meanAfter.mul(rest));
  const deviation = deviationBefore.mul(share).add(deviationAfter.mul(rest));
  const difference = deviation.mul(noise.before);
  const before = mean.add(difference);
  const differenceAfter = deviationAfter.mul(noise.intervened); // [interventions, batch, latents]
  const own = meanAfter.add(differenceAfter);
  const stays = before.slice([blocks - interventionCount, 0, 0]);
  return {
    before,
    after: own.mul(intervened).add(stays.mul(tf.sub(1, intervened))),
    own,
    logPosterior: gaussianLogDensity(difference, deviation).sum(-1),
    logPosteriorAfter: gaussianLogDensity(differenceAfter, deviationAfter).mul(intervened).sum(-1),
  };
}

/** @returns [interventions, batch] log density of the intervened causal variables, as functions of their noise */
export function interventionalDensity(
  { solutionFunctions: functions }: Ilcm,
  { before, own }: InterventionSamples,
  intervened: Tensor,
  phase: IlcmPhase,
): Tensor | undefined {
  if (phase === "observational") return undefined;
  const tf = tensorflow();
  const [interventionCount, batch, latents] = own.shape;
  const context = before.slice([before.shape[0] - interventionCount, 0, 0]) as Tensor3D;
  const { scale, shift } = solutionFunctions(functions, context); // each [latents, batch]
  const noise =
    phase === "deterministic" ? own.reshape([batch, latents]).transpose() : own.mul(intervened).sum(-1);
  const causal = noise.sub(shift).div(scale);
  const logDensity = standardNormalLogDensity(causal).sub(scale.log()); // [latents, batch]
  if (phase !== "deterministic") return logDensity;
  return tf
    .mul(logDensity.transpose(), intervened.reshape([batch, latents]))
    .sum(1)
    .expandDims(0);
}

/** Likelihoods and errors of all encodings, decoded in one go. */
export function decodedTerms(
  { decoder }: Ilcm,
  { before, after }: ObservationPair,
  encoded: GaussianEncoding,
  pairNoise: Tensor,
  samples: InterventionSamples,
): Record<"logLikelihood" | "squaredError" | "consistency" | "noiseRegularisation", Tensor> {
  const tf = tensorflow();
  const [blocks, batch] = samples.before.shape;
  const pairs = encoded.mean.add(encoded.standardDeviation.mul(pairNoise)); // [2, batch, latents]
  const decoded = gaussianEncoder(decoder, tf.concat([pairs, samples.before, samples.after], 0));
  const all = decoded.mean.shape[0];
  const isEmptyDecodedOnce = blocks > samples.after.shape[0]; // the empty intervention has one decoding for both
  // What each decoding is compared with; [2 + blocks + interventions, batch, features]
  const observed = tf.concat([
    ...[before, after].map((each) => each.expandDims(0)),
    before.expandDims(0).tile([blocks, 1, 1]),
    after.expandDims(0).tile([all - 2 - blocks, 1, 1]),
  ]);
  const error = observed.sub(decoded.mean);
  const likelihood = gaussianLogDensity(error, decoded.standardDeviation, { normalised: false }).sum(-1);
  const squares = error.square().sum(-1); // [2 + blocks + interventions, batch]
  const rows = (terms: Tensor, from: number, count: number) => terms.slice([from, 0], [count, batch]);
  const both = (terms: Tensor, empty: () => Tensor): Tensor => {
    const afterwards = rows(terms, 2 + blocks, all - 2 - blocks);
    return rows(terms, 2, blocks).add(isEmptyDecodedOnce ? tf.concat([empty(), afterwards], 0) : afterwards);
  };
  const mean = decoded.mean.slice([2, 0, 0], [1]);
  const deviation = decoded.standardDeviation.slice([2, 0, 0], [1]);
  const emptyError = after.sub(mean); // [1, batch, features]
  return {
    logLikelihood: both(likelihood, () =>
      gaussianLogDensity(emptyError, deviation, { normalised: false }).sum(-1),
    ),
    squaredError: both(squares, () => emptyError.square().sum(-1)),
    consistency: rows(squares, 0, 2).sum(0),
    noiseRegularisation: pairs.square().sum([0, 2]),
  };
}
