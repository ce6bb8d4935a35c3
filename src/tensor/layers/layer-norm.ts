// Layer normalisation (Ba, Kiros & Hinton 2016) of the last axis: torch.nn.LayerNorm.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { fillVariable } from "./initial-values";

export interface LayerNormParameters<Value extends Tensor = Tensor> {
  /** [channels] */
  weight: Value;
  /** [channels] */
  bias: Value;
}

/** Makes the parameters of a layer normalisation: weight 1, bias 0. */
export const createLayerNorm = (channels: number): LayerNormParameters<Variable> => ({
  weight: fillVariable([channels], 1),
  bias: fillVariable([channels], 0),
});

/**
 * Brings each row to mean 0 and variance 1 (the biased one), then scales and shifts it.
 *
 * @param input [..., channels]
 * @returns [..., channels]
 */
export function layerNorm(
  { weight, bias }: LayerNormParameters,
  input: Tensor,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Tensor {
  const { mean, variance } = tensorflow().moments(input, -1, true); // [..., 1]
  return input.sub(mean).mul(variance.add(epsilon).rsqrt()).mul(weight).add(bias);
}
