// What the rules make of a state, and the prompt and completion that say so, in source document 003's bytes.
import type { BooleanRules, Expression, State } from "./rules";
import { formatState } from "./states";

export interface Answer {
  /** One value for each rule, in their order. */
  outputs: (0 | 1)[];
  /** One row for each line of sums. */
  sums: number[][];
}

/** A line of the dataset. */
export interface WorldExample {
  /** Such as "0,1,1,1,0". */
  prompt: string;
  /** Such as "\n1,0,0,0\n3 - 1\n". */
  completion: string;
}

/**
 * Applies the rules to a state.
 *
 * @param rules the rules, such as `documentRules`
 * @param state a value for each input
 * @throws {RangeError} where the state has not one value for each input
 * @example
 * import { applyRules, documentRules } from "dolab";
 * applyRules(documentRules, [0, 1, 1, 1, 0]); // => { outputs: [1, 0, 0, 0], sums: [[3, 1]] }
 */
export function applyRules({ inputs, rules, sums }: BooleanRules, state: State): Answer {
  if (state.length !== inputs.length)
    throw new RangeError(
      `Cannot apply the rules as a state has a value for each of ${inputs.join(", ")}: got ${state.length}`,
    );
  const values = new Map(inputs.map((name, i) => [name, state[i]]));
  const outputs = rules.map(({ name, expression }) => {
    const value = evaluate(expression, values);
    values.set(name, value);
    return value;
  });
  const sumOf = (names: readonly string[]) =>
    names.reduce<number>((sum, name) => sum + (values.get(name) as number), 0);
  return { outputs, sums: sums.map((line) => line.map(sumOf)) };
}

function evaluate(expression: Expression, values: ReadonlyMap<string, 0 | 1>): 0 | 1 {
  const of = (inner: Expression) => evaluate(inner, values);
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "variable":
      return values.get(expression.name) as 0 | 1;
    case "NOT":
      return (1 - of(expression.operand)) as 0 | 1;
    case "AND":
      return (of(expression.left) & of(expression.right)) as 0 | 1;
    case "XOR":
      return (of(expression.left) ^ of(expression.right)) as 0 | 1;
    default:
      return (of(expression.left) | of(expression.right)) as 0 | 1;
  }
}

/**
 * Returns the prompt and the completion of a state.
 *
 * @param rules the world
 * @param state a value for each input
 * @throws {RangeError} as `applyRules` does
 * @example
 * import { documentRules, worldExample } from "dolab";
 * worldExample(documentRules, [0, 1, 1, 1, 0]).completion; // => "\n1,0,0,0\n3 - 1\n"
 */
export function worldExample(rules: BooleanRules, state: State): WorldExample {
  const { outputs, sums } = applyRules(rules, state);
  const lines = [outputs.join(","), ...sums.map((line) => line.join(" - "))];
  return { prompt: formatState(state), completion: `\n${lines.join("\n")}\n` };
}

/**
 * Returns an example as a line of a .jsonl file, byte for byte as Python's json.dumps writes it.
 *
 * @param example what `worldExample` gives
 * @example
 * import { formatExample } from "dolab";
 * formatExample({ prompt: "1", completion: "\n0\n" }); // => '{"prompt": "1", "completion": "\\n0\\n"}\n'
 */
export const formatExample = ({ prompt, completion }: WorldExample): string =>
  `{"prompt": ${JSON.stringify(prompt)}, "completion": ${JSON.stringify(completion)}}\n`;

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
