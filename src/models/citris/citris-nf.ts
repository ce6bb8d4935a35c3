// CITRIS-NF (Lippe et al. 2022, arXiv:2202.03169, section 4.3): a flow turns the codes of a frozen autoencoder into latents
// of which each belongs to one causal factor. loss = weight mean(-log p(z' | z, I') - log |det|) + model + classifierWeight latents.
// Differs in one thing: it takes pairs of frames, which longer sequences are cut into.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { prefixNames, statelessNormal, tensorflow } from "../../tensor";
import { applyLatentFlow, createLatentFlow, type LatentFlow, latentFlowVariables } from "./flow/latent-flow";
import { requireFramePairs } from "./frame-pairs";
import {
  type AssignmentDraws,
  createGuidedPrior,
  type GuidedPrior,
  type GuidedPriorOptions,
  guidance,
  guidedNll,
  guidedPriorVariables,
} from "./prior/guided-prior";

export interface CitrisNf extends GuidedPrior {
  readonly latents: number;
  readonly factors: number;
  readonly flow: LatentFlow;
}

export interface CitrisNfOptions extends GuidedPriorOptions {
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
  rng: Random;
}

/**
 * Makes the parameters of CITRIS-NF; the defaults are the published ones.
 *
 * @param options latents, factors, sizes of flow, prior and classifier, and a generator; see `CitrisNfOptions`
 * @returns the model; its variables are those of `citrisNfVariables`
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { createCitrisNf, createRandom, targetAssignment } from "dolab";
 * const model = createCitrisNf({ latents: 4, factors: 2, channels: 8, rng: createRandom(0) });
 * targetAssignment(model.prior).shape; // => [4]
 */
export function createCitrisNf(options: CitrisNfOptions): CitrisNf {
  const { latents = 32, factors, channels = 64, parts = 4, flowHidden = 16, rng } = options;
  const { priorKind: kind = "autoregressive", priorHidden = kind === "mlp" ? channels : 16 } = options;
  const flow = createLatentFlow(latents, { parts, hidden: flowHidden, rng });
  const sizes = { latents, factors, priorHidden, classifierHidden: channels };
  return { latents, factors, flow, ...createGuidedPrior({ kind, ...sizes, rng }, options) };
}

/**
 * Names the variables as the published code does.
 *
 * @param model as `createCitrisNf` makes it
 * @returns variables by name: those of the flow, of the prior and of the classifier, of which not all are `trainable`
 * @example
 * import { citrisNfVariables, createCitrisNf, createRandom } from "dolab";
 * const model = createCitrisNf({ latents: 4, factors: 2, channels: 8, rng: createRandom(0) });
 * citrisNfVariables(model)["flow.flows.0.bias"].shape; // => [4]
 */
export const citrisNfVariables = (model: CitrisNf): Record<string, Variable> => ({
  ...prefixNames("flow", latentFlowVariables(model.flow)),
  ...guidedPriorVariables(model),
});

export interface CitrisNfLoss {
  loss: Scalar;
  /** Mean of -log p(z' | z, I'), in nats. */
  nll: Scalar;
  /** Mean of log |det d latents / d codes|, in nats. */
  logDeterminant: Scalar;
  classifierModel: Scalar;
  classifierLatents: Scalar;
}

/** The seed is of the noise and of ψ: pass another one in each step. */
export interface CitrisNfLossOptions extends AssignmentDraws {
  training: boolean;
  /** Noisy copies of each code: 8. */
  draws?: number;
  /** Standard deviation of the noise on codes, that of the autoencoder: .05. */
  noise?: number;
  /** Weight of the likelihood: 1. */
  priorWeight?: number;
  /** Weight of the latents' part of the target classifier: 2. */
  classifierWeight?: number;
}

/**
 * Evaluates the loss of a batch of pairs of frames.
 *
 * @param model as `createCitrisNf` makes it
 * @param codes of the autoencoder, of two frames in a row. [rows, 2, latents]
 * @param targets 1 where a factor was intervened upon between them, else 0. [rows, factors]
 * @param options the step's seed, draws, noise and weights; see `CitrisNfLossOptions`
 * @returns the loss and its terms, means over the batch
 * @throws {TypeError} where the shapes are others
 * @example
 * import { citrisNfLoss, createCitrisNf, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createCitrisNf({ latents: 4, factors: 2, channels: 8, parts: 1, rng: createRandom(0) });
 * const options = { training: true, draws: 2, seed: tf.tensor1d([0, 1], "int32") };
 * const { loss } = citrisNfLoss(model, tf.zeros([3, 2, 4]), tf.tensor2d([[1, 0], [0, 1], [0, 0]]), options);
 * Number.isFinite(loss.dataSync()[0]); // => true
 */
export function citrisNfLoss(
  model: CitrisNf,
  codes: Tensor,
  targets: Tensor,
  options: CitrisNfLossOptions,
): CitrisNfLoss {
  const { latents, factors, flow } = model;
  const { seed, draws = 8, noise = 0.05, priorWeight = 1, classifierWeight = 2 } = options;
  requireFramePairs(codes, targets, { tail: [latents], factors });
  const rows = codes.shape[0];
  const copies = codes.expandDims(2).tile([1, 1, draws, 1]); // [rows, 2, draws, latents]
  const noisy = copies.add(
    statelessNormal(copies.shape as [number, number, number, number], seed).mul(noise),
  );
  const { latents: z, logDeterminant } = applyLatentFlow(flow, noisy.reshape([-1, latents]));
  const [before, after] = tensorflow().unstack(z.reshape([rows, 2, draws, latents]), 1); // [rows, draws, latents]
  const changes = logDeterminant.reshape([rows, 2, draws]).slice([0, 1], [-1, 1]).mean().asScalar();
  const pair = { before, after, targets };
  const nll = guidedNll(model, pair, options).mean().asScalar();
  const guided = guidance(model, pair, options);
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
