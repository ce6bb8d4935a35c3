// A pass that goes on from the keys and values of earlier positions (the key-value cache), so that a token more costs one
// position's work. Growing: the cache gets longer, for eager execution. Rolling: a window of as many places as there are
// positions, empty ones first, out of which the oldest move: all shapes stay, so that one graph serves every token.
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";
import type { Observe, Pass } from "./block";
import { causalMask, MASKED } from "./causal-mask";
import type { Gpt2Configuration } from "./configuration";
import { runBlocks, unembed } from "./gpt2";
import type { Gpt2Parameters } from "./parameters";

/** Keys and values of each layer, [2, batch, heads, places, channels]. */
export type Cache = readonly Tensor[];

export interface Advance {
  /** Of the token after the last one. [batch, vocabulary] */
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
    ...{ parameters, configuration, batch, time, observe, first },
    ...(time > 1 ? { mask: causalMask(time, first) } : {}),
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
    ...{ parameters, configuration, batch, time, mask: hidden.cast("float32").mul(MASKED) },
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
