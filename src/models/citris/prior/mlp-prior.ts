// The network of CITRIS's MLP transition prior (Lippe et al. 2022, arXiv:2202.03169, appendix C): latents are independent of
// one another, and each has small layers of its own, which see that latent and a share of all old latents. Where interventions
// are perfect, what a latent is like under them are free parameters; where they are imperfect, the network is shown the targets.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import {
  createDense,
  type DenseParameters,
  dense,
  drawVariable,
  prefixNames,
  silu,
  tensorflow,
  uniformWithin,
} from "../../../tensor";
import type { NormalParameters } from "./normal-density";
import { createParallelDense, type ParallelDense, parallelDense } from "./parallel-dense";

export interface MlpPrior {
  context: DenseParameters<Variable>;
  input: ParallelDense;
  hidden: ParallelDense;
  output: ParallelDense;
}

/** Bound of the uniform draws that parameters under interventions begin with. */
const INTERVENED_BOUND = 0.5;

/** @param options.sets factors and ψ_0 @param options.hidden features for each latent */
export function createMlpPrior({
  latents,
  sets,
  hidden,
  perfect,
  rng,
}: {
  latents: number;
  sets: number;
  hidden: number;
  perfect: boolean;
  rng: Random;
}): MlpPrior {
  return {
    context: createDense(latents, hidden * latents, { rng }),
    input: createParallelDense(latents, perfect ? 1 : 1 + sets, hidden, rng),
    hidden: createParallelDense(latents, hidden, hidden, rng),
    output: createParallelDense(latents, hidden, 2, rng),
  };
}

/** Draws mean and log-deviation of each latent under an intervention on each factor. @returns [latents, factors, 2] */
export const createIntervenedParameters = (latents: number, factors: number, rng: Random): Variable =>
  drawVariable([latents, factors, 2], uniformWithin(INTERVENED_BOUND, rng));

/** The variables by the published names. */
export const mlpPriorVariables = ({ context, input, hidden, output }: MlpPrior): Record<string, Variable> =>
  Object.assign(
    {},
    prefixNames("context_layer", context),
    prefixNames("inp_layer", input),
    prefixNames("out_layer.1", hidden),
    prefixNames("out_layer.3", output),
  );

/**
 * What the network expects of each new latent.
 *
 * @param before [rows, latents]
 * @param shown what each latent knows of the targets, where interventions are imperfect. [rows, latents, sets]
 * @returns each [rows, latents]
 */
export function mlpPrior(mlp: MlpPrior, before: Tensor, shown?: Tensor): NormalParameters {
  const tf = tensorflow();
  const [rows, latents] = before.shape;
  const own = before.expandDims(2); // [rows, latents, 1]
  const input = parallelDense(mlp.input, shown ? tf.concat([own, shown], 2) : own);
  const context = dense(mlp.context, before).reshape([rows, latents, -1]); // [rows, latents, hidden]
  const output = parallelDense(mlp.output, silu(parallelDense(mlp.hidden, silu(context.add(input)))));
  const [mean, logDeviation] = tf.unstack(output, 2);
  return { mean, logDeviation };
}

/**
 * What an imperfect network would expect of each latent if it belonged to each set.
 *
 * @param before [rows, latents]
 * @param targets with I_0 = 0 last. [rows, sets]
 * @returns each [rows, sets, latents]
 */
export function mlpPriorOfEverySet(mlp: MlpPrior, before: Tensor, targets: Tensor): NormalParameters {
  const tf = tensorflow();
  const [rows, latents] = before.shape;
  const sets = targets.shape[1] as number;
  const seen = tf.eye(sets).expandDims(0); // [1, sets, sets]
  const shown = targets.expandDims(1).mul(seen).sub(seen.neg().add(1)); // [rows, sets, sets]; -1: not shown
  const repeated = before.expandDims(1).tile([1, sets, 1]); // [rows, sets, latents]
  const { mean, logDeviation } = mlpPrior(
    mlp,
    repeated.reshape([rows * sets, latents]),
    shown
      .expandDims(2)
      .tile([1, 1, latents, 1])
      .reshape([rows * sets, latents, sets]),
  );
  return {
    mean: mean.reshape([rows, sets, latents]),
    logDeviation: logDeviation.reshape([rows, sets, latents]),
  };
}
