// Generation op by op, in Node and in a page. The keys and values of earlier positions are kept, so that each token costs
// one position's pass.
import { tensorflow } from "../../tensor";
import { checkGpt2Configuration, type Gpt2Configuration } from "./configuration";
import { type DecodeOptions, type Decoder, decode } from "./decode";
import { advanceGrowing, type Cache, type Observe } from "./gpt2";
import type { Gpt2Parameters } from "./parameters";

export interface GenerateOptions extends DecodeOptions {
  /**
   * Sees and replaces activations as in `gpt2`. The first call of a name shows the prompt's positions, each later one a
   * single position, `first`; a pattern's columns are all positions so far.
   */
  observe?: Observe;
}

/**
 * Continues prompts, one token after the other.
 *
 * Weights that change in the middle (by `atToken`) count from the next token on: what earlier positions have left in the
 * cache stays as it was computed.
 *
 * @param parameters those of `createGpt2`, or tensors of the same names and shapes
 * @param prompts of equal length, each of tokens from 0 to below the vocabulary
 * @param configuration the model's sizes
 * @param options how many tokens, where a sequence ends, greedy or by temperature, and hooks; see `GenerateOptions`
 * @returns what was generated for each prompt, without the prompt
 * @throws {RangeError} for prompts of different lengths, tokens outside the vocabulary, more tokens than positions, or
 *   a negative temperature; {TypeError} for a temperature above 0 without an `rng`
 * @example
 * import { createGpt2, createRandom, generate } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 2, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const sequences = await generate(parameters, [[1, 2, 3], [4, 5, 6]], configuration, { maximum: 2 });
 * sequences.map(({ length }) => length); // => [2, 2]
 */
export async function generate(
  parameters: Gpt2Parameters,
  prompts: readonly ArrayLike<number>[],
  configuration: Gpt2Configuration,
  { observe, ...options }: GenerateOptions = {},
): Promise<number[][]> {
  checkGpt2Configuration(configuration);
  const tf = tensorflow();
  let cache: Cache = [];
  const decoder: Decoder = {
    advance(tokens) {
      const before = cache;
      const next = tf.tidy(() => {
        const { logits, cache: entries } = advanceGrowing(parameters, tokens, configuration, before, observe);
        return { logits, entries: [...entries] };
      });
      cache = next.entries;
      tf.dispose([...before]);
      return { logits: next.logits };
    },
    dispose: () => tf.dispose([...cache]),
  };
  return decode(decoder, prompts, configuration, options);
}
