// What CITRIS-VAE and CITRIS-NF have in common behind their latents (Lippe et al. 2022, arXiv:2202.03169, sections 4.2 to 4.4):
// the transition prior with its assignment ψ, and the target classifier that guides both.
import type { Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { prefixNames } from "../../../tensor";
import { seedFor } from "./seed-for";
import {
  createTargetClassifier,
  type TargetClassifier,
  type TargetClassifierLoss,
  targetClassifierLoss,
  targetClassifierVariables,
} from "./target-classifier";
import {
  createTransitionPrior,
  type TransitionPrior,
  transitionNll,
  transitionPriorVariables,
} from "./transition-prior";

export interface GuidedPrior {
  readonly prior: TransitionPrior;
  readonly classifier: TargetClassifier;
}

/** The settings that both variants have; see `createTransitionPrior` and `createTargetClassifier`. */
export interface GuidedPriorOptions {
  /** Whether an intervened factor forgets the last latents: by default, yes. */
  perfect?: boolean;
  /** How much ψ_0 is favoured: 0, which means that there is no ψ_0. */
  psi0Weight?: number;
  /** How much ψ prefers, at first, an even deal of the latents to the factors: 0, undecided as published. */
  evenStart?: number;
  normaliseClassifier?: boolean;
  conditionalTargets?: boolean;
  classifierMomentum?: number;
}

export function createGuidedPrior(
  {
    kind,
    latents,
    factors,
    priorHidden,
    classifierHidden,
    rng,
  }: {
    kind: "mlp" | "autoregressive";
    latents: number;
    factors: number;
    priorHidden: number;
    classifierHidden: number;
    rng: Random;
  },
  { perfect, psi0Weight, evenStart, ...ofClassifier }: GuidedPriorOptions,
): GuidedPrior {
  const sizes = { latents, factors, rng };
  return {
    prior: createTransitionPrior({ kind, hidden: priorHidden, perfect, psi0Weight, evenStart, ...sizes }),
    classifier: createTargetClassifier({
      hidden: classifierHidden,
      normalise: ofClassifier.normaliseClassifier,
      conditional: ofClassifier.conditionalTargets,
      momentum: ofClassifier.classifierMomentum,
      ...sizes,
    }),
  };
}

/** The variables by the published names. */
export const guidedPriorVariables = ({ prior, classifier }: GuidedPrior): Record<string, Variable> => ({
  ...prefixNames("prior_t1", transitionPriorVariables(prior)),
  ...prefixNames("intv_classifier", targetClassifierVariables(classifier)),
});

/** A pair of frames as latents, with what was done between them. */
export interface LatentPair {
  /** Latents of the frame before, several draws of each. [rows, draws, latents] */
  before: Tensor;
  /** Latents of this frame. [rows, draws, latents] */
  after: Tensor;
  /** 1 where a factor was intervened upon. [rows, factors] */
  targets: Tensor;
}

/** How ψ is drawn in a step. */
export interface AssignmentDraws {
  /** The seed of the whole step, int32 [2]. */
  seed: Tensor1D;
  /** The temperature of the Gumbel-softmax: 1. */
  temperature?: number | Tensor;
}

/** -log p(z' | z, I') of each pair, in nats. @returns [rows] */
export const guidedNll = (
  { prior }: GuidedPrior,
  pair: LatentPair,
  { seed, temperature, training }: AssignmentDraws & { training: boolean },
): Tensor1D => transitionNll(prior, { ...pair, seed: seedFor(seed, 1), temperature, training });

/** The target classifier's two losses of some pairs. */
export function guidance(
  { prior, classifier }: GuidedPrior,
  { before, after, targets }: LatentPair,
  { seed, temperature }: AssignmentDraws,
): TargetClassifierLoss {
  const [, draws, latents] = before.shape;
  const factors = targets.shape[1] as number;
  return targetClassifierLoss(classifier, {
    before: before.reshape([-1, latents]), // [rows draws, latents]
    after: after.reshape([-1, latents]),
    targets: targets.expandDims(1).tile([1, draws, 1]).reshape([-1, factors]),
    logits: prior.logits,
    seed: seedFor(seed, 2),
    temperature,
  });
}
