// Multi-head self-attention (Vaswani et al. 2017) with the parameters of torch.nn.MultiheadAttention, batch first:
// queries, keys and values from one product, heads side by side in the channels.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../backend";
import { dense } from "./dense";
import { drawVariable, fanInUniform, fillVariable, xavierUniform } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface SelfAttentionParameters<Value extends Tensor = Tensor> {
  /** Queries, keys, values. [3 channels, channels] */
  in_proj_weight: Value;
  /** [3 channels] */
  in_proj_bias?: Value;
  /** [channels, channels] */
  "out_proj.weight": Value;
  /** [channels] */
  "out_proj.bias"?: Value;
}

/**
 * Makes the parameters of a self-attention as PyTorch does: Xavier-uniform in, fan-in-uniform out, biases 0.
 *
 * @param channels length of the input's last axis
 * @param options.rng draws the initial values
 * @param options.bias whether it has biases: by default, yes
 * @example
 * import { createRandom, createSelfAttention, selfAttention, tensorflow } from "dolab";
 * const parameters = createSelfAttention(8, { rng: createRandom(1) });
 * selfAttention(parameters, tensorflow().zeros([2, 5, 8]), { heads: 4, causal: true }).shape; // => [2, 5, 8]
 */
export function createSelfAttention(
  channels: number,
  options: { rng: Random; bias?: boolean },
): SelfAttentionParameters<Variable> {
  requireLayer("a self-attention", { channels }, options, ["rng", "bias"]);
  const { rng, bias = true } = options;
  const weights = {
    in_proj_weight: drawVariable([3 * channels, channels], xavierUniform(channels, 3 * channels, rng)),
    "out_proj.weight": drawVariable([channels, channels], fanInUniform(channels, rng)),
  };
  if (!bias) return weights;
  const biases = {
    in_proj_bias: fillVariable([3 * channels], 0),
    "out_proj.bias": fillVariable([channels], 0),
  };
  return { ...weights, ...biases };
}

const MASKED = -1e9; // its exponential is 0 in float32, and no gradient of it is NaN

/**
 * Lets each position look at all, or at itself and those before it.
 *
 * @param parameters of `createSelfAttention`
 * @param input [batch, positions, channels]
 * @param options.heads a divisor of the channels
 * @param options.causal whether later positions are hidden: by default, no
 * @returns [batch, positions, channels]
 * @throws {RangeError} where the channels do not divide into the heads
 * @example
 * import { createRandom, createSelfAttention, selfAttention, tensorflow } from "dolab";
 * const layer = createSelfAttention(8, { rng: createRandom(1) });
 * selfAttention(layer, tensorflow().zeros([2, 5, 8]), { heads: 2, causal: true }).shape; // => [2, 5, 8]
 */
export function selfAttention(
  parameters: SelfAttentionParameters,
  input: Tensor,
  { heads, causal = false }: { heads: number; causal?: boolean },
): Tensor {
  requireLayerCall(
    "selfAttention(layer, input, { heads })",
    parameters,
    ["in_proj_weight", "out_proj.weight"],
    input,
  );
  const tf = tensorflow();
  const [batch, positions, channels] = input.shape;
  if (!(channels % heads === 0)) {
    throw new RangeError(`Cannot attend as ${channels} channels must divide into the heads: got ${heads}`);
  }
  const { in_proj_weight: weight, in_proj_bias: bias } = parameters;
  const [queries, keys, values] = tf
    .split(dense({ weight, bias }, input), 3, -1) // each [batch, positions, channels]
    .map((part) => part.reshape([batch, positions, heads, channels / heads]).transpose([0, 2, 1, 3]));
  const products = tf.matMul(queries.mul(Math.sqrt(heads / channels)), keys, false, true);
  const scores = causal ? products.add(causalMask(positions)) : products; // [batch, heads, positions, positions]
  const attended = tf.matMul(tf.softmax(scores), values); // [batch, heads, positions, channels / heads]
  const joined = attended.transpose([0, 2, 1, 3]).reshape([batch, positions, channels]);
  return dense({ weight: parameters["out_proj.weight"], bias: parameters["out_proj.bias"] }, joined);
}

/** 0 where a row's position may look at a column's, else so low that nothing is left of it. [positions, positions] */
function causalMask(positions: number): Tensor {
  const hides = (_: unknown, index: number) =>
    index % positions > Math.floor(index / positions) ? MASKED : 0;
  return tensorflow().tensor2d(Float32Array.from({ length: positions ** 2 }, hides), [positions, positions]);
}
