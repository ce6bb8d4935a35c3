// States of a boolean world and their text, such as "1,0,1,0,1".
import type { BooleanRules, State } from "./rules";

/**
 * Lists all states, the first input slowest: 00000, 00001, 00010, ...
 *
 * @param rules the world
 * @example
 * import { allStates, parseRules } from "dolab";
 * allStates(parseRules("newA = A XOR B")); // => [[0, 0], [0, 1], [1, 0], [1, 1]]
 */
export function allStates({ inputs }: BooleanRules): State[] {
  const count = inputs.length;
  return Array.from({ length: 2 ** count }, (_, number) =>
    inputs.map((_input, place) => ((number >> (count - 1 - place)) & 1) as 0 | 1),
  );
}

/**
 * Returns a state's text.
 *
 * @param state a value for each input
 * @returns such as "1,0,1,0,1"
 * @example
 * import { formatState } from "dolab";
 * formatState([1, 0, 1]); // => "1,0,1"
 */
export const formatState = (state: State): string => state.join(",");

/**
 * Reads a state; white space around a value is allowed.
 *
 * @param rules the world, whose inputs are counted
 * @param text such as "1,0,1,0,1"
 * @throws {RangeError} where it is not one 0 or 1 for each input
 * @example
 * import { documentRules, parseState } from "dolab";
 * parseState(documentRules, "1,0,1,0,1"); // => [1, 0, 1, 0, 1]
 */
export function parseState({ inputs }: BooleanRules, text: string): State {
  const values = text.split(",").map((value) => value.trim());
  if (values.length !== inputs.length || !values.every((value) => value === "0" || value === "1")) {
    const rule = `it must be a 0 or 1 for each of ${inputs.join(", ")}, such as "${inputs.map((_, i) => (i + 1) % 2)}"`;
    throw new RangeError(`Cannot read a state as ${rule}: got ${JSON.stringify(text)}`);
  }
  return values.map((value) => (value === "1" ? 1 : 0));
}

/**
 * Reads states that semicolons separate, as source document 003's `-o` takes them.
 *
 * @param rules the world
 * @param text such as "1,1,1,1,1;0,0,0,0,0"
 * @returns each state once; none for white space alone; a last semicolon is allowed
 * @throws {RangeError} as `parseState` does
 * @example
 * import { documentRules, parseStates } from "dolab";
 * parseStates(documentRules, "1,0,1,0,1;0,0,0,0,0;").length; // => 2
 */
export function parseStates(rules: BooleanRules, text: string): State[] {
  const parts = text.split(";");
  if (parts[parts.length - 1].trim() === "") parts.pop(); // a last semicolon, or nothing at all
  const states = parts.map((part) => parseState(rules, part));
  return states.filter(
    (state, i) => states.findIndex((other) => formatState(other) === formatState(state)) === i,
  );
}
