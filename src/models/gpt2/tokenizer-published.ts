// The tokenizer of the published GPT-2 models: 50,257 tokens. gpt-tokenizer holds the tokens in the order in which they
// were made (OpenAI's r50k_base, the same as GPT-2's); which two make each follows from encoding it with earlier ones.
import { END_OF_TEXT, Tokenizer } from "./tokenizer";
import { symbolsOfBytes, symbolsOfText } from "./tokenizer-bytes";

let published: Tokenizer | undefined;

/**
 * Gives the published GPT-2's tokenizer, of 50,257 tokens. It is made at the first call and kept.
 *
 * @returns the same tokenizer in each call
 * @example
 * import { gpt2Tokenizer } from "dolab";
 * gpt2Tokenizer().encode("Hello world"); // => [15496, 995]
 * gpt2Tokenizer().decode([15496, 995]); // => "Hello world"
 */
export function gpt2Tokenizer(): Tokenizer {
  published ??= makeTokenizer();
  return published;
}

function makeTokenizer(): Tokenizer {
  const { default: ranks } =
    require("gpt-tokenizer/cjs/bpeRanks/r50k_base") as typeof import("gpt-tokenizer/cjs/bpeRanks/r50k_base");
  const tokens = (ranks as readonly (string | readonly number[])[]).map((token) =>
    typeof token === "string" ? symbolsOfText(token) : symbolsOfBytes(token),
  );
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  const merges = tokens.filter((token) => token.length > 1).map((token) => lastMerge(token, rankOf));
  return new Tokenizer({ vocabulary: new Map([...rankOf, [END_OF_TEXT, tokens.length]]), merges });
}

/** The two tokens that a token is made of: what is left when all merges before it are made. */
function lastMerge(token: string, rankOf: ReadonlyMap<string, number>): [string, string] {
  const parts = Array.from(token);
  while (parts.length > 2) {
    let best = 0;
    let least = Infinity;
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = rankOf.get(parts[i] + parts[i + 1]) ?? Infinity;
      if (rank < least) [best, least] = [i, rank];
    }
    parts.splice(best, 2, parts[best] + parts[best + 1]);
  }
  return [parts[0], parts[1]];
}
