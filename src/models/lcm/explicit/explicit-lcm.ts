// The explicit latent causal model (ELCM) of Brehmer et al. 2022 (arXiv:2203.16437, section 4.1): a variational autoencoder whose
// latents are causal variables, with mechanisms and a learnable graph as their prior. The published experiments train none on the
// scaling data, and its code does not run with a fixed order: the graph hands on a pair where a matrix is expected; here it does.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { type Autoencoder, betaVaeLoss } from "../beta-vae-loss";
import { gaussianEncoder } from "../gaussian-encoder";
import { gaussianLogDensity } from "../gaussian-likelihood";
import { autoencoderVariables, createAutoencoder, type IlcmOptions } from "../ilcm";
import type { IlcmPhase } from "../ilcm-phase";
import { encodePair, type LossWeight, type ObservationPair, requireNoise } from "../observation-pair";
import {
  cyclicity,
  expectedEdges,
  type GraphSampling,
  likeliestGraph,
  sampleExplicitGraphs,
} from "./explicit-graph";
import {
  createExplicitMechanisms,
  type ExplicitMechanisms,
  type ExplicitMechanismsOptions,
  explicitPrior,
  mechanismVariables,
} from "./explicit-mechanisms";

export interface ExplicitLcm extends Autoencoder {
  mechanisms: ExplicitMechanisms;
}

/**
 * Makes the parameters of a model.
 *
 * @param latents how many causal variables
 * @param options.graph "fixed_order", "enco" or "dds"
 * @param options.rng draws the weights
 * @param options.hidden widths of the hidden layers of each mechanism
 * @param options.features, options.encoderHidden, options.decoderDeviation as those of `createIlcm`
 * @returns the model; its variables are those of `explicitLcmVariables`
 * @throws {RangeError} for another kind of graph
 * @example
 * import { createExplicitLcm, createRandom, explicitLcmVariables } from "dolab";
 * const model = createExplicitLcm(3, { graph: "dds", rng: createRandom(0) });
 * Object.keys(explicitLcmVariables(model)).length; // => 22
 */
export function createExplicitLcm(
  latents: number,
  {
    rng,
    graph,
    hidden,
    features,
    encoderHidden,
    decoderDeviation,
  }: ExplicitMechanismsOptions & Pick<IlcmOptions, "features" | "encoderHidden" | "decoderDeviation">,
): ExplicitLcm {
  return {
    ...createAutoencoder(latents, { rng, features, encoderHidden, decoderDeviation }),
    mechanisms: createExplicitMechanisms(latents, { rng, graph, hidden }),
  };
}

/**
 * Names the parameters of a model, to be trained and saved.
 *
 * @param model as `createExplicitLcm` makes it
 * @returns variables by name: those of encoder and decoder, and those of graph and mechanisms, which begin with `scm.`
 * @example
 * import { createExplicitLcm, createRandom, explicitLcmVariables } from "dolab";
 * const model = createExplicitLcm(3, { graph: "fixed_order", rng: createRandom(0) });
 * explicitLcmVariables(model)["scm.graph.edge_logits"].shape; // => [3]
 */
export const explicitLcmVariables = (model: ExplicitLcm): Record<string, Variable> => ({
  ...autoencoderVariables(model),
  ...Object.fromEntries(
    Object.entries(mechanismVariables(model.mechanisms)).map(([name, variable]) => [`scm.${name}`, variable]),
  ),
});

export interface ExplicitLcmLossOptions {
  /** "pretraining", as a beta-VAE, or any other phase: explicit models know no further ones. */
  phase: IlcmPhase;
  beta?: LossWeight;
  /** The same in pretraining. */
  pretrainingBeta?: LossWeight;
  /** Weight of the squared causal variables. */
  noiseRegularisation?: LossWeight;
  /** Weight of the squared error of the decoded mean. */
  consistency?: LossWeight;
  /** Weight of the entropy of the batch's mean intervention posterior, which is maximised. */
  entropy?: LossWeight;
  /** Weight of the expected number of edges. */
  edges?: LossWeight;
  /** Weight of the cyclicity of edge probabilities. */
  cycles?: LossWeight;
  /** Standard deviation of what is not intervened on about its counterfactual. */
  thickness?: number;
  sampling?: GraphSampling;
}

const ADDED_IN_LOG = 1e-9;

