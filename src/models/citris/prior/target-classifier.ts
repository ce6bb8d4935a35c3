// CITRIS's target classifier (Lippe et al. 2022, arXiv:2202.03169, section 4.4): it tells from z and a set of the new latents
// which factors were intervened upon. The latents of a factor are trained to tell that factor's target, and no more of the
// others' than the targets themselves tell, through a copy of the classifier that follows it.
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import {
  createDense,
  createLayerNorm,
  type DenseParameters,
  dense,
  drawVariable,
  fillVariable,
  type LayerNormParameters,
  layerNorm,
  prefixNames,
  silu,
  stopGradient,
  tensorflow,
} from "../../../tensor";
import { sampleAssignment } from "./assignment";

interface ClassifierNetwork {
  hidden: DenseParameters<Variable>;
  norm?: LayerNormParameters<Variable>;
  output: DenseParameters<Variable>;
}

export interface TargetClassifier {
  readonly latents: number;
  readonly factors: number;
  readonly network: ClassifierNetwork;
  /** The copy, which no gradient trains. */
  readonly follower: ClassifierNetwork;
  /** How much of the copy stays at a step, from 0 to 1. */
  readonly momentum: number;
  /** How often each factor was not, and was, intervened upon. [factors, 2] */
  readonly marginal: Variable;
  /** Batches in `marginal`. */
  readonly batches: Variable;
  /** Shares of factor i: no and yes where factor j was not, no and yes where it was. [factors i, factors j, 4] */
  readonly conditional?: Variable;
  /** Rows in `conditional`. [factors j, 2] */
  readonly rows?: Variable;
}

/**
 * Makes the parameters of a target classifier.
 *
 * @param options.hidden half the width of the hidden layer: c_hid
 * @param options.normalise whether the hidden layer is layer-normalised: by default, no
 * @param options.conditional whether other targets are foretold from the own one, where targets come together: by default, no
 * @param options.momentum how much of the copy stays at a step: 0
 */
export function createTargetClassifier({
  latents,
  factors,
  hidden,
  normalise = false,
  conditional = false,
  momentum = 0,
  rng,
}: {
  latents: number;
  factors: number;
  hidden: number;
  normalise?: boolean;
  conditional?: boolean;
  momentum?: number;
  rng: Random;
}): TargetClassifier {
  const network: ClassifierNetwork = {
    hidden: createDense(3 * latents, 2 * hidden, { rng }),
    ...(normalise ? { norm: createLayerNorm(2 * hidden) } : {}),
    output: createDense(2 * hidden, factors, { rng }),
  };
  const tf = tensorflow();
  tf.tidy(() => network.output.weight.assign(network.output.weight.zerosLike()));
  const half = (shape: number[]) => fillVariable(shape, 0.5, { trainable: false });
  return {
    latents,
    factors,
    network,
    follower: copyOf(network),
    momentum,
    marginal: half([factors, 2]),
    batches: fillVariable([], 0, { trainable: false }),
    ...(conditional
      ? {
          conditional: half([factors, factors, 4]),
          rows: fillVariable([factors, 2], 1, { trainable: false }),
        }
      : {}),
  };
}

function copyOf({ hidden, norm, output }: ClassifierNetwork): ClassifierNetwork {
  const copy = <Layer extends object>(layer: Layer) =>
    Object.fromEntries(
      Object.entries(layer).map(([name, variable]) => {
        const values = (variable as Variable).dataSync();
        let place = 0;
        const copied = drawVariable((variable as Variable).shape, () => values[place++]);
        copied.trainable = false;
        return [name, copied];
      }),
    ) as Layer;
  return { hidden: copy(hidden), output: copy(output), ...(norm ? { norm: copy(norm) } : {}) };
}

/** The variables by the published names; the copy and the counts are not `trainable`. */
export function targetClassifierVariables(classifier: TargetClassifier): Record<string, Variable> {
  const { network, follower, marginal, batches, conditional, rows } = classifier;
  const named = (name: string, { hidden, norm, output }: ClassifierNetwork) => ({
    ...prefixNames(`${name}.0`, hidden),
    ...(norm ? prefixNames(`${name}.1`, norm) : {}),
    ...prefixNames(`${name}.3`, output),
  });
  return {
    avg_dist: marginal,
    dist_steps: batches,
    ...(conditional && rows ? { avg_cond_dist: conditional, dist_cond_steps: rows } : {}),
    ...named("classifiers", network),
    ...named("exp_classifiers", follower),
  };
}

/** Batches after which the share of each target is known well enough. */
const ENOUGH_BATCHES = 1e6;

/**
 * Lets the copy follow the classifier, and counts the targets. Call it before the losses of a training step, outside of what
 * is differentiated.
 *
 * @param classifier such as `classifier` of a model; its copy and counts change
 * @param targets 0 or 1, [rows, factors]
 * @example
 * import { createCitrisNf, createRandom, followTargets, tensorflow } from "dolab";
 * const { classifier } = createCitrisNf({ latents: 4, factors: 2, channels: 8, rng: createRandom(0) });
 * followTargets(classifier, tensorflow().tensor2d([[1, 0], [1, 0]]));
 * classifier.marginal.arraySync(); // => [[0, 1], [1, 0]]
 */
