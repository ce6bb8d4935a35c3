// Why a model cannot answer some states: a token of their answer occurs in no text that it read, or never in that place. Source
// document 003 excludes all ones and all zeros: the sums 5 and 0 belong to them alone.
import { type BooleanRules, formatState, type State } from "../../../data";
import type { Tokenizer } from "../../../models";
import { everyExample, textOf, worldTokenizer } from "./world-texts";

export interface UnseenToken {
  /** The excluded state, such as "1,1,1,1,1". */
  state: string;
  /** Its text, such as "5". */
  token: string;
  /** Its place in the state's text, in tokens from 0. */
  place: number;
  /** Whether another place of the texts that are read has it. */
  elsewhere: boolean;
}

/** A world's texts in tokens, and how often each token stands where. */
export interface TokenPlaces {
  tokenizer: Tokenizer;
  /** Tokens of each state's text, by the state's prompt. */
  rows: ReadonlyMap<string, readonly number[]>;
  /** How many texts have a token at each place. */
  counts: readonly ReadonlyMap<number, number>[];
  /** Tokens of a prompt, after which an answer begins. */
  promptLength: number;
}

/** Counts how often each token stands where in the texts of a world. */
export function tokenPlaces(rules: BooleanRules, tokenizer = worldTokenizer(rules, "compact")): TokenPlaces {
  const examples = everyExample(rules);
  const rows = new Map(examples.map((example) => [example.prompt, tokenizer.encode(textOf(example))]));
  const promptLength = tokenizer.encode(examples[0].prompt).length;
  return { tokenizer, rows, counts: countPlaces(rows.values()), promptLength };
}

function countPlaces(rows: Iterable<readonly number[]>): Map<number, number>[] {
  const counts: Map<number, number>[] = [];
  for (const row of rows) {
    for (const [place, id] of row.entries()) {
      counts[place] ??= new Map();
      counts[place].set(id, (counts[place].get(id) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Finds the tokens of held-out states' answers that no remaining text has in their place.
 *
 * @param rules the world's rules
 * @param excluded what is held-out, each state once
 * @param places of the rules; made by default
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
  places: TokenPlaces = tokenPlaces(rules),
): UnseenToken[] {
  const { tokenizer, rows, counts, promptLength } = places;
  const rowOf = (state: State) => rows.get(formatState(state)) as readonly number[];
  const held = countPlaces(excluded.map(rowOf));
  const isRead = (id: number, place: number) => (counts[place]?.get(id) ?? 0) > (held[place]?.get(id) ?? 0);
  return excluded.flatMap((state) =>
    rowOf(state).flatMap((id, place): UnseenToken[] => {
      if (place < promptLength || isRead(id, place)) return [];
      const elsewhere = counts.some((_, other) => isRead(id, other));
      return [{ state: formatState(state), token: tokenizer.decode([id]), place, elsewhere }];
    }),
  );
}
