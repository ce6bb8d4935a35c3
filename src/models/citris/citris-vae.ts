// CITRIS-VAE (Lippe et al. 2022, arXiv:2202.03169, section 4.2): a variational autoencoder of frames whose prior is the
// transition prior, with a flow after the encoder unless that is left out.
// loss = mean(priorFactor priorWeight divergence + squared error) + classifierWeight (model + latents), with the squared error
// of the second frame, summed over pixels.
// Differs in one thing: it takes pairs of frames, which longer sequences are cut into.
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { statelessNormal, tensorflow } from "../../tensor";
import { prefixed } from "./citris-nf";
import { applyLatentFlow, createLatentFlow, type LatentFlow, latentFlowVariables } from "./flow";
import { requireFramePairs } from "./frame-pairs";
import {
  createImageNetworks,
  type ImageDecoder,
  type ImageEncoder,
  type NetworkKind,
} from "./image-networks";
import { negativeLogDensity } from "./normal-density";
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
  transitionDivergence,
  transitionNll,
  transitionPriorVariables,
} from "./transition-prior";

export interface CitrisVae {
  readonly latents: number;
  readonly factors: number;
  readonly encoder: ImageEncoder;
  readonly decoder: ImageDecoder;
  readonly flow?: LatentFlow;
  readonly prior: TransitionPrior;
  readonly classifier: TargetClassifier;
}

export interface CitrisVaeOptions {
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
  perfect?: boolean;
  psi0Weight?: number;
  /** See `createTransitionPrior`. */
  evenStart?: number;
  normaliseClassifier?: boolean;
  conditionalTargets?: boolean;
  classifierMomentum?: number;
  rng: Random;
}

/** Makes the parameters of CITRIS-VAE; the defaults are the published ones. */
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
  return {
    latents,
    factors,
    ...networks,
    ...(flow ? { flow: createLatentFlow(latents, { hidden: options.flowHidden, rng }) } : {}),
    prior: createTransitionPrior({
      kind: "mlp",
      latents,
      factors,
      hidden: channels,
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
export const citrisVaeVariables = (model: CitrisVae): Record<string, Variable> => ({
  ...prefixed("encoder", model.encoder.variables),
  ...prefixed("decoder", model.decoder.variables),
  ...prefixed("prior_t1", transitionPriorVariables(model.prior)),
  ...prefixed("intv_classifier", targetClassifierVariables(model.classifier)),
  ...(model.flow ? prefixed("flow", latentFlowVariables(model.flow)) : {}),
});

export interface CitrisVaeLoss {
  loss: Scalar;
  /** Mean divergence from the transition prior, in nats. */
  divergence: Scalar;
  /** Mean squared error of second frames, summed over pixels. */
  squaredError: Scalar;
  classifierModel: Scalar;
  classifierLatents: Scalar;
  /** Of second frames. [rows, size, size, 3] */
  reconstruction: Tensor4D;
}

export interface CitrisVaeLossOptions {
  /** Of noise and ψ, int32 [2]: pass another one in each step. */
  seed: Tensor1D;
  training: boolean;
  /** What the divergence is multiplied by at this step, such as a warm-up: 1. */
  priorFactor?: number | Scalar;
  /** Weight of the divergence: 1. */
  priorWeight?: number;
  /** Weight of the target classifier: 2. */
  classifierWeight?: number;
  temperature?: number | Tensor;
  /** Standard-normal draws in place of those of the seed. [rows 2, latents] */
  noise?: Tensor;
}

/**
 * @param frames two in a row, from -1 to 1. [rows, 2, size, size, 3]
 * @param targets 1 where a factor was intervened upon between them. [rows, factors]
 * @throws {TypeError} where the shapes are others
 */
export function citrisVaeLoss(
  model: CitrisVae,
  frames: Tensor,
  targets: Tensor,
  options: CitrisVaeLossOptions,
): CitrisVaeLoss {
  const { latents, factors, encoder, decoder, flow, prior, classifier } = model;
  const { seed, training, priorFactor = 1, priorWeight = 1, classifierWeight = 2, temperature } = options;
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
  const drawn = { seed: seedFor(seed, 1), temperature, training };

  let z = codes;
  let divergence: Tensor; // [rows]
  if (flow) {
    const turned = applyLatentFlow(flow, codes);
    z = turned.latents;
    const [before, after] = pair(z).map((each) => each.expandDims(1)); // [rows, 1, latents]
    const logPosterior = negativeLogDensity(second, pair(codes)[1]).sum(1).neg();
    const change = turned.logDeterminant.reshape([rows, 2]).slice([0, 1], [-1, 1]).reshape([rows]);
    divergence = logPosterior.sub(change).add(transitionNll(prior, { before, after, targets, ...drawn }));
  } else {
    divergence = transitionDivergence(prior, { before: pair(mean)[0], after: second, targets });
  }
  const reconstruction = decoder.decode(pair(codes)[1], { training });
  const shown = tf.unstack(frames, 1)[1]; // [rows, size, size, 3]
  const squaredError = reconstruction.sub(shown).square().sum([1, 2, 3]).mean().asScalar();
  const [before, after] = pair(z);
  const guided = targetClassifierLoss(classifier, {
    before,
    after,
    targets,
    temperature,
    logits: prior.logits,
    seed: seedFor(seed, 2),
  });
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
