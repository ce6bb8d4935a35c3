// CITRIS-NF (Lippe et al. 2022, arXiv:2202.03169, section 4.3): a flow turns the codes of a frozen autoencoder into latents
// of which each belongs to one causal factor. loss = weight mean(-log p(z' | z, I') - log |det|) + model + classifierWeight latents.
// Differs in one thing: it takes pairs of frames, which longer sequences are cut into.
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { statelessNormal, tensorflow } from "../../tensor";
import { applyLatentFlow, createLatentFlow, type LatentFlow, latentFlowVariables } from "./flow";
import { requireFramePairs } from "./frame-pairs";
import { seedFor } from "./seed-for";
import {
  createTargetClassifier,
  type TargetClassifier,
  targetClassifierLoss,
  targetClassifierVariables,
} from "./target-classifier";
import {
  createTransitionPrior,
  type TransitionPrior,
  transitionNll,
  transitionPriorVariables,
} from "./transition-prior";

export interface CitrisNf {
  readonly latents: number;
  readonly factors: number;
  readonly flow: LatentFlow;
  readonly prior: TransitionPrior;
  readonly classifier: TargetClassifier;
}

export interface CitrisNfOptions {
  latents?: number;
  /** Causal factors with intervention targets: K. */
  factors: number;
  /** Hidden features: half the classifier's, and of each latent of an MLP prior. */
  channels?: number;
  parts?: number;
  /** Hidden features of the flow for each latent. */
  flowHidden?: number;
  priorKind?: "mlp" | "autoregressive";
  /** Hidden features of an autoregressive prior for each latent: 16. */
  priorHidden?: number;
  perfect?: boolean;
  psi0Weight?: number;
  /** See `createTransitionPrior`. */
  evenStart?: number;
  normaliseClassifier?: boolean;
  conditionalTargets?: boolean;
  classifierMomentum?: number;
  rng: Random;
}

/**
 * Makes the parameters of CITRIS-NF; the defaults are the published ones.
 *
 * @example
 * import { createCitrisNf, createRandom, tensorflow, targetAssignment } from "dolab";
 * const model = createCitrisNf({ latents: 4, factors: 2, channels: 8, rng: createRandom(0) });
 * targetAssignment(model.prior).shape; // => [4]
 */
export function createCitrisNf(options: CitrisNfOptions): CitrisNf {
  const { latents = 32, factors, channels = 64, parts = 4, flowHidden = 16, rng } = options;
  const { priorKind = "autoregressive", priorHidden = priorKind === "mlp" ? channels : 16 } = options;
  return {
    latents,
    factors,
    flow: createLatentFlow(latents, { parts, hidden: flowHidden, rng }),
    prior: createTransitionPrior({
      kind: priorKind,
      latents,
      factors,
      hidden: priorHidden,
      rng,
      perfect: options.perfect,
      psi0Weight: options.psi0Weight,
      evenStart: options.evenStart,
    }),
    classifier: createTargetClassifier({
      latents,
      factors,
      hidden: channels,
      rng,
      normalise: options.normaliseClassifier,
      conditional: options.conditionalTargets,
      momentum: options.classifierMomentum,
    }),
  };
}

/** The variables by the published names. */
export const citrisNfVariables = ({ flow, prior, classifier }: CitrisNf): Record<string, Variable> => ({
  ...prefixed("flow", latentFlowVariables(flow)),
  ...prefixed("prior_t1", transitionPriorVariables(prior)),
  ...prefixed("intv_classifier", targetClassifierVariables(classifier)),
});

/** Names with a prefix and a dot before them. */
export const prefixed = (prefix: string, variables: Record<string, Variable>): Record<string, Variable> =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [`${prefix}.${name}`, variable]));

export interface CitrisNfLoss {
  loss: Scalar;
  /** Mean of -log p(z' | z, I'), in nats. */
  nll: Scalar;
  /** Mean of log |det d latents / d codes|, in nats. */
  logDeterminant: Scalar;
  classifierModel: Scalar;
  classifierLatents: Scalar;
}

export interface CitrisNfLossOptions {
  /** Of noise and ψ, int32 [2]: pass another one in each step. */
  seed: Tensor1D;
  training: boolean;
  /** Noisy copies of each code: 8. */
  draws?: number;
  /** Standard deviation of the noise on codes, that of the autoencoder: .05. */
  noise?: number;
  /** Weight of the likelihood: 1. */
  priorWeight?: number;
  /** Weight of the latents' part of the target classifier: 2. */
  classifierWeight?: number;
  /** Of the draws of ψ: 1. */
  temperature?: number | Tensor;
}

/**
 * @param codes of the autoencoder, of two frames in a row. [rows, 2, latents]
 * @param targets 1 where a factor was intervened upon between them. [rows, factors]
 * @throws {TypeError} where the shapes are others
 */
export function citrisNfLoss(
  model: CitrisNf,
  codes: Tensor,
  targets: Tensor,
  options: CitrisNfLossOptions,
): CitrisNfLoss {
  const { latents, factors, flow, prior, classifier } = model;
  const { seed, training, draws = 8, noise = 0.05, priorWeight = 1, classifierWeight = 2 } = options;
  const { temperature } = options;
  requireFramePairs(codes, targets, { tail: [latents], factors });
  const rows = codes.shape[0];
  const copies = codes.expandDims(2).tile([1, 1, draws, 1]); // [rows, 2, draws, latents]
  const noisy = copies.add(
    statelessNormal(copies.shape as [number, number, number, number], seed).mul(noise),
  );
  const { latents: z, logDeterminant } = applyLatentFlow(flow, noisy.reshape([-1, latents]));
  const [before, after] = tensorflow().unstack(z.reshape([rows, 2, draws, latents]), 1); // [rows, draws, latents]
  const changes = logDeterminant.reshape([rows, 2, draws]).slice([0, 1], [-1, 1]).mean().asScalar();
  const drawn = { seed: seedFor(seed, 1), temperature, training };
  const nll = transitionNll(prior, { before, after, targets, ...drawn })
    .mean()
    .asScalar();
  const guided = targetClassifierLoss(classifier, {
    before: before.reshape([-1, latents]),
    after: after.reshape([-1, latents]),
    targets: targets.expandDims(1).tile([1, draws, 1]).reshape([-1, factors]),
    logits: prior.logits,
    seed: seedFor(seed, 2),
    temperature,
  });
  const likelihood = nll.sub(changes).mul(priorWeight);
  const loss = likelihood.add(guided.model).add(guided.latents.mul(classifierWeight)).asScalar();
  return {
    loss,
    nll,
    logDeterminant: changes,
    classifierModel: guided.model,
    classifierLatents: guided.latents,
  };
}
