// A model of a world that has read nothing: where a training starts, and what a trained one is compared with.
import type { BooleanRules, State } from "../../../data";
import { createGpt2 } from "../../../models";
import type { Random } from "../../../random";
import type { WorldModel } from "./train-model";
import { longestText, worldTokenizer } from "./world-texts";

export interface UntrainedModelOptions {
  /** Draws the weights. */
  rng: Random;
  /** Channels of the residual stream; a multiple of `heads`. */
  width?: number;
  layers?: number;
  heads?: number;
  /** GPT-2's own tokens, or of those only what the rules can produce. */
  vocabulary?: "compact" | "gpt2";
  /** States that it is not to read. */
  excluded?: readonly State[];
}

/**
 * Makes a model of a world with weights that were only drawn; it has a position for each token of the longest text.
 *
 * @param rules the world's rules
 * @param options its sizes, its vocabulary and the generator of its weights
 * @returns a model whose parameters are the caller's to dispose of
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * model.configuration.positions; // => 7
 * model.configuration.layers; // => 1
 */
export function untrainedModel(rules: BooleanRules, options: UntrainedModelOptions): WorldModel {
  const { rng, width = 16, layers = 1, heads = 2, vocabulary = "compact", excluded = [] } = options;
  const tokenizer = worldTokenizer(rules, vocabulary);
  const positions = longestText(rules, tokenizer);
  const configuration = { vocabulary: tokenizer.size, positions, width, layers, heads };
  return { rules, tokenizer, configuration, parameters: createGpt2(configuration, { rng }), excluded };
}
