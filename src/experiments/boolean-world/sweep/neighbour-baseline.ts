// What a memory without rules would answer for states that it never read: the answer of the nearest state that it did read,
// by Hamming distance (the nearest neighbour rule of Cover & Hart 1967). Of several nearest ones each counts alike: shares are
// means over them. Where the answer adds up the inputs, a state one step away has another sum, so that no answer that is
// copied from it is exact: its values tell more.
import { allStates, type BooleanRules, formatState, type State, worldExample } from "../../../data";
import { answerParts } from "../../../data/boolean-world/answer";
import { mean } from "../../../stats";

export interface NeighbourBaseline {
  /** Share of held-out states whose answer is copied exactly. */
  exact: number;
  /** The share of copied values that are right, by the name of an output or sum. */
  parts: Record<string, number>;
}

/**
 * Copies the answers of the nearest states that were read. Nothing is trained.
 *
 * @param rules the world's rules
 * @param excluded the states that are asked; all others were read
 * @returns NaN where none is excluded, or none was read
 * @throws {RangeError} where a state does not fit the rules
 * @example
 * import { booleanWorld, documentRules, parseStates } from "dolab";
 * const held = parseStates(documentRules, "1,0,1,0,1");
 * const { exact, parts } = booleanWorld.neighbourBaseline(documentRules, held);
 * exact; // => 0
 * parts.newA; // => 0.6
 */
export function neighbourBaseline(rules: BooleanRules, excluded: readonly State[]): NeighbourBaseline {
  const answerOf = (state: State) => {
    const { completion } = worldExample(rules, state);
    return { exact: completion, ...answerParts(rules, completion) } as Record<string, string>;
  };
  const held = new Set(excluded.map(formatState));
  const read = allStates(rules).flatMap((state) =>
    held.has(formatState(state)) ? [] : [{ state, answer: answerOf(state) }],
  );
  const asked = excluded.map((state) => ({ answer: answerOf(state), copied: nearest(state, read) }));
  const share = (name: string) =>
    mean(asked.map(({ answer, copied }) => mean(copied.map((one) => Number(one[name] === answer[name])))));
  const { exact: _, ...parts } = answerOf(allStates(rules)[0]);
  return {
    exact: share("exact"),
    parts: Object.fromEntries(Object.keys(parts).map((name) => [name, share(name)])),
  };
}

function nearest<Answer>(state: State, read: readonly { state: State; answer: Answer }[]): Answer[] {
  const distances = read.map((one) => one.state.filter((value, i) => value !== state[i]).length);
  const least = distances.reduce((a, b) => Math.min(a, b), Infinity);
  return read.flatMap(({ answer }, i) => (distances[i] === least ? [answer] : []));
}
