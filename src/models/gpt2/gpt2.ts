// GPT-2 (Radford et al. 2019) as Hugging Face's GPT2LMHeadModel computes it: learned positions, norms before attention
// and MLP, `gelu_new`, and the input embedding as the output's. One dropout rate for embedding, patterns and outputs.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { dropout, embedding, statelessUniform, tensorflow } from "../../tensor";
import { block, drop, norm, type Observe, observeRows, type Pass } from "./block";
import { causalMask } from "./causal-mask";
import { checkGpt2Configuration, type Gpt2Configuration } from "./configuration";
import type { Gpt2Parameters } from "./parameters";

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
export function runBlocks(pass: Pass, tokens: Tensor, places: Tensor): Tensor {
  const { parameters, configuration, batch, time } = pass;
  const start = embedding({ weight: parameters["transformer.wte.weight"] }, tokens)
    .add(places)
    .reshape([batch * time, configuration.width]);
  let stream = observeRows(pass, "embedding", drop(pass, start)); // [batch time, width]
  for (let layer = 0; layer < configuration.layers; layer++) stream = block(pass, layer, stream);
  return observeRows(pass, "ln_f", norm(pass, "ln_f", stream));
}

/** @param final [rows, width] @returns logits [rows, vocabulary] */
export const unembed = ({ parameters }: Pass, final: Tensor): Tensor =>
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
