// Root-mean-square normalisation of the last axis (Zhang & Sennrich 2019): torch.nn.RMSNorm with an epsilon of its own,
// and without a weight that of the recursive reasoners.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { fillVariable } from "./initial-values";
import { requireLayer } from "./layer-settings";

export interface RmsNormParameters<Value extends Tensor = Tensor> {
  /** [channels] */
  weight?: Value;
}

/**
 * Makes the parameters of a root-mean-square normalisation: weight 1.
 *
 * @param channels length of the input's last axis
 * @example
 * import { createRmsNorm, rmsNorm, tensorflow } from "dolab";
 * const [[first]] = rmsNorm(createRmsNorm(2), tensorflow().tensor2d([[3, -3]])).arraySync();
 * first.toFixed(3); // => "1.000"
 */
export function createRmsNorm(channels: number): RmsNormParameters<Variable> {
  requireLayer("a root-mean-square normalisation", { channels });
  return { weight: fillVariable([channels], 1) };
}

/**
 * input / sqrt(mean(input^2) + epsilon), times the weight where there is one
 *
 * @param parameters `{}` for none
 * @param input [..., channels]
 * @param options.axis what is normalised; a weight is along the last one
 * @param options.epsilon is added to the mean square
 * @returns [..., channels]
 */
export function rmsNorm(
  { weight }: RmsNormParameters,
  input: Tensor,
  { epsilon = 1e-5, axis = -1 }: { epsilon?: number; axis?: number } = {},
): Tensor {
  const scaled = input.mul(input.square().mean(axis, true).add(epsilon).rsqrt());
  return weight ? scaled.mul(weight) : scaled;
}
