// CITRIS's transition prior p(z' | z, I') (Lippe et al. 2022, arXiv:2202.03169, equations 2 and 6): each latent z'_j has a
// normal distribution that knows the last latents z and the intervention target of one factor, ψ(j), alone. Two kinds:
// "mlp", where latents are independent of one another, and "autoregressive", where latents of one factor may depend on those
// before them, as the two of an angle must.
// Interventions are perfect, where the old latents do not matter any more, or imperfect.
// Names of variables are those of the published code. Two things differ: the divergence under imperfect interventions favours
// ψ_0, where the published code favours the last latent; and there is none for the autoregressive kind, where it weighs
// another set's loss by ψ_0's probability and which no published experiment uses.
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { drawVariable, stopGradient, tensorflow } from "../../../tensor";
import { hardAssignment, sampleAssignment, targetAssignment } from "./assignment";
import {
  type AutoregressivePrior,
  autoregressivePrior,
  autoregressivePriorVariables,
  createAutoregressivePrior,
} from "./autoregressive-prior";
import {
  createIntervenedParameters,
  createMlpPrior,
  type MlpPrior,
  mlpPrior,
  mlpPriorOfEverySet,
  mlpPriorVariables,
} from "./mlp-prior";
import { type NormalParameters, negativeLogDensity, normalDivergence } from "./normal-density";

export interface TransitionPrior {
  readonly latents: number;
  /** Causal factors with intervention targets: K. */
  readonly factors: number;
  /** Whether an intervened factor forgets the last latents. */
  readonly perfect: boolean;
  /** How much ψ_0 is favoured, from 0 and below 1: λ. With 0 there is no ψ_0. */
  readonly psi0Weight: number;
  /** ψ as logits, ψ_0 last. [latents, factors + 1] */
  readonly logits: Variable;
  readonly network: { mlp: MlpPrior } | { autoregressive: AutoregressivePrior };
  /** Mean and log-deviation of latent j where factor i was intervened upon. [latents, factors, 2] */
  readonly intervened?: Variable;
}

/** Makes ψ_0 impossible. */
const NEVER = -9e15;

export interface TransitionPriorOptions {
  kind: "mlp" | "autoregressive";
  latents: number;
  factors: number;
  /** Hidden features for each latent. */
  hidden?: number;
  perfect?: boolean;
  psi0Weight?: number;
  evenStart?: number;
  rng: Random;
}

/**
 * Makes the parameters of a transition prior.
 *
 * @param options.hidden by default 16
 * @param options.evenStart how much ψ prefers, at first, an even deal of the latents to the factors, each factor's in turn, as
 *   a logit: by default 0, undecided as published. An angle needs two latents; an undecided ψ may come to give it one, and
 *   stays there
 * @throws {RangeError} where a number is no whole one from 1, or psi0Weight is not from 0 to below 1
 */
