// GPT-2 (Radford et al. 2019) as Hugging Face's GPT2LMHeadModel computes it: learned positions, norms before attention
// and MLP, `gelu_new`, and the input embedding as the output's. The whole forward pass stands here: the pass over a text,
// its blocks, and the passes that go on from a cache. The residual stream is kept as rows, [batch time, width], as every
// weight is then one plain matrix product. On purpose otherwise than there: one dropout rate for embedding, patterns and outputs.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { dropout, embedding, layerNorm, statelessUniform, tensorflow } from "../../tensor";
import { checkGpt2Configuration, type Gpt2Configuration } from "./configuration";
import { gelu } from "./gelu";
import type { Gpt2Parameters } from "./parameters";

/**
 * Sees an activation by its name and returns what the model goes on with: the same to read, another of its shape to
 * intervene. The position of the first token that it shows is 0, but where a pass goes on from a cache.
 */
export type Observe = (name: string, activation: Tensor, first: number) => Tensor;

/** What the blocks of one pass share. */
interface Pass {
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

export interface Gpt2Options {
  /** Drops elements, in training: rate from 0 to below 1; seed int32 [2], another one in each call. */
  dropout?: { rate: number; seed: Tensor };
  /**
   * Sees each activation and returns what to go on with. For each layer, from `h.0`, in the order of computation:
   * `h.0.attn.pattern` [batch, heads, time, time], rows of attention that sum to 1;
   * `h.0.attn.heads` [batch, heads, time, width / heads]; `h.0.attn.output` [batch, time, width];
   * `h.0.mlp.neurons` [batch, time, 4 width], after the non-linearity; `h.0.mlp.output` [batch, time, width];
   * `h.0.residual` [batch, time, width], the stream after the layer. Before them `embedding`, the stream as it begins,
   * and after them `ln_f`, what is compared with each token; both [batch, time, width].
   */
  observe?: Observe;
}

/**
 * Scores each token as the one that follows each position.
 *
 * @param parameters those of `createGpt2`, or tensors of the same names and shapes
 * @param tokens [batch, time], int32, each from 0 to below the vocabulary (not checked in a compiled step)
 * @param configuration the model's sizes, those that the parameters were made with
 * @param options.dropout drops elements in training; without it the pass is deterministic
 * @param options.observe sees each activation and returns what the model goes on with; its names stand at `Gpt2Options`
 * @returns logits [batch, time, vocabulary]
 * @throws {TypeError} for tokens of another shape or dtype; {RangeError} for more than there are positions
 * @example
 * import { createGpt2, createRandom, gpt2, tensorflow } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 2, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const tokens = tensorflow().tensor2d([[1, 2, 3]], [1, 3], "int32");
 * gpt2(parameters, tokens, configuration).shape; // => [1, 3, 11]
 */
export function gpt2(
  parameters: Gpt2Parameters,
  tokens: Tensor,
  configuration: Gpt2Configuration,
  { dropout: dropping, observe }: Gpt2Options = {},
): Tensor3D {
  checkGpt2Configuration(configuration);
  checkTokens(tokens);
  const { vocabulary, positions, width } = configuration;
  const [batch, time] = tokens.shape;
  if (time > positions)
    throw new RangeError(`Cannot apply a GPT-2 as it has ${positions} positions: got ${time} tokens`);
  const pass: Pass = { parameters, configuration, batch, time, mask: causalMask(time), observe };
  if (dropping) pass.drop = dropper(dropping, configuration, batch, time);
  const places = parameters["transformer.wpe.weight"].slice([0, 0], [time, width]);
  return unembed(pass, runBlocks(pass, tokens, places)).reshape([batch, time, vocabulary]);
}

/** @throws {TypeError} for another shape or dtype than int32 [batch, time] */
function checkTokens(tokens: Tensor): void {
  if (tokens.rank === 2 && tokens.dtype === "int32") return;
  const rule = "tokens must be int32 [batch, time]";
  throw new TypeError(`Cannot apply a GPT-2 as ${rule}: got ${tokens.dtype} [${tokens.shape}]`);
}

/** @param places the vectors of the positions, [time, width] @returns what is compared with each token, [batch time, width] */
function runBlocks(pass: Pass, tokens: Tensor, places: Tensor): Tensor {
  const { parameters, configuration, batch, time } = pass;
  const start = embedding({ weight: parameters["transformer.wte.weight"] }, tokens)
    .add(places)
    .reshape([batch * time, configuration.width]);
  let stream = observeRows(pass, "embedding", drop(pass, start)); // [batch time, width]
  for (let layer = 0; layer < configuration.layers; layer++) stream = block(pass, layer, stream);
  return observeRows(pass, "ln_f", norm(pass, "ln_f", stream));
}

/** @param final [rows, width] @returns logits [rows, vocabulary] */
const unembed = ({ parameters }: Pass, final: Tensor): Tensor =>
  tensorflow().matMul(final as Tensor2D, parameters["transformer.wte.weight"] as Tensor2D, false, true);

/** Drops elements by one draw of numbers for the whole pass, of which each call takes its part. */
function dropper(
  { rate, seed }: { rate: number; seed: Tensor },
  { width, layers, heads }: Gpt2Configuration,
  batch: number,
  time: number,
): (input: Tensor) => Tensor {
  const rows = batch * time * width;
  const patterns = batch * heads * time * time;
  const uniforms = statelessUniform([rows + layers * (2 * rows + patterns)], seed);
  let taken = 0;
  return (input) => {
    const part = uniforms.slice([taken], [input.size]).reshape(input.shape);
    taken += input.size;
    return dropout(input, part, rate);
  };
}

/** One block: x + attention(norm(x)), then x + mlp(norm(x)). @param input [batch time, width] @returns [batch time, width] */
function block(pass: Pass, layer: number, input: Tensor): Tensor {
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

const norm = ({ parameters }: Pass, name: string, input: Tensor): Tensor =>
  layerNorm(
    { weight: parameters[`transformer.${name}.weight`], bias: parameters[`transformer.${name}.bias`] },
    input,
  );

/** Shows rows as [batch, time, channels]. */
function observeRows(pass: Pass, name: string, rows: Tensor): Tensor {
  if (!pass.observe) return rows;
  const channels = rows.shape[1] as number;
  const { batch, time } = pass;
  return observe(pass, name, rows.reshape([batch, time, channels])).reshape([batch * time, channels]);
}

const observe = (pass: Pass, name: string, activation: Tensor): Tensor =>
  pass.observe ? pass.observe(name, activation, pass.first ?? 0) : activation;

const drop = (pass: Pass, input: Tensor): Tensor => (pass.drop ? pass.drop(input) : input);

/** What is added to a score that no position may look at: its exponential is 0 in float32, and no gradient of it is NaN. */
const MASKED = -1e9;

/**
 * 0 where a row's position may look at a column's, else so low that nothing is left of it.
 *
 * @param first how many positions stand before the first row's
 * @returns [time, first + time]
 */
function causalMask(time: number, first = 0): Tensor {
  const total = first + time;
  const hides = (_: unknown, index: number) =>
    index % total > first + Math.floor(index / total) ? MASKED : 0;
  return tensorflow().tensor2d(Float32Array.from({ length: time * total }, hides), [time, total]);
}

// Passes that go on from the keys and values of earlier positions (the key-value cache), so that a token more costs one
// position's work. Growing: the cache gets longer, for eager execution. Rolling: a window of as many places as there are
// positions, empty ones first, out of which the oldest move: all shapes stay, so that one graph serves every token.

/** Keys and values of each layer, [2, batch, heads, places, channels]. */
export type Cache = readonly Tensor[];

export interface Advance {
  /** The logits of the token after the last one. [batch, vocabulary] */
  logits: Tensor2D;
  cache: Cache;
}

/** @param tokens the next ones, int32 [batch, time] @param cache of the tokens before, [] at the start */
export function advanceGrowing(
  parameters: Gpt2Parameters,
  tokens: Tensor,
  configuration: Gpt2Configuration,
  cache: Cache,
  observe?: Observe,
): Advance {
  const tf = tensorflow();
  const [batch, time] = tokens.shape;
  const first = cache.length > 0 ? (cache[0].shape[3] as number) : 0;
  const next: Tensor[] = [];
  const pass: Pass = {
    parameters,
    configuration,
    batch,
    time,
    observe,
    first,
    mask: time > 1 ? causalMask(time, first) : undefined,
    remember(layer, added) {
      next.push(first > 0 ? tf.concat([cache[layer], added], 3) : added);
      return next[layer];
    },
  };
  const places = parameters["transformer.wpe.weight"].slice([first, 0], [time, configuration.width]);
  return { logits: lastLogits(pass, runBlocks(pass, tokens, places)), cache: next };
}

/** The cache before the first rolling pass. */
export const emptyWindow = (
  { layers, heads, positions, width }: Gpt2Configuration,
  batch: number,
): Tensor[] =>
  Array.from({ length: layers }, () => tensorflow().zeros([2, batch, heads, positions, width / heads]));

/**
 * @param tokens the next ones, int32 [batch, time]
 * @param first the position of the first of them, an int32 scalar
 * @param cache `emptyWindow` or as it was returned
 */
export function advanceRolling(
  parameters: Gpt2Parameters,
  tokens: Tensor,
  first: Tensor,
  configuration: Gpt2Configuration,
  cache: Cache,
): Advance {
  const tf = tensorflow();
  const [batch, time] = tokens.shape;
  const { positions, heads, width } = configuration;
  const rows = tf.range(0, time, 1, "int32").add(first); // [time], positions
  const columns = tf.range(time - positions, time, 1, "int32").add(first); // [positions], negative where empty
  const hidden = columns.less(0).logicalOr(columns.greater(rows.expandDims(1))); // [time, positions]
  const next: Tensor[] = [];
  const pass: Pass = {
    parameters,
    configuration,
    batch,
    time,
    mask: hidden.cast("float32").mul(MASKED),
    remember(layer, added) {
      const kept = cache[layer].slice([0, 0, 0, time, 0], [2, batch, heads, positions - time, width / heads]);
      next.push(tf.concat([kept, added], 3));
      return next[layer];
    },
  };
  const places = tf.gather(parameters["transformer.wpe.weight"], rows);
  return { logits: lastLogits(pass, runBlocks(pass, tokens, places)), cache: next };
}

/** @param final [batch time, width] @returns [batch, vocabulary] */
function lastLogits(pass: Pass, final: Tensor): Tensor2D {
  const { batch, time, configuration } = pass;
  const { width } = configuration;
  const last = final
    .reshape([batch, time, width])
    .slice([0, time - 1, 0], [batch, 1, width])
    .reshape([batch, width]) as Tensor2D;
  if (batch === 1) return unembed(pass, last) as Tensor2D;
  // With the long matrix first, some rows times many words take up to half the time.
  const words = pass.parameters["transformer.wte.weight"] as Tensor2D; // [vocabulary, width]
  return tensorflow().matMul(words, last, false, true).transpose<Tensor2D>();
}
