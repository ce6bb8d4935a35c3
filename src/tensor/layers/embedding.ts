// A learned vector for each of a number of symbols: torch.nn.Embedding.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../backend";
import { drawVariable, zeroMeanNormal } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface EmbeddingParameters<Value extends Tensor = Tensor> {
  /** [symbols, channels] */
  weight: Value;
}

/**
 * Makes the vectors of an embedding.
 *
 * @param symbols how many there are
 * @param channels length of each one's vector
 * @param options.rng draws the initial values
 * @param options.draw draws each element: by default as PyTorch, N(0, 1)
 * @example
 * import { createEmbedding, createRandom, embedding, tensorflow } from "dolab";
 * const table = createEmbedding(10, 4, { rng: createRandom(1) });
 * embedding(table, tensorflow().tensor2d([[1, 2, 3]], [1, 3], "int32")).shape; // => [1, 3, 4]
 */
export function createEmbedding(
  symbols: number,
  channels: number,
  options: { rng: Random; draw?: () => number },
): EmbeddingParameters<Variable> {
  requireLayer("an embedding", { symbols, channels }, options, ["rng", "draw"]);
  const { rng, draw = zeroMeanNormal(1, rng) } = options;
  return { weight: drawVariable([symbols, channels], draw) };
}

/**
 * Looks symbols up. Symbols are not checked here, as a traced step must not read them.
 *
 * @param parameters of `createEmbedding`
 * @param symbols [...], int32, each from 0 to below the number of symbols
 * @returns [..., channels]
 * @throws {TypeError} for symbols that are not int32
 * @example
 * import { embedding, tensorflow } from "dolab";
 * const tf = tensorflow();
 * embedding({ weight: tf.tensor2d([[1, 2], [3, 4]]) }, tf.tensor1d([1, 0], "int32")).dataSync(); // => [3, 4, 1, 2]
 */
export function embedding(parameters: EmbeddingParameters, symbols: Tensor): Tensor {
  requireLayerCall("embedding(layer, symbols)", parameters, ["weight"], symbols);
  const { weight } = parameters;
  if (symbols.dtype !== "int32")
    throw new TypeError(`Cannot look symbols up as they must be int32: got ${symbols.dtype}`);
  const tf = tensorflow();
  if (tf.getBackend() !== "wasm") return tf.gather(weight, symbols);
  const [count, channels] = weight.shape as number[];
  // WebAssembly has no gradient of gather, and oneHot takes two symbols at least.
  const chosen = count === 1 ? tf.ones([symbols.size, 1]) : tf.oneHot(symbols.flatten(), count);
  return chosen.matMul(weight).reshape([...symbols.shape, channels]);
}