/**
 * Evaluates the loss of a batch of pairs: -log p(x | z) - log p(x' | z') + beta (log q(z | x) + log q(z' | x') - log p(z, z')).
 *
 * @param model as `createExplicitLcm` makes it
 * @param pair observations before and after an intervention, both [batch, features]
 * @param draws.noise [2, batch, latents], standard normal
 * @param draws.graphSeed int32 [2], of the sampled graphs, one a pair
 * @param options the phase, the weights of the terms, and how graphs are sampled; see `ExplicitLcmLossOptions`
 * @returns the loss, and the same of each pair without regularisers, [batch]
 * @throws {TypeError} where shapes do not fit; {RangeError} where the thickness is not above 0
 * @example
 * import { createExplicitLcm, createRandom, explicitLcmLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createExplicitLcm(2, { graph: "enco", rng: createRandom(0) });
 * const pair = { before: tf.zeros([3, 2]), after: tf.ones([3, 2]) };
 * const draws = { noise: tf.zeros([2, 3, 2]), graphSeed: tf.tensor1d([0, 1], "int32") };
 * explicitLcmLoss(model, pair, draws, { phase: "interventional" }).lossPerPair.shape; // => [3]
 */
export function explicitLcmLoss(
  model: ExplicitLcm,
  pair: ObservationPair,
  { noise, graphSeed }: { noise: Tensor; graphSeed: Tensor },
  {
    phase,
    beta = 1,
    pretrainingBeta = 1e-3,
    noiseRegularisation = 0,
    consistency = 0,
    entropy = 1,
    edges = 0,
    cycles = 0,
    thickness = 0.01,
    sampling = "deterministic",
  }: ExplicitLcmLossOptions,
): { loss: Scalar; lossPerPair: Tensor } {
  if (phase === "pretraining")
    return betaVaeLoss(model, pair, noise, { beta: pretrainingBeta, noiseRegularisation, consistency });
  const { mean, standardDeviation } = encodePair(model.encoder, pair); // [2, batch, latents]
  requireNoise("noise of the pairs", noise, mean.shape);
  const difference = standardDeviation.mul(noise);
  const causal = mean.add(difference);
  const decoded = gaussianEncoder(model.decoder, causal); // [2, batch, features]
  const error = pair.before.expandDims(0).concat(pair.after.expandDims(0), 0).sub(decoded.mean);
  const overBoth = (terms: Tensor) => terms.sum([0, 2]); // [batch]
  const [before, after] = causal.unstack();
  const { graph } = model.mechanisms;
  const graphs = sampleExplicitGraphs(graph, { rows: before.shape[0], seed: graphSeed, sampling });
  const { logPrior, interventionPosterior } = explicitPrior(model.mechanisms, before, after, graphs, {
    thickness,
  });
  const logPosterior = overBoth(gaussianLogDensity(difference, standardDeviation));
  const logLikelihood = overBoth(gaussianLogDensity(error, decoded.standardDeviation, { normalised: false }));
  const lossPerPair = logPosterior.sub(logPrior).mul(beta).sub(logLikelihood);
  const share = interventionPosterior.mean(0);
  const spread = share.mul(share.add(ADDED_IN_LOG).log()).sum().neg();
  const loss = lossPerPair
    .add(overBoth(causal.square()).mul(noiseRegularisation))
    .add(overBoth(error.square()).mul(consistency))
    .mean()
    .sub(spread.mul(entropy));
  const isZero = (weight: LossWeight) => weight === 0;
  const withEdges = isZero(edges) ? loss : loss.add(expectedEdges(graph).mul(edges));
  const whole = isZero(cycles) ? withEdges : withEdges.add(cyclicity(graph).mul(cycles));
  return { loss: whole as Scalar, lossPerPair };
}

/**
 * Gives the probabilities of no intervention and of one on each variable, from mean encodings and the likeliest graph.
 *
 * @param model as `createExplicitLcm` makes it
 * @param pair observations before and after an intervention, both [batch, features]
 * @param options.thickness standard deviation, above 0, of what is not intervened on about its counterfactual
 * @returns [batch, latents + 1], no intervention first; each row sums to 1
 * @example
 * import { createExplicitLcm, createRandom, explicitInterventionPosterior, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createExplicitLcm(2, { graph: "enco", rng: createRandom(0) });
 * const pair = { before: tf.zeros([3, 2]), after: tf.zeros([3, 2]) }; // nothing has changed
 * explicitInterventionPosterior(model, pair).argMax(1).dataSync(); // => [0, 0, 0]
 */
export function explicitInterventionPosterior(
  model: ExplicitLcm,
  pair: ObservationPair,
  { thickness = 0.01 }: { thickness?: number } = {},
): Tensor {
  const [before, after] = encodePair(model.encoder, pair).mean.unstack();
  const graphs = likeliestGraph(model.mechanisms.graph).expandDims(0).tile([before.shape[0], 1, 1]);
  return explicitPrior(model.mechanisms, before, after, graphs, { thickness }).interventionPosterior;
}
