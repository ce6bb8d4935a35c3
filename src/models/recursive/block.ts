// A block of a recursive reasoner's networks, normalised after each sum: h = rms(h + mix(h)), h = rms(h + SwiGLU(h)), where
// mix is self-attention with rotary positions (Su et al. 2021), or a SwiGLU over the sequence (TRM's mlp_t). No bias, no
// learned gain. Parameters have the names and layouts of the published code.
import type { Tensor } from "@tensorflow/tfjs-node";
import { dense, rmsNorm, silu, tensorflow } from "../../tensor";
import type { ReasonerConfiguration } from "./configuration";

/** The value of a parameter, by its name within the block. */
export type BlockParameters = (name: string) => Tensor;

/** @param state [batch, length, channels] @returns the same shape */
export function reasonerBlock(
  parameters: BlockParameters,
  state: Tensor,
  { mixing, heads, positionEncoding }: ReasonerConfiguration,
): Tensor {
  let mixed: Tensor;
  if (mixing === "mlp") {
    mixed = rmsNorm({}, state.add(sequenceSwiglu(parameters, state)), { axis: 1 });
  } else {
    const attended = rotaryAttention(parameters, state, { heads, rotary: positionEncoding === "rope" });
    mixed = rmsNorm({}, state.add(attended));
  }
  return rmsNorm({}, mixed.add(swiglu(parameters, "mlp", mixed)));
}

/** down(silu(gate) up). The weight is cut, not the product, which is many times as large. @param input [..., width] */
function swiglu(parameters: BlockParameters, name: string, input: Tensor): Tensor {
  const weights = tensorflow().split(parameters(`${name}.gate_up_proj.weight`), 2, 0); // each [inner, width]
  const [gate, up] = weights.map((weight) => dense({ weight }, input)); // each [..., inner]
  return dense({ weight: parameters(`${name}.down_proj.weight`) }, silu(gate).mul(up));
}

/** The same over positions, each channel by itself: products from the left, as transposing costs as much as a product. */
function sequenceSwiglu(parameters: BlockParameters, input: Tensor): Tensor {
  const tf = tensorflow();
  const [batch] = input.shape;
  const times = (weight: Tensor, columns: Tensor) =>
    tf.matMul(weight.expandDims(0).tile([batch, 1, 1]), columns);
  const [gate, up] = tf.split(parameters("mlp_t.gate_up_proj.weight"), 2, 0); // each [inner, length]
  const inner = silu(times(gate, input)).mul(times(up, input)); // [batch, inner, channels]
  return times(parameters("mlp_t.down_proj.weight"), inner);
}

/** @param input [batch, length, channels] @returns the same shape */
function rotaryAttention(
  parameters: BlockParameters,
  input: Tensor,
  { heads, rotary }: { heads: number; rotary: boolean },
): Tensor {
  const tf = tensorflow();
  const [batch, length, channels] = input.shape;
  const size = channels / heads;
  const joined = dense({ weight: parameters("self_attn.qkv_proj.weight") }, input); // [batch, length, 3 channels]
  const apart = joined.reshape([batch, length, 3 * heads, size]).transpose([0, 2, 1, 3]);
  const [queries, keys, values] = tf.split(apart, 3, 1); // each [batch, heads, length, size]
  const [q, k] = rotary ? [rotate(queries), rotate(keys)] : [queries, keys];
  const scores = tf.matMul(q.mul(1 / Math.sqrt(size)), k, false, true); // [batch, heads, length, length]
  const attended = tf.matMul(tf.softmax(scores), values).transpose([0, 2, 1, 3]); // [batch, length, heads, size]
  return dense(
    { weight: parameters("self_attn.o_proj.weight") },
    attended.reshape([batch, length, channels]),
  );
}

/** Turns the pairs (i, i + size/2) of each position by its angles. @param input [batch, heads, length, size] */
function rotate(input: Tensor): Tensor {
  const tf = tensorflow();
  const [, , length, size] = input.shape;
  const { cosines, sines } = rotaryTables(length, size);
  const [first, second] = tf.split(input, 2, -1);
  return input.mul(cosines).add(tf.concat([second.neg(), first], -1).mul(sines));
}

const ROTARY_BASE = 10_000;

/**
 * Cosine and sine of position base^(-2 i / size), for both halves of the channels alike.
 *
 * @param size channels of a head, even
 * @returns each [length, size]
 */
export function rotaryTables(length: number, size: number): { cosines: Tensor; sines: Tensor } {
  const angles = Array.from({ length: length * size }, (_, at) => {
    const pair = (at % size) % (size / 2);
    return Math.fround(Math.floor(at / size) * Math.fround(ROTARY_BASE ** ((-2 * pair) / size)));
  });
  const table = (of: (angle: number) => number) =>
    tensorflow().tensor2d(Float32Array.from(angles, of), [length, size]);
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
