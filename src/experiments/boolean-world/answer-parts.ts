// The values that an answer's text states, by name: "newA", ..., "sum", "sum2", ... A page needs this too: nothing of Node.
import type { BooleanRules } from "../../data/boolean-world/rules";

/**
 * Reads an answer, right or wrong.
 *
 * @param text a completion, such as "\n1,0,0,0\n3 - 1\n"
 * @returns by the name of an output or sum what stands in its place; undefined in lines of another number of values
 */
export function answerParts({ rules, sums }: BooleanRules, text: string): Record<string, string | undefined> {
  const [, outputs = "", ...lines] = text.split("\n");
  const parts: Record<string, string | undefined> = {};
  const said = outputs.split(",");
  for (const [place, { name }] of rules.entries())
    parts[name] = said.length === rules.length ? said[place] : undefined;
  let number = 0;
  for (const [line, { length }] of sums.entries()) {
    const found = (lines[line] ?? "").split(" - ");
    for (let place = 0; place < length; place++) {
      number += 1;
      parts[number === 1 ? "sum" : `sum${number}`] = found.length === length ? found[place] : undefined;
    }
  }
  return parts;
}
