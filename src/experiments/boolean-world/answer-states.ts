// What a model answers: the likeliest token again and again, until it ends its text or has no position left.
import { formatState, type State } from "../../data";
import { gpt2 } from "../../models";
import { tensorflow } from "../../tensor";
import type { WorldModel } from "./train-model";

/** Logits of so many numbers at once are quickly computed and no burden on memory. */
const MOST_LOGITS = 8_000_000;

/**
 * Answers states greedily.
 *
 * @returns for each state what the model wrote after the prompt, without the end of text
 */
export function answerStates(model: Omit<WorldModel, "excluded">, states: readonly State[]): string[] {
  const { configuration, tokenizer } = model;
  const { vocabulary, positions } = configuration;
  const rows = Math.max(1, Math.floor(MOST_LOGITS / (vocabulary * positions)));
  const answers: string[] = [];
  for (let first = 0; first < states.length; first += rows)
    answers.push(...answerSome(model, states.slice(first, first + rows)));
  return answers.map((answer) => {
    const end = answer.indexOf(tokenizer.decode([tokenizer.endOfText]));
    return end < 0 ? answer : answer.slice(0, end);
  });
}

function answerSome(
  { parameters, configuration, tokenizer }: Omit<WorldModel, "excluded">,
  states: readonly State[],
) {
  const tf = tensorflow();
  const { vocabulary, positions } = configuration;
  const sequences = states.map((state) => tokenizer.encode(formatState(state)));
  const { length } = sequences[0]; // states of one world have prompts of one length
  for (let time = length; time < positions; time++) {
    const next = tf.tidy(() => {
      const logits = gpt2(parameters, tf.tensor2d(sequences, [states.length, time], "int32"), configuration);
      return tf.argMax(logits.slice([0, time - 1, 0], [states.length, 1, vocabulary]), 2).dataSync();
    });
    for (const [row, sequence] of sequences.entries()) sequence.push(next[row]);
    if (sequences.every((sequence) => sequence.includes(tokenizer.endOfText, length))) break;
  }
  return sequences.map((sequence) => tokenizer.decode(sequence.slice(length)));
}
