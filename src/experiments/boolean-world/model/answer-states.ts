// What a model answers: the likeliest token again and again, until it ends its text or has no position left. This file
// and evaluate.ts need nothing of Node: a page asks with them too.
import type { BooleanRules, State } from "../../../data/boolean-world/rules";
import { formatState } from "../../../data/boolean-world/states";
import type { Gpt2Configuration } from "../../../models/gpt2/configuration";
import { type GenerateOptions, generate } from "../../../models/gpt2/generate";
import type { Gpt2Parameters } from "../../../models/gpt2/parameters";
import type { Tokenizer } from "../../../models/gpt2/tokenizer";

/** What answers: a model, a tokenizer, and the rules that say what a state is. */
export interface AnsweringModel {
  parameters: Gpt2Parameters;
  configuration: Gpt2Configuration;
  tokenizer: Tokenizer;
  rules: BooleanRules;
}

/** Larger worlds are asked in parts, so that memory stays small. */
const MOST_AT_ONCE = 512;

/**
 * Answers states.
 *
 * @param options as of `generate`: hooks to intervene (told of 512 states at a time), or a temperature
 * @returns for each state what the model wrote after the prompt, without the end of text
 */
export async function answerStates(
  { parameters, configuration, tokenizer }: AnsweringModel,
  states: readonly State[],
  options: GenerateOptions = {},
): Promise<string[]> {
  const { endOfText } = tokenizer;
  const prompts = states.map((state) => tokenizer.encode(formatState(state)));
  const sequences: number[][] = [];
  for (let first = 0; first < prompts.length; first += MOST_AT_ONCE) {
    const some = prompts.slice(first, first + MOST_AT_ONCE);
    sequences.push(...(await generate(parameters, some, configuration, { stopAt: [endOfText], ...options })));
  }
  return sequences.map((ids) => {
    const end = ids.indexOf(endOfText);
    return tokenizer.decode(end < 0 ? ids : ids.slice(0, end));
  });
}
