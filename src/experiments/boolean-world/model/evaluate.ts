// How many states a model answers as the rules do: exactly, and variable by variable; seen states and excluded ones apart.
import { answerParts, worldExample } from "../../../data/boolean-world/answer";
import type { State } from "../../../data/boolean-world/rules";
import { allStates, formatState } from "../../../data/boolean-world/states";
import type { GenerateOptions } from "../../../models/gpt2/generate";
import { mean } from "../../../stats";
import { type AnsweringModel, answerStates } from "./answer-states";

export interface StateRow {
  /** Such as "1,0,1,0,1". */
  state: string;
  excluded: boolean;
  /** The completion by the rules, and the model's. */
  expected: string;
  answer: string;
  /** Whether they are the same text. */
  exact: boolean;
  /** By name of an output ("newA") or sum ("sum", "sum2"): whether the answer has its value in its place. */
  parts: Record<string, boolean>;
}

export interface AccuracyRow {
  states: "all" | "seen" | "held-out";
  count: number;
  /** Shares, NaN where there is no state: of exact answers, and of right values by name. */
  exact: number;
  [part: string]: number | string;
}

export interface Evaluation {
  rows: StateRow[];
  accuracy: AccuracyRow[];
}

export interface EvaluateModelOptions extends GenerateOptions {
  /** Which states are asked: by default all. */
  states?: readonly State[];
}

/**
 * Asks a model for every state of its world.
 *
 * @param model a model, the rules of its world, and the states that it never read
 * @param options which states are asked, and what `generate` takes, such as hooks that intervene
 * @returns a row for each state, and the shares of right answers
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * const { rows, accuracy } = await booleanWorld.evaluateModel(model);
 * rows.length; // => 4
 * accuracy.map(({ states, count }) => [states, count]); // => [["all", 4], ["seen", 4], ["held-out", 0]]
 */
export async function evaluateModel(
  model: AnsweringModel & { excluded: readonly State[] },
  { states = allStates(model.rules), ...options }: EvaluateModelOptions = {},
): Promise<Evaluation> {
  const { rules } = model;
  const held = new Set(model.excluded.map(formatState));
  const answers = await answerStates(model, states, options);
  const rows = states.map((state, i): StateRow => {
    const expected = worldExample(rules, state).completion;
    const [right, said] = [expected, answers[i]].map((text) => answerParts(rules, text));
    const names = Object.keys(right);
    const parts = Object.fromEntries(names.map((name) => [name, said[name] === right[name]]));
    const name = formatState(state);
    return {
      state: name,
      excluded: held.has(name),
      expected,
      answer: answers[i],
      exact: answers[i] === expected,
      parts,
    };
  });
  return { rows, accuracy: accuracyTable(rows) };
}

/** Counts the shares of right answers: of all states, of those that the model read, and of those that it never read. */
export function accuracyTable(rows: readonly StateRow[]): AccuracyRow[] {
  const groups: [AccuracyRow["states"], (row: StateRow) => boolean][] = [
    ["all", () => true],
    ["seen", ({ excluded }) => !excluded],
    ["held-out", ({ excluded }) => excluded],
  ];
  return groups.map(([states, belongs]) => {
    const group = rows.filter(belongs);
    const share = (right: (row: StateRow) => boolean) => mean(group.map((row) => Number(right(row))));
    const parts = Object.keys(rows[0]?.parts ?? {}).map((name) => [name, share((row) => row.parts[name])]);
    return { states, count: group.length, exact: share(({ exact }) => exact), ...Object.fromEntries(parts) };
  });
}

export interface AnswerTableRow {
  state: string;
  /** Whether training showed it. */
  read: "yes" | "no";
  /** A completion, its lines joined by a slash. */
  by_code: string;
  by_model: string;
  /** Names of the values that the model has wrong, or "none". */
  wrong: string;
}

/**
 * Puts a model's answers beside the right ones, a row for each state.
 *
 * @param rows as `evaluateModel` gives them
 * @example
 * import { booleanWorld } from "dolab";
 * const answer = { state: "1,0", excluded: true, expected: "\n1\n", answer: "\n0\n", exact: false };
 * const [row] = booleanWorld.answerTable([{ ...answer, parts: { newA: false } }]);
 * [row.by_code, row.by_model, row.wrong]; // => ["1", "0", "newA"]
 */
export const answerTable = (rows: readonly StateRow[]): AnswerTableRow[] =>
  rows.map(({ state, excluded, expected, answer, exact, parts }) => {
    const wrong = Object.keys(parts).filter((name) => !parts[name]);
    return {
      state,
      read: excluded ? "no" : "yes",
      by_code: oneLine(expected),
      by_model: oneLine(answer),
      wrong: exact ? "none" : wrong.join(", ") || "the form",
    };
  });

const oneLine = (text: string) => text.trim().split("\n").join(" / ");
