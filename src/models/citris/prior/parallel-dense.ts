// Dense layers side by side, one for each latent, that share nothing: "MultivarLinear" in CITRIS's published code. Weights
// begin as kaiming_uniform_ for ReLU makes them of the whole [latents, outputs, inputs], biases at 0.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { drawVariable, fillVariable, tensorflow, uniformWithin } from "../../../tensor";

export interface ParallelDense {
  /** [latents, outputs, inputs] */
  weight: Variable;
  /** [latents, outputs] */
  bias: Variable;
}

export function createParallelDense(
  latents: number,
  inputs: number,
  outputs: number,
  rng: Random,
): ParallelDense {
  const fanIn = outputs * inputs; // what PyTorch takes a three-axis weight to sum over
  return {
    weight: drawVariable([latents, outputs, inputs], uniformWithin(Math.sqrt(6 / fanIn), rng)),
    bias: fillVariable([latents, outputs], 0),
  };
}

/** @param input [rows, latents, inputs] @returns [rows, latents, outputs] */
export function parallelDense({ weight, bias }: ParallelDense, input: Tensor): Tensor {
  const byLatent = input.transpose([1, 0, 2]); // [latents, rows, inputs]
  const product = tensorflow().matMul(byLatent, weight, false, true); // [latents, rows, outputs]
  return product.transpose([1, 0, 2]).add(bias);
}
