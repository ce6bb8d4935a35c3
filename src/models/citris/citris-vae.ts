// CITRIS-VAE (Lippe et al. 2022, arXiv:2202.03169, section 4.2): a variational autoencoder of frames whose prior is the
// transition prior, with a flow after the encoder unless that is left out.
// loss = mean(priorFactor priorWeight divergence + squared error) + classifierWeight (model + latents), with the squared error
// of the second frame, summed over pixels.
// Differs in one thing: it takes pairs of frames, which longer sequences are cut into.
import type { Scalar, Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { prefixNames, statelessNormal, tensorflow } from "../../tensor";
import { applyLatentFlow, createLatentFlow, type LatentFlow, latentFlowVariables } from "./flow/latent-flow";
import { requireFramePairs } from "./frame-pairs";
import {
  createImageNetworks,
  type ImageDecoder,
  type ImageEncoder,
  type NetworkKind,
} from "./networks/image-networks";
import {
  type AssignmentDraws,
  createGuidedPrior,
  type GuidedPrior,
  type GuidedPriorOptions,
  guidance,
  guidedNll,
  guidedPriorVariables,
} from "./prior/guided-prior";
import { negativeLogDensity } from "./prior/normal-density";
import { transitionDivergence } from "./prior/transition-prior";

export interface CitrisVae extends GuidedPrior {
  readonly latents: number;
  readonly factors: number;
  readonly encoder: ImageEncoder;
  readonly decoder: ImageDecoder;
  readonly flow?: LatentFlow;
}

export interface CitrisVaeOptions extends GuidedPriorOptions {
  /** Height and width of the frames. */
  size?: number;
  channels?: number;
  latents?: number;
  factors: number;
  /** Residual blocks after each doubling of the image. */
  blocks?: number;
  kind?: NetworkKind;
  /** Whether a flow follows the encoder: by default, yes. */
  flow?: boolean;
  flowHidden?: number;
  rng: Random;
}

/**
 * Makes the parameters of CITRIS-VAE; the defaults are the published ones.
 *
 * @param options size of the frames, channels, latents, factors, whether there is a flow, and a generator; see
 *   `CitrisVaeOptions`
 * @returns the model; its variables are those of `citrisVaeVariables`
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { createCitrisVae, createRandom } from "dolab";
 * const model = createCitrisVae({ size: 8, channels: 4, latents: 4, factors: 2, flow: false, rng: createRandom(0) });
 * [model.latents, model.flow]; // => [4, undefined]
 */
export function createCitrisVae(options: CitrisVaeOptions): CitrisVae {
  const { size = 64, channels = 32, latents = 16, factors, blocks = 1, flow = true, rng } = options;
  const networks = createImageNetworks({
    size,
    channels,
    latents,
    blocks,
    rng,
    kind: options.kind,
    variational: true,
  });
  const after = flow ? { flow: createLatentFlow(latents, { hidden: options.flowHidden, rng }) } : {};
  const sizes = { latents, factors, priorHidden: channels, classifierHidden: channels };
  const guided = createGuidedPrior({ kind: "mlp", ...sizes, rng }, options);
  return { latents, factors, ...networks, ...after, ...guided };
}

/**
 * Names the variables as the published code does.
 *
 * @param model as `createCitrisVae` makes it
 * @returns variables by name, running statistics among them
 * @example
 * import { citrisVaeVariables, createCitrisVae, createRandom } from "dolab";
 * const model = createCitrisVae({ size: 8, channels: 4, latents: 4, factors: 2, rng: createRandom(0) });
 * citrisVaeVariables(model)["flow.flows.0.bias"].shape; // => [4]
 */
export const citrisVaeVariables = (model: CitrisVae): Record<string, Variable> => ({
  ...prefixNames("encoder", model.encoder.variables),
  ...prefixNames("decoder", model.decoder.variables),
  ...guidedPriorVariables(model),
  ...(model.flow ? prefixNames("flow", latentFlowVariables(model.flow)) : {}),
});

export interface CitrisVaeLoss {
  loss: Scalar;
  /** Mean divergence from the transition prior, in nats. */
  divergence: Scalar;
  /** Mean squared error of second frames, summed over pixels. */
  squaredError: Scalar;
  classifierModel: Scalar;
  classifierLatents: Scalar;
  /** Second frames as decoded. [rows, size, size, 3] */
  reconstruction: Tensor4D;
}

/** The seed is of the noise and of ψ: pass another one in each step. */
export interface CitrisVaeLossOptions extends AssignmentDraws {
  training: boolean;
  /** What the divergence is multiplied by at this step, such as a warm-up: 1. */
  priorFactor?: number | Scalar;
  /** Weight of the divergence: 1. */
  priorWeight?: number;
  /** Weight of the target classifier: 2. */
  classifierWeight?: number;
  /** Standard-normal draws in place of those of the seed. [rows 2, latents] */
  noise?: Tensor;
}

/**
 * Evaluates the loss of a batch of pairs of frames.
 *
 * @param model as `createCitrisVae` makes it
 * @param frames two in a row, from -1 to 1. [rows, 2, size, size, 3]
 * @param targets 1 where a factor was intervened upon between them, else 0. [rows, factors]
 * @param options the step's seed and weights; see `CitrisVaeLossOptions`
 * @returns the loss and its terms, means over the batch, and second frames as decoded
 * @throws {TypeError} where the shapes are others
 * @example
 * import { citrisVaeLoss, createCitrisVae, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createCitrisVae({ size: 8, channels: 4, latents: 4, factors: 2, flow: false, rng: createRandom(0) });
 * const options = { training: true, seed: tf.tensor1d([0, 1], "int32") };
 * const targets = tf.tensor2d([[1, 0], [0, 1], [0, 0]]);
 * citrisVaeLoss(model, tf.zeros([3, 2, 8, 8, 3]), targets, options).reconstruction.shape; // => [3, 8, 8, 3]
 */
export function citrisVaeLoss(
  model: CitrisVae,
  frames: Tensor,
  targets: Tensor,
  options: CitrisVaeLossOptions,
): CitrisVaeLoss {
  const { latents, factors, encoder, decoder, flow, prior } = model;
  const { seed, training, priorFactor = 1, priorWeight = 1, classifierWeight = 2 } = options;
  const { size } = encoder;
  requireFramePairs(frames, targets, { tail: [size, size, 3], factors });
  const tf = tensorflow();
  const rows = frames.shape[0];
  const encoded = encoder.encode(frames.reshape([rows * 2, size, size, 3]), { training });
  const { mean, logDeviation } = encoded as Required<typeof encoded>;
  const noise = options.noise ?? statelessNormal([rows * 2, latents], seed);
  const codes = mean.add(logDeviation.exp().mul(noise)); // [rows 2, latents]
  const pair = (tensor: Tensor) => tf.unstack(tensor.reshape([rows, 2, latents]), 1); // two of [rows, latents]
  const second = { mean: pair(mean)[1], logDeviation: pair(logDeviation)[1] };
  const turned = flow && applyLatentFlow(flow, codes);
  const [before, after] = pair(turned?.latents ?? codes).map((each) => each.expandDims(1)); // [rows, 1, latents]
  let divergence: Tensor; // [rows]
  if (turned) {
    const logPosterior = negativeLogDensity(second, pair(codes)[1]).sum(1).neg();
    const change = turned.logDeterminant.reshape([rows, 2]).slice([0, 1], [-1, 1]).reshape([rows]);
    const nll = guidedNll(model, { before, after, targets }, options);
    divergence = logPosterior.sub(change).add(nll);
  } else {
    divergence = transitionDivergence(prior, { before: pair(mean)[0], after: second, targets });
  }
  const reconstruction = decoder.decode(pair(codes)[1], { training });
  const shown = tf.unstack(frames, 1)[1]; // [rows, size, size, 3]
  const squaredError = reconstruction.sub(shown).square().sum([1, 2, 3]).mean().asScalar();
  const guided = guidance(model, { before, after, targets }, options);
  const meanDivergence = divergence.mean().asScalar();
  const loss = meanDivergence
    .mul(priorFactor)
    .mul(priorWeight)
    .add(squaredError)
    .add(guided.model.add(guided.latents).mul(classifierWeight))
    .asScalar();
  return {
    loss,
    squaredError,
    reconstruction,
    divergence: meanDivergence,
    classifierModel: guided.model,
    classifierLatents: guided.latents,
  };
}
