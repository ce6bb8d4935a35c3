// The texts that a world's model reads and writes, prompt and completion in one, and their tokens.
import { allStates, type BooleanRules, type WorldExample, worldExample } from "../../../data";
import { compactTokenizer, gpt2Tokenizer, type Tokenizer } from "../../../models";

/** Makes the examples of all states, in their order. */
export const everyExample = (rules: BooleanRules): WorldExample[] =>
  allStates(rules).map((state) => worldExample(rules, state));

export const textOf = ({ prompt, completion }: WorldExample): string => prompt + completion;

/** Makes the tokenizer of a vocabulary; the compact one holds what the rules can produce, whatever a dataset holds. */
export function worldTokenizer(rules: BooleanRules, vocabulary: "compact" | "gpt2"): Tokenizer {
  const full = gpt2Tokenizer();
  return vocabulary === "gpt2" ? full : compactTokenizer(full, everyExample(rules).map(textOf));
}

/** Counts the tokens of the longest text of a world, with the one that ends it. */
export const longestText = (rules: BooleanRules, tokenizer: Tokenizer): number =>
  everyExample(rules).reduce((most, example) => Math.max(most, tokenizer.encode(textOf(example)).length), 0) +
  1;

export interface WorldTokens {
  /** Ended and padded with the end of text. [examples, time] */
  tokens: Int32Array;
  /** 1 for each token that is a target: of the completion (or of all), and the first end of text. [examples, time] */
  targets: Uint8Array;
}

/** @param options.time tokens of each row @param options.loss which tokens are targets */
export function worldTokens(
  examples: readonly WorldExample[],
  tokenizer: Tokenizer,
  { time, loss }: { time: number; loss: "completion" | "all" },
): WorldTokens {
  const tokens = new Int32Array(examples.length * time).fill(tokenizer.endOfText);
  const targets = new Uint8Array(tokens.length);
  for (const [row, example] of examples.entries()) {
    const ids = tokenizer.encode(textOf(example));
    const first = loss === "all" ? 0 : tokenizer.encode(example.prompt).length;
    tokens.set(ids, row * time);
    targets.fill(1, row * time + first, row * time + ids.length + 1);
  }
  return { tokens, targets };
}
