// A state's text, prompt and right answer, as a model reads it.
import { applyRules, type BooleanRules, type State, worldExample } from "../../../data";
import type { Tokenizer } from "../../../models";
import { textOf } from "../model/world-texts";

export interface StateText {
  ids: number[];
  /** The text of each id: a figure's labels. */
  tokens: string[];
}

/** A model as far as its texts go. */
interface Speaker {
  rules: BooleanRules;
  tokenizer: Tokenizer;
}

/**
 * Writes a state's text, prompt and right answer, as the tokens that a model reads.
 *
 * @param speaker a model, or the rules and the tokenizer alone
 * @param state one value, 0 or 1, for each input of the rules
 * @throws {RangeError} as `applyRules` does
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * booleanWorld.stateText(model, [1, 0]).tokens; // => ["1", ",", "0", "\n", "1", "\n"]
 */
export function stateText(speaker: Speaker, state: State): StateText {
  const { rules, tokenizer } = speaker;
  const ids = tokenizer.encode(textOf(worldExample(rules, state)));
  return { ids, tokens: ids.map((id) => tokenizer.decode([id])) };
}

/**
 * Finds where a state's text has the value that a rule makes, as a position among its tokens.
 *
 * @param speaker a model, or the rules and the tokenizer alone
 * @param state one value, 0 or 1, for each input of the rules
 * @param name a rule's name, such as "newB"
 * @throws {RangeError} for a name that no rule has, or where values are not tokens of their own
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * booleanWorld.outputPosition(model, [1, 0], "newA"); // => 4
 */
export function outputPosition(speaker: Speaker, state: State, name: string): number {
  const { rules, tokenizer } = speaker;
  const place = rules.rules.findIndex((rule) => rule.name === name);
  if (place < 0) {
    const known = rules.rules.map((rule) => rule.name).join(", ");
    throw new RangeError(`Cannot find a value in the text as the rules make ${known}: got "${name}"`);
  }
  const { outputs } = applyRules(rules, state);
  const before = `${state.join(",")}\n${outputs
    .slice(0, place)
    .map((value) => `${value},`)
    .join("")}`;
  const position = tokenizer.encode(before).length;
  const { tokens } = stateText({ rules, tokenizer }, state);
  if (tokens[position] !== String(outputs[place]))
    throw new RangeError(
      `Cannot find ${name} in the text as it must be a token of its own: got ${JSON.stringify(tokens[position])}`,
    );
  return position;
}

/**
 * Gives the values of all variables, inputs and what the rules make, over states: a probe's labels.
 *
 * @param rules the world's rules
 * @param states one value, 0 or 1, for each input of the rules
 * @returns by name, a value for each state
 * @example
 * import { allStates, booleanWorld, parseRules } from "dolab";
 * const rules = parseRules("newA = A XOR B");
 * booleanWorld.variableValues(rules, allStates(rules)).newA; // => [0, 1, 1, 0]
 */
export function variableValues(rules: BooleanRules, states: readonly State[]): Record<string, number[]> {
  const answers = states.map((state) => applyRules(rules, state).outputs);
  return Object.fromEntries([
    ...rules.inputs.map((name, i) => [name, states.map((state) => state[i])]),
    ...rules.rules.map(({ name }, i) => [name, answers.map((outputs) => outputs[i])]),
  ]);
}