export function followTargets(classifier: TargetClassifier, targets: Tensor): void {
  const { network, follower, momentum, marginal, batches, conditional, rows } = classifier;
  const tf = tensorflow();
  tf.tidy(() => {
    for (const layer of ["hidden", "norm", "output"] as const) {
      for (const [name, source] of Object.entries(network[layer] ?? {})) {
        const copy = (follower[layer] as unknown as Record<string, Variable>)[name];
        copy.assign(copy.mul(momentum).add((source as Variable).mul(1 - momentum)));
      }
    }
    const share = targets.mean(0); // [factors]
    const kept = batches.div(batches.add(1));
    const growing = batches.less(ENOUGH_BATCHES).cast("float32");
    const next = marginal.mul(kept).add(tf.stack([share.neg().add(1), share], 1).mul(kept.neg().add(1)));
    marginal.assign(marginal.add(next.sub(marginal).mul(growing)));
    if (conditional && rows) countConditionally(conditional, rows, targets);
    batches.assign(batches.add(growing) as Scalar);
  });
}

function countConditionally(conditional: Variable, rows: Variable, targets: Tensor): void {
  const tf = tensorflow();
  const count = targets.shape[0];
  const sums = targets.sum(0); // [factors]
  const both = targets.transpose().matMul(targets); // [i, j]
  const oneIfOne = both.div(sums.maximum(1e-5).expandDims(0));
  const oneIfZero = sums.expandDims(1).sub(both).div(sums.neg().add(count).maximum(1e-5).expandDims(0));
  const seen = tf.stack([oneIfZero.neg().add(1), oneIfZero, oneIfOne.neg().add(1), oneIfOne], 2);
  const added = tf.stack([sums.neg().add(count), sums], 1); // [j, 2]
  const kept = rows.div(rows.add(added)).reshape([1, -1, 2, 1]).tile([1, 1, 1, 2]).reshape([1, -1, 4]);
  conditional.assign(conditional.mul(kept).add(seen.mul(kept.neg().add(1))));
  rows.assign(rows.add(added));
}

export interface TargetClassifierLoss {
  /** The loss that trains the classifier; the latents do not feel it. */
  model: Scalar;
  /** The loss that trains the latents; the classifier does not feel it. */
  latents: Scalar;
}

/**
 * @param input.before latents of the frame before. [rows, latents]
 * @param input.after latents of this frame. [rows, latents]
 * @param input.targets 0 or 1, [rows, factors]
 * @param input.logits ψ as the prior has it. [latents, factors + 1]
 * @param input.seed of the draws of ψ, int32 [2]
 */
export function targetClassifierLoss(
  classifier: TargetClassifier,
  {
    before,
    after,
    targets,
    logits,
    seed,
    temperature,
  }: {
    before: Tensor;
    after: Tensor;
    targets: Tensor;
    logits: Tensor;
    seed: Tensor1D;
    temperature?: number | Tensor;
  },
): TargetClassifierLoss {
  const { latents, factors } = classifier;
  const tf = tensorflow();
  const rows = before.shape[0];
  const sets = factors + 2; // each factor's latents, ψ_0's, and all
  const drawn = sampleAssignment(logits, rows, { seed, temperature }); // [rows, latents, factors + 1]
  const member = tf.concat([drawn, tf.ones([rows, latents, 1])], 2).transpose([0, 2, 1]); // [rows, sets, latents]
  const input = (z: Tensor, next: Tensor, of: Tensor) =>
    tf
      .concat([z.expandDims(1).tile([1, sets, 1]), next.expandDims(1).mul(of), of], 2)
      .reshape([rows * sets, 3 * latents]);
  const truth = targets.expandDims(1).tile([1, sets, 1]); // [rows, sets, factors]
  const told = classify(
    classifier.network,
    input(stopGradient(before), stopGradient(after), stopGradient(member)),
  );
  const shown = classify(classifier.follower, input(before, after, member));
  // What a set should tell: its own factor's target, and all of them where it is the set of all latents.
  const own = tf.concat([tf.eye(factors), tf.zeros([1, factors]), tf.ones([1, factors])], 0); // [sets, factors]
  const wanted = truth.mul(own).add(expected(classifier, targets).mul(own.neg().add(1)));
  const weight = own.mul(factors - 1).add(1); // [sets, factors]
  const spread = (logits: Tensor) => logits.reshape([rows, sets, factors]);
  return {
    model: crossEntropyOfTargets(spread(told), truth).mean().mul(sets),
    latents: crossEntropyOfTargets(spread(shown), wanted).mul(weight).mean().mul(sets),
  };
}

/** What the other targets are likely to be. @returns [rows or 1, sets, factors] */
function expected({ factors, marginal, conditional }: TargetClassifier, targets: Tensor): Tensor {
  const tf = tensorflow();
  const share = marginal.slice([0, 1], [-1, 1]).reshape([1, 1, factors]);
  if (!conditional) return share.tile([1, factors + 2, 1]);
  const of = (value: number) =>
    conditional
      .slice([0, 0, 2 * value + 1], [-1, -1, 1])
      .reshape([1, factors, factors])
      .transpose([0, 2, 1]); // [1, j, i]
  const own = targets.expandDims(2); // [rows, j, 1]
  const given = of(1)
    .mul(own)
    .add(of(0).mul(own.neg().add(1))); // [rows, j, i]
  return tf.concat([given, share.tile([targets.shape[0], 2, 1])], 1);
}

/** @param input [rows, 3 latents] @returns logits, [rows, factors] */
const classify = ({ hidden, norm, output }: ClassifierNetwork, input: Tensor): Tensor => {
  const features = dense(hidden, input);
  return dense(output, silu(norm ? layerNorm(norm, features) : features));
};

/** Binary cross-entropy of logits, element by element, in nats. */
const crossEntropyOfTargets = (logits: Tensor, targets: Tensor): Tensor =>
  logits.softplus().sub(logits.mul(targets));
