// One block of GPT-2, x + attention(norm(x)), then x + mlp(norm(x)), on rows: the residual stream is kept
// [batch time, width], as every weight is then one plain matrix product.
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { layerNorm, tensorflow } from "../../tensor";
import type { Gpt2Configuration } from "./configuration";
import { gelu } from "./gelu";
import type { Gpt2Parameters } from "./parameters";

/**
 * Sees an activation by its name and returns what the model goes on with: the same to read, another of its shape to
 * intervene. The position of the first token that it shows is 0, but where a pass goes on from a cache.
 */
export type Observe = (name: string, activation: Tensor, first: number) => Tensor;

/** What the blocks of one pass share. */
export interface Pass {
  parameters: Gpt2Parameters;
  configuration: Gpt2Configuration;
  batch: number;
  time: number;
  /** 0, or so low that nothing is left of it; absent where everything may be seen. [time, total] */
  mask?: Tensor;
  /** Drops elements in training. */
  drop?: (input: Tensor) => Tensor;
  observe?: Observe;
  /** The position of the first token, where a number is known on the host; by default 0. */
  first?: number;
  /**
   * Joins a layer's keys and values [2, batch, heads, time, channels] to those of earlier passes, and keeps them for
   * later ones. @returns [2, batch, heads, total, channels]
   */
  remember?: (layer: number, keysAndValues: Tensor) => Tensor;
}

/** @param input [batch time, width] @returns [batch time, width] */
export function block(pass: Pass, layer: number, input: Tensor): Tensor {
  const middle = input.add(attention(pass, layer, norm(pass, `h.${layer}.ln_1`, input)));
  const output = middle.add(mlp(pass, layer, norm(pass, `h.${layer}.ln_2`, middle)));
  return observeRows(pass, `h.${layer}.residual`, output);
}

function attention(pass: Pass, layer: number, input: Tensor): Tensor {
  const { batch, time, mask, configuration } = pass;
  const { width, heads } = configuration;
  const channels = width / heads;
  const name = `h.${layer}.attn`;
  const tf = tensorflow();
  const parts = affine(pass, `${name}.c_attn`, input)
    .reshape([batch, time, 3, heads, channels])
    .transpose([2, 0, 3, 1, 4]); // [3, batch, heads, time, channels]
  const [queries, keys, values] = pass.remember
    ? [parts.slice([0], [1]).squeeze([0]), ...tf.unstack(pass.remember(layer, parts.slice([1], [2])))]
    : tf.unstack(parts);
  const products = tf.matMul(queries, keys, false, true).mul(1 / Math.sqrt(channels)); // [batch, heads, time, total]
  const pattern = tf.softmax(mask ? products.add(mask) : products);
  const attended = tf.matMul(drop(pass, observe(pass, `${name}.pattern`, pattern)), values);
  const kept = observe(pass, `${name}.heads`, attended); // [batch, heads, time, channels]
  const joined = kept.transpose([0, 2, 1, 3]).reshape([batch * time, width]);
  return observeRows(pass, `${name}.output`, drop(pass, affine(pass, `${name}.c_proj`, joined)));
}

function mlp(pass: Pass, layer: number, input: Tensor): Tensor {
  const name = `h.${layer}.mlp`;
  const neurons = observeRows(pass, `${name}.neurons`, gelu(affine(pass, `${name}.c_fc`, input)));
  return observeRows(pass, `${name}.output`, drop(pass, affine(pass, `${name}.c_proj`, neurons)));
}

/** @param input [rows, inputs] @returns [rows, outputs] */
function affine({ parameters }: Pass, name: string, input: Tensor): Tensor {
  const weight = parameters[`transformer.${name}.weight`] as Tensor2D; // [inputs, outputs]
  return tensorflow().matMul(input, weight).add(parameters[`transformer.${name}.bias`]);
}

export const norm = ({ parameters }: Pass, name: string, input: Tensor): Tensor =>
  layerNorm(
    { weight: parameters[`transformer.${name}.weight`], bias: parameters[`transformer.${name}.bias`] },
    input,
  );

/** Shows rows as [batch, time, channels]. */
export function observeRows(pass: Pass, name: string, rows: Tensor): Tensor {
  if (!pass.observe) return rows;
  const channels = rows.shape[1] as number;
  const { batch, time } = pass;
  return observe(pass, name, rows.reshape([batch, time, channels])).reshape([batch * time, channels]);
}

const observe = (pass: Pass, name: string, activation: Tensor): Tensor =>
  pass.observe ? pass.observe(name, activation, pass.first ?? 0) : activation;

export const drop = (pass: Pass, input: Tensor): Tensor => (pass.drop ? pass.drop(input) : input);
