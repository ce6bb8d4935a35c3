// A tokenizer cut down to what some texts need: their tokens, and the smaller ones that the merges make these of, so that
// it is a byte-pair encoding again and any of GPT-2's implementations reads its files.
import { Tokenizer } from "./tokenizer";

/**
 * Keeps the tokens of some texts, in the order of their ids.
 *
 * Texts of kept tokens alone are split as before, with other ids: `vocabulary` of the result holds the new id of each token,
 * and `full.vocabulary` the old one.
 *
 * @param full the tokenizer that is cut down
 * @param texts all that can be said, not a sample of it
 * @returns a byte-pair encoding again, with END_OF_TEXT among its tokens
 * @throws {RangeError} where `full` lacks a byte of a text
 * @example
 * import { compactTokenizer, gpt2Tokenizer } from "dolab";
 * const tokenizer = compactTokenizer(gpt2Tokenizer(), ["0,1"]);
 * [...tokenizer.vocabulary.keys()]; // => [",", "0", "1", "<|endoftext|>"]
 * tokenizer.encode("1,0"); // => [2, 0, 1]
 */
export function compactTokenizer(full: Tokenizer, texts: Iterable<string>): Tokenizer {
  const oldIds = new Set([full.endOfText]);
  for (const text of texts) for (const id of full.encode(text)) oldIds.add(id);
  const tokens = Array.from(full.vocabulary.keys());
  const kept = new Set(Array.from(full.vocabulary).flatMap(([token, id]) => (oldIds.has(id) ? [token] : [])));
  for (let i = full.merges.length - 1; i >= 0; i--) {
    const [left, right] = full.merges[i]; // both are made by earlier merges
    if (kept.has(left + right)) kept.add(left).add(right);
  }
  const vocabulary = new Map(tokens.filter((token) => kept.has(token)).map((token, id) => [token, id]));
  const merges = full.merges.filter(
    (pair) => kept.has(pair[0] + pair[1]) && kept.has(pair[0]) && kept.has(pair[1]),
  );
  return new Tokenizer({ vocabulary, merges });
}