export function createTransitionPrior(options: TransitionPriorOptions): TransitionPrior {
  const { kind, latents, factors, hidden = 16, perfect = true, psi0Weight = 0, evenStart = 0, rng } = options;
  for (const [name, value] of Object.entries({ latents, factors, hidden }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(
        `Cannot make a transition prior as ${name} must be a whole number from 1: got ${value}`,
      );
  if (!(psi0Weight >= 0 && psi0Weight < 1))
    throw new RangeError(
      `Cannot make a transition prior as psi0Weight must be from 0 to below 1: got ${psi0Weight}`,
    );
  const sets = factors + 1;
  let place = 0;
  const startOf = (latent: number, set: number) => {
    if (set === factors) return psi0Weight === 0 ? NEVER : 0;
    return latent % factors === set ? evenStart : 0;
  };
  const start = () => startOf(Math.floor(place / sets), place++ % sets);
  const network =
    kind === "autoregressive"
      ? { autoregressive: createAutoregressivePrior({ latents, sets, hidden, rng }) }
      : { mlp: createMlpPrior({ latents, sets, hidden, perfect, rng }) };
  return {
    latents,
    factors,
    perfect,
    psi0Weight,
    network,
    logits: drawVariable([latents, sets], start),
    // An autoregressive network tells interventions from its input.
    ...(perfect && kind === "mlp" ? { intervened: createIntervenedParameters(latents, factors, rng) } : {}),
  };
}

/** The variables by the published names. */
export function transitionPriorVariables({ logits, intervened, network }: TransitionPrior) {
  const own: Record<string, Variable> = { target_params: logits };
  if (intervened) own.intv_prior = intervened;
  const ofNetwork =
    "autoregressive" in network
      ? autoregressivePriorVariables("prior_model", network.autoregressive)
      : mlpPriorVariables(network.mlp);
  return { ...own, ...ofNetwork };
}

/**
 * The divergence of what an encoder says of z' from the prior, ψ taken as its probabilities: the second term of CITRIS-VAE's
 * bound.
 *
 * @param before latents of the frame before. [rows, latents]
 * @param after the encoder's distribution of this frame's; each [rows, latents]
 * @param targets 1 where a factor was intervened upon. [rows, factors]
 * @returns in nats. [rows]
 * @throws {TypeError} for an autoregressive prior, whose distributions depend on draws
 */
export function transitionDivergence(
  prior: TransitionPrior,
  { before, after, targets }: { before: Tensor; after: NormalParameters; targets: Tensor },
): Tensor1D {
  if (!("mlp" in prior.network))
    throw new TypeError(
      "Cannot take the divergence from an autoregressive prior as its distributions depend on draws: use a prior of kind mlp, or a flow with transitionNll",
    );
  const { perfect, psi0Weight } = prior;
  const probabilities = prior.logits.softmax(); // [latents, sets]
  if (perfect) {
    const { ofFactor, ofPsi0, intervened } = split(prior, probabilities, targets);
    const free = normalDivergence(after, mlpPrior(prior.network.mlp, before)); // [rows, latents]
    const each = {
      mean: after.mean.expandDims(2),
      logDeviation: after.logDeviation.expandDims(2),
    };
    const set = normalDivergence(each, intervenedParameters(prior)); // [rows, latents, factors]
    const freeShare = ofFactor.sum(2).neg().add(1).sub(ofPsi0.mul(psi0Weight)); // [rows, latents]
    return intervened(set).add(free.mul(freeShare)).sum(1);
  }
  const [rows] = before.shape;
  const tf = tensorflow();
  const parameters = mlpPriorOfEverySet(prior.network.mlp, before, withPsi0(targets)); // each [rows, sets, latents]
  const each = { mean: after.mean.expandDims(1), logDeviation: after.logDeviation.expandDims(1) };
  const weight = tf.tensor1d(
    Array.from({ length: prior.factors + 1 }, (_, set) => (set === prior.factors ? 1 - psi0Weight : 1)),
  );
  const shares = probabilities.transpose().mul(weight.expandDims(1)); // [sets, latents]
  return normalDivergence(each, parameters).mul(shares).reshape([rows, -1]).sum(1);
}

export interface TransitionNllInput {
  /** Latents of the frame before, several draws of each. [rows, draws, latents] */
  before: Tensor;
  /** Latents of this frame. [rows, draws, latents] */
  after: Tensor;
  /** 1 where a factor was intervened upon. [rows, factors] */
  targets: Tensor;
  /** The seed of the draws of ψ, int32 [2]. */
  seed: Tensor1D;
  /** The temperature of the draws of ψ: 1. */
  temperature?: number | Tensor;
  /** Whether ψ_0 is favoured, as in training. */
  training: boolean;
}

/**
 * -log p(z' | z, I'), averaged over all pairs of draws: the loss of CITRIS-NF without the flow's part.
 *
 * @returns in nats. [rows]
 */
export function transitionNll(prior: TransitionPrior, input: TransitionNllInput): Tensor1D {
  const { training } = input;
  const probabilities = prior.logits.softmax(); // [latents, sets]
  const nll = nllOfKind(prior, probabilities, input);
  if (!training || prior.psi0Weight === 0) return nll;
  const psi0 = probabilities.slice([0, prior.factors], [-1, 1]);
  return nll.add(psi0.neg().add(1).mean().mul(prior.psi0Weight) as Scalar);
}

function nllOfKind(prior: TransitionPrior, probabilities: Tensor, input: TransitionNllInput): Tensor1D {
  const { before, after, targets, seed, temperature } = input;
  const { network, latents, factors, perfect, psi0Weight } = prior;
  const [rows, draws] = before.shape;
  const flat = before.reshape([rows * draws, latents]);
  const repeated = withPsi0(targets)
    .expandDims(1)
    .tile([1, draws, 1])
    .reshape([rows * draws, -1]); // [rows draws, sets]
  if ("autoregressive" in network) {
    const assigned = sampleAssignment(prior.logits, rows * draws, { seed, temperature });
    const parameters = autoregressivePrior(network.autoregressive, {
      before: flat,
      after: after.reshape([rows * draws, latents]),
      assigned,
      targets: repeated,
      perfect,
    }); // each [rows draws, sets, latents]
    const spread = (tensor: Tensor) => tensor.reshape([rows, draws, 1, factors + 1, latents]);
    const each = { mean: spread(parameters.mean), logDeviation: spread(parameters.logDeviation) };
    const nll = negativeLogDensity(each, after.reshape([rows, 1, draws, 1, latents]));
    return nll.mean([1, 2]).mul(probabilities.transpose()).sum([1, 2]);
  }
  const spread = (tensor: Tensor) => tensor.reshape([rows, draws, 1, latents]);
  const against = (parameters: NormalParameters) =>
    negativeLogDensity(
      { mean: spread(parameters.mean), logDeviation: spread(parameters.logDeviation) },
      after.reshape([rows, 1, draws, latents]),
    ).mean([1, 2]); // [rows, latents]
  if (!perfect) {
    const assigned = sampleAssignment(prior.logits, rows * draws, { seed, temperature });
    const shown = repeated.expandDims(1).mul(assigned).sub(assigned.neg().add(1)); // [rows draws, latents, sets]
    return against(mlpPrior(network.mlp, flat, shown)).sum(1);
  }
  const { ofFactor, ofPsi0, intervened } = split(prior, probabilities, targets);
  const free = against(mlpPrior(network.mlp, flat)); // [rows, latents]
  const set = intervenedParameters(prior);
  const spreadAfter = after.expandDims(3); // [rows, draws, latents, 1]
  const fixed = { mean: stopGradient(set.mean), logDeviation: stopGradient(set.logDeviation) };
  const nllSet = negativeLogDensity(fixed, spreadAfter).mean(1); // [rows, latents, factors]
  const freeShare = ofFactor.sum(2).neg().add(1).sub(ofPsi0.mul(psi0Weight));
  const nll = intervened(nllSet).add(free.mul(freeShare)).sum(1);
  // The parameters under interventions learn from every latent, whatever ψ says; the value adds nothing.
  const learning = negativeLogDensity(set, stopGradient(spreadAfter))
    .mean(1)
    .mul(targets.expandDims(1))
    .sum([1, 2]);
  return nll.add(learning.sub(stopGradient(learning)));
}

/** Shares of ψ: of factors that were intervened upon, [rows, latents, factors], and of ψ_0, [latents]. */
function split({ factors, latents }: TransitionPrior, probabilities: Tensor, targets: Tensor) {
  const ofFactor = probabilities.slice([0, 0], [-1, factors]).mul(targets.expandDims(1));
  const ofPsi0 = probabilities.slice([0, factors], [-1, 1]).reshape([latents]);
  return { ofFactor, ofPsi0, intervened: (losses: Tensor) => losses.mul(ofFactor).sum(2) };
}

/** Each [latents, factors]. */
function intervenedParameters({ intervened }: TransitionPrior): NormalParameters {
  const [mean, logDeviation] = tensorflow().unstack(intervened as Variable, 2);
  return { mean, logDeviation };
}

/** Targets with that of ψ_0, which nothing intervenes upon, last. @param targets [rows, factors] @returns [rows, sets] */
const withPsi0 = (targets: Tensor): Tensor =>
  tensorflow().concat([targets, tensorflow().zeros([targets.shape[0], 1])], 1);

/**
 * Expects the next latents: the mean of each under its likeliest set, given those of its set before it.
 *
 * @param prior such as `prior` of a model
 * @param before latents of a frame. [rows, latents]
 * @param targets 1 where a factor is intervened upon, else 0. [rows, factors]
 * @returns [rows, latents]
 * @example
 * import { createCitrisNf, createRandom, expectedNext, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const { prior } = createCitrisNf({ latents: 4, factors: 2, channels: 8, rng: createRandom(0) });
 * expectedNext(prior, tf.zeros([3, 4]), tf.zeros([3, 2])).shape; // => [3, 4]
 */
export function expectedNext(prior: TransitionPrior, before: Tensor, targets: Tensor): Tensor2D {
  const tf = tensorflow();
  return tf.tidy(() => {
    const { network, latents, perfect, logits } = prior;
    const sets = prior.factors + 1;
    const rows = before.shape[0];
    const member = hardAssignment(logits); // [latents, sets]
    const ofOwnSet = (means: Tensor) => means.mul(member.transpose()).sum(1); // from [rows, sets, latents]
    if ("mlp" in network) {
      if (!perfect) return ofOwnSet(mlpPriorOfEverySet(network.mlp, before, withPsi0(targets)).mean);
      const share = member.slice([0, 0], [-1, prior.factors]).mul(targets.expandDims(1)); // [rows, latents, factors]
      const free = mlpPrior(network.mlp, before).mean.mul(share.sum(2).neg().add(1));
      return intervenedParameters(prior).mean.mul(share).sum(2).add(free);
    }
    const assigned = member.expandDims(0).tile([rows, 1, 1]); // [rows, latents, sets]
    const known = withPsi0(targets);
    const places = Array.from(targetAssignment(prior).dataSync());
    const sizes = Array.from({ length: sets }, (_, set) => places.filter((own) => own === set).length);
    let after: Tensor = tf.zeros([rows, latents]);
    // Each pass settles one more latent of every set, from the first on.
    for (let pass = 0; pass < Math.max(...sizes); pass++) {
      const input = { before, after, assigned, targets: known, perfect };
      after = ofOwnSet(autoregressivePrior(network.autoregressive, input).mean);
    }
    return after;
  }) as Tensor2D;
}
