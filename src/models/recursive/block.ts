// A block of a recursive reasoner's networks, normalised after each sum: h = rms(h + mix(h)), h = rms(h + SwiGLU(h)), where
// mix is self-attention with rotary positions (Su et al. 2021), or a SwiGLU over the sequence (TRM's mlp_t). No bias, no
// learned gain. Parameters have the names and layouts of the published code. Where a SwiGLU mixes positions, states have their
// positions first, so that both maps are one product of matrices: W [inner, length] with the state as [length, batch channels], and
// the state as [length batch, channels] with W^T. (Products of each sequence by itself, and transposing, cost twice as much.)
import type { Tensor } from "@tensorflow/tfjs-node";
import { dense, rmsNorm, tensorflow } from "../../tensor";
import type { ReasonerConfiguration } from "./configuration";

/** The value of a parameter, by its name within the block. */
export type BlockParameters = (name: string) => Tensor;

/** Whether states have the shape [length, batch, channels] within the block. */
export const isPositionsFirst = ({ mixing }: Pick<ReasonerConfiguration, "mixing">) => mixing === "mlp";

/** @param state [length, batch, channels] where `isPositionsFirst`, else [batch, length, channels] @returns the same shape */
export function reasonerBlock(
  parameters: BlockParameters,
  state: Tensor,
  configuration: ReasonerConfiguration,
): Tensor {
  const { heads, positionEncoding } = configuration;
  let mixed: Tensor;
  if (isPositionsFirst(configuration)) {
    mixed = rmsNorm({}, state.add(sequenceSwiglu(parameters, state)), { axis: 0 });
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
  return dense({ weight: parameters(`${name}.down_proj.weight`) }, gated(gate, up));
}

/** silu(gate) up, with a gradient of six passes where TensorFlow.js' own makes nine. */
function gated(gate: Tensor, up: Tensor): Tensor {
  const tf = tensorflow();
  const product = tf.customGrad((...given) => {
    const [g, u, save] = given as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const opened = g.sigmoid();
    const passed = g.mul(opened);
    save([u, opened, passed]);
    return {
      value: passed.mul(u),
      gradFunc: (upstream: Tensor, [ups, s, silu]: Tensor[]) => [
        upstream.mul(ups).mul(s.add(silu.mul(tf.sub(1, s)))),
        upstream.mul(silu),
      ],
    };
  });
  return product(gate, up);
}

/** The same over positions, each channel by itself. @param input [length, batch, channels] */
function sequenceSwiglu(parameters: BlockParameters, input: Tensor): Tensor {
  const tf = tensorflow();
  const columns = input.reshape([input.shape[0], -1]); // [length, batch channels]
  const [gate, up] = tf.split(parameters("mlp_t.gate_up_proj.weight"), 2, 0); // each [inner, length]
  const inner = gated(tf.matMul(gate, columns), tf.matMul(up, columns)); // [inner, batch channels]
  return tf.matMul(parameters("mlp_t.down_proj.weight"), inner).reshape(input.shape);
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
