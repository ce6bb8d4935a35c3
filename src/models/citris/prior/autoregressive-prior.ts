// The network of CITRIS's autoregressive transition prior (Lippe et al. 2022, arXiv:2202.03169, appendix C): it runs once for
// each set of latents (a factor's, or ψ_0's) and sees, of the new latents, those of the set alone, in order.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { createDense, type DenseParameters, dense, prefixNames, silu, tensorflow } from "../../../tensor";
import {
  type AutoregressiveDense,
  autoregressiveDense,
  autoregressiveDenseVariables,
  createAutoregressiveDense,
} from "../flow/autoregressive-dense";
import type { NormalParameters } from "./normal-density";

export interface AutoregressivePrior {
  context: DenseParameters<Variable>;
  target: DenseParameters<Variable>;
  input: AutoregressiveDense;
  hidden: AutoregressiveDense;
  output: AutoregressiveDense;
}

/** @param options.sets factors and ψ_0 @param options.hidden features for each latent */
export function createAutoregressivePrior({
  latents,
  sets,
  hidden,
  rng,
}: {
  latents: number;
  sets: number;
  hidden: number;
  rng: Random;
}): AutoregressivePrior {
  const layer = (inputs: number, outputs: number, diagonal: boolean) =>
    createAutoregressiveDense({ blocks: latents, inputs, outputs, diagonal, rng });
  return {
    context: createDense(latents, latents * hidden, { rng }),
    target: createDense(sets, latents * hidden, { rng }),
    input: layer(2, hidden, false),
    hidden: layer(hidden, hidden, true),
    output: layer(hidden, 2, true),
  };
}

export const autoregressivePriorVariables = (name: string, prior: AutoregressivePrior) => ({
  ...prefixNames(`${name}.context_layer`, prior.context),
  ...prefixNames(`${name}.target_layer`, prior.target),
  ...autoregressiveDenseVariables(`${name}.init_layer`, prior.input),
  ...autoregressiveDenseVariables(`${name}.net.1`, prior.hidden),
  ...autoregressiveDenseVariables(`${name}.net.3`, prior.output),
});

/**
 * @param input.before latents of the frame before. [rows, latents]
 * @param input.after latents of this frame. [rows, latents]
 * @param input.assigned ψ as one-hot draws. [rows, latents, sets]
 * @param input.targets with I_0 = 0 last. [rows, sets]
 * @param input.perfect whether an intervened factor forgets the last latents
 * @returns for each set, what its latents are like; each [rows, sets, latents]
 */
export function autoregressivePrior(
  prior: AutoregressivePrior,
  {
    before,
    after,
    assigned,
    targets,
    perfect,
  }: { before: Tensor; after: Tensor; assigned: Tensor; targets: Tensor; perfect: boolean },
): NormalParameters {
  const tf = tensorflow();
  const [rows, latents, sets] = assigned.shape;
  const ownTarget = tf.eye(sets).mul(targets.expandDims(1)).sub(tf.eye(sets).neg().add(1)); // -1: not shown
  const target = dense(prior.target, ownTarget); // [rows, sets, features]
  const member = assigned.transpose([0, 2, 1]); // [rows, sets, latents]
  const seen = tf.stack([after.expandDims(1).mul(member), member.mul(2).sub(1)], 3); // [rows, sets, latents, 2]
  const input = autoregressiveDense(prior.input, seen.reshape([rows * sets, 2 * latents]));
  const free = perfect ? targets.neg().add(1).expandDims(2) : tf.scalar(1); // [rows, sets, 1]
  const context = dense(prior.context, before).expandDims(1).mul(free); // [rows, sets, features]
  const features = target
    .add(context)
    .reshape([rows * sets, -1])
    .add(input)
    .div(2);
  const output = autoregressiveDense(
    prior.output,
    silu(autoregressiveDense(prior.hidden, silu(features))),
  ).reshape([rows, sets, latents, 2]);
  const [mean, logDeviation] = tf.unstack(output, 3);
  return { mean, logDeviation };
}
