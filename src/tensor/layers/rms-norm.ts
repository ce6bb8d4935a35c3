// Root-mean-square normalisation of the last axis (Zhang & Sennrich 2019): torch.nn.RMSNorm with an epsilon of its own,
// and without a weight that of the recursive reasoners.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { fillVariable } from "./initial-values";

export interface RmsNormParameters<Value extends Tensor = Tensor> {
  /** [channels] */
  weight?: Value;
}

/** Makes the parameters of a root-mean-square normalisation: weight 1. */
export const createRmsNorm = (channels: number): RmsNormParameters<Variable> => ({
  weight: fillVariable([channels], 1),
});

/**
 * input / sqrt(mean(input^2) + epsilon), times the weight where there is one
 *
 * @param parameters `{}` for none
 * @param input [..., channels]
 * @returns [..., channels]
 */
export function rmsNorm(
  { weight }: RmsNormParameters,
  input: Tensor,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Tensor {
  const scaled = input.mul(input.square().mean(-1, true).add(epsilon).rsqrt());
  return weight ? scaled.mul(weight) : scaled;
}
