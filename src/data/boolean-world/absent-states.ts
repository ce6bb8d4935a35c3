// What a dataset without world.json, such as one of source document 003's own tool, must have held back.
import type { WorldExample } from "./answer";
import type { BooleanRules, State } from "./rules";
import { allStates, formatState, parseState } from "./states";

/**
 * The states that no example shows.
 *
 * @throws {RangeError} where a prompt is no state of the rules
 * @example
 * import { absentStates, parseRules } from "dolab";
 * const rules = parseRules("newA = A");
 * absentStates(rules, [{ prompt: "1", completion: "\n1\n" }]); // => [[0]]
 */
export function absentStates(rules: BooleanRules, examples: Iterable<WorldExample>): State[] {
  const prompts = new Set<string>();
  for (const { prompt } of examples) prompts.add(prompt);
  const shown = new Set(Array.from(prompts, (prompt) => formatState(parseState(rules, prompt))));
  return allStates(rules).filter((state) => !shown.has(formatState(state)));
}
