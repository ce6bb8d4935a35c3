// Why a model cannot answer some states: a token of their answer occurs in no text that it read, or never in that place. Source
// document 003 excludes all ones and all zeros: the sums 5 and 0 belong to them alone.
import { type BooleanRules, formatState, type State, worldExample } from "../../data";
import type { Tokenizer } from "../../models";
import { everyExample, textOf, worldTokenizer } from "./world-texts";

export interface UnseenToken {
  /** The excluded state, such as "1,1,1,1,1". */
  state: string;
  /** Its text, such as "5". */
  token: string;
  /** Its place in the state's text, in tokens from 0. */
  place: number;
  /** Whether another place of the texts has it. */
  elsewhere: boolean;
}

/**
 * The tokens of excluded states' answers that no remaining text has in their place.
 *
 * @param excluded what training leaves out
 * @returns none where each answer can be put together from what was read
 * @example
 * import { booleanWorld, documentRules, parseStates } from "dolab";
 * const pair = parseStates(documentRules, "1,1,1,1,1;0,0,0,0,0");
 * const unseen = booleanWorld.unseenTokens(documentRules, pair);
 * unseen.map(({ token, elsewhere }) => [token, elsewhere]); // => [["5", false], ["0", true]]
 */
export function unseenTokens(
  rules: BooleanRules,
  excluded: readonly State[],
  tokenizer: Tokenizer = worldTokenizer(rules, "compact"),
): UnseenToken[] {
  const held = new Set(excluded.map(formatState));
  const read = everyExample(rules).filter(({ prompt }) => !held.has(prompt));
  const anywhere = new Set<number>();
  const places: Set<number>[] = [];
  for (const example of read) {
    for (const [place, id] of tokenizer.encode(textOf(example)).entries()) {
      anywhere.add(id);
      places[place] ??= new Set();
      places[place].add(id);
    }
  }
  return excluded.flatMap((state) => {
    const example = worldExample(rules, state);
    const first = tokenizer.encode(example.prompt).length;
    return tokenizer
      .encode(textOf(example))
      .flatMap((id, place): UnseenToken[] =>
        place < first || places[place]?.has(id)
          ? []
          : [{ state: example.prompt, token: tokenizer.decode([id]), place, elsewhere: anywhere.has(id) }],
      );
  });
}
