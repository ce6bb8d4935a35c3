// Pairs of texts for causal tracing that differ in one input and, among the values written so far, in nothing but what it
// changes on its way to a later one: D, newB and, asked for, newD.
import { allStates, applyRules, type BooleanRules, formatState, type State } from "../../../data";
import { generate, type Tokenizer, type TracedPair } from "../../../models";
import type { AnsweringModel } from "../model/answer-states";
import { outputPosition, stateText } from "./state-text";

export interface TracedWay {
  /** The input in which the two states of a pair differ. */
  input: string;
  /** The value through which it acts. */
  through: string;
  /** The later value that is asked for. */
  output: string;
}

/**
 * Makes all pairs, each in both directions, up to the token whose successor is the output.
 *
 * @param model a model, or the rules and the tokenizer alone
 * @param way the input in which the texts of a pair differ, the value through which it acts, and the one that is asked for
 * @throws {RangeError} for names that the rules do not have in this order, or where no pair is left
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B\nnewB = newA AND B"), { rng: createRandom(0) });
 * const pairs = booleanWorld.tracedPairs(model, { input: "A", through: "newA", output: "newB" });
 * pairs.map(({ clean }) => model.tokenizer.decode(clean)); // => ["0,1\n1,", "1,1\n0,"]
 */
export function tracedPairs(
  model: { rules: BooleanRules; tokenizer: Tokenizer },
  way: TracedWay,
): TracedPair[] {
  const { input, through, output } = way;
  const { rules } = model;
  const place = rules.inputs.indexOf(input);
  const [via, asked] = [through, output].map((name) => rules.rules.findIndex((rule) => rule.name === name));
  if (place < 0 || via < 0 || asked <= via)
    throw new RangeError(
      `Cannot make pairs as an input and two rules, the earlier first, are named: got ${input}, ${through}, ${output}`,
    );
  const pairs = allStates(rules).flatMap((state): TracedPair[] => {
    const other = state.map((value, i) => (i === place ? 1 - value : value)) as unknown as State;
    const [own, theirs] = [state, other].map((one) => applyRules(rules, one).outputs);
    const differs = (i: number) => own[i] !== theirs[i];
    if (!rules.rules.slice(0, asked + 1).every((_, i) => differs(i) === (i === via || i === asked)))
      return [];
    const end = outputPosition(model, state, output);
    const [clean, rival] = [state, other].map((one) => stateText(model, one).ids);
    return [
      {
        clean: clean.slice(0, end),
        other: rival.slice(0, end),
        answer: clean[end],
        rival: rival[end],
      },
    ];
  });
  if (pairs.length > 0) return pairs;
  throw new RangeError(
    `Cannot make pairs as ${input} must change ${output} through ${through} alone: got none`,
  );
}

export interface WrittenValueRow {
  state: string;
  /** What the answer up to the output holds in place of the value: its opposite. */
  written: number;
  /** What the rules make of the prompt, and of the written value. */
  by_prompt: number;
  by_written: number;
  /** What the model goes on with. */
  model: string;
  follows: "the prompt" | "what is written" | "neither";
}

/**
 * Writes the opposite of a value into the answer and asks for a later one: does the model read what stands there, or work it
 * out from the prompt again?
 *
 * @param model a model and the rules of its world
 * @param way the value that is contradicted, and the later one that is asked for
 * @returns a row for each state in which it makes a difference
 * @throws {RangeError} for names that the rules do not have in this order
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B\nnewB = newA AND B"), { rng: createRandom(0) });
 * const rows = await booleanWorld.contradictAnswer(model, { through: "newA", output: "newB" });
 * rows.map(({ state, by_prompt, by_written }) => [state, by_prompt, by_written]); // => [["0,1", 1, 0], ["1,1", 0, 1]]
 */
export async function contradictAnswer(
  model: AnsweringModel,
  way: Pick<TracedWay, "through" | "output">,
): Promise<WrittenValueRow[]> {
  const { through, output } = way;
  const { rules, tokenizer, parameters, configuration } = model;
  const [via, asked] = [through, output].map((name) => rules.rules.findIndex((rule) => rule.name === name));
  if (via < 0 || asked <= via)
    throw new RangeError(
      `Cannot contradict an answer as two rules, the earlier first, are named: got ${through}, ${output}`,
    );
  const cases = allStates(rules).flatMap((state) => {
    const { outputs } = applyRules(rules, state);
    const written = 1 - outputs[via];
    const constant = { kind: "constant", value: written as 0 | 1 } as const;
    const forced = rules.rules.map((rule, i) => (i === via ? { ...rule, expression: constant } : rule));
    const byWritten = applyRules({ ...rules, rules: forced }, state).outputs[asked];
    if (byWritten === outputs[asked]) return [];
    const ids = stateText(model, state).ids.slice(0, outputPosition(model, state, output));
    ids[outputPosition(model, state, through)] = tokenizer.encode(String(written))[0];
    return [{ state, ids, written, byPrompt: outputs[asked], byWritten }];
  });
  if (cases.length === 0) return [];
  const prompts = cases.map(({ ids }) => ids);
  const said = await generate(parameters, prompts, configuration, { maximum: 1 });
  return cases.map(({ state, written, byPrompt, byWritten }, i) => {
    const answer = tokenizer.decode(said[i]);
    const follows =
      answer === String(byWritten)
        ? "what is written"
        : answer === String(byPrompt)
          ? "the prompt"
          : "neither";
    return {
      state: formatState(state),
      written,
      by_prompt: byPrompt,
      by_written: byWritten,
      model: answer,
      follows,
    };
  });
}
