// The loop of generation, one token after the other, over anything that says what follows: greedy (Hugging Face's
// `do_sample=False`) or by temperature.
import type { Tensor2D } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../../tensor";
import type { Gpt2Configuration } from "./configuration";

/** What a hook is told before a token is computed. */
export interface GeneratedSoFar {
  /** Which token comes next, from 0. */
  index: number;
  /** The prompts' own tokens and those generated. */
  sequences: readonly (readonly number[])[];
}

export interface DecodeOptions {
  /** How many tokens at most; by default as many as there are positions for. */
  maximum?: number;
  /** Tokens after which a sequence ends; they are part of it. */
  stopAt?: readonly number[];
  /** 0 takes the likeliest token (of equals, the first); above 0, one is drawn from softmax(logits / temperature). */
  temperature?: number;
  /** Draws, where the temperature is above 0. */
  rng?: Random;
  /** Called before each token is computed, the prompt's pass included: to change weights in the middle, say. */
  atToken?: (soFar: GeneratedSoFar) => void | Promise<void>;
  /** Sees what each token is chosen from, [sequences, vocabulary]; the tensor is disposed of afterwards. */
  atLogits?: (logits: Tensor2D, index: number) => void;
}

/** What computes the next token from the last ones and remembers what came before. */
export interface Decoder {
  /** @param tokens int32 [batch, time]; its owner is the caller @returns tensors for the caller to dispose of */
  advance(tokens: Tensor2D): { logits: Tensor2D; likeliest?: Tensor2D };
  dispose(): void;
}

/** @returns what was generated for each prompt, without the prompt */
export async function decode(
  decoder: Decoder,
  prompts: readonly ArrayLike<number>[],
  configuration: Gpt2Configuration,
  { maximum, stopAt = [], temperature = 0, rng, atToken, atLogits }: DecodeOptions,
): Promise<number[][]> {
  const tf = tensorflow();
  const count = checkLengths(prompts, configuration, maximum);
  const choose = chooser(temperature, rng);
  const sequences = prompts.map((prompt) => Array.from(prompt));
  const ended = prompts.map(() => count === 0);
  const start = prompts[0].length;
  let given = tf.tensor2d(sequences, [prompts.length, start], "int32");
  try {
    for (let index = 0; index < count && ended.includes(false); index++) {
      await atToken?.({ index, sequences });
      const { logits, likeliest } = decoder.advance(given);
      given.dispose();
      given = likeliest ?? given;
      try {
        atLogits?.(logits, index);
        const chosen = await choose(logits, likeliest);
        for (const [i, token] of chosen.entries()) {
          if (ended[i]) continue;
          sequences[i].push(token);
          ended[i] = stopAt.includes(token);
        }
        if (temperature > 0 || !likeliest) {
          given.dispose();
          given = tf.tensor2d(chosen, [prompts.length, 1], "int32");
        }
      } finally {
        logits.dispose();
      }
    }
  } finally {
    given.dispose();
    decoder.dispose();
  }
  return sequences.map((sequence) => sequence.slice(start));
}

/** @returns how many tokens to generate */
function checkLengths(
  prompts: readonly ArrayLike<number>[],
  { positions, vocabulary }: Gpt2Configuration,
  maximum: number | undefined,
): number {
  const lengths = [...new Set(prompts.map(({ length }) => length))];
  if (lengths.length !== 1 || lengths[0] === 0) {
    const rule = "prompts must be of one length, at least one token each";
    throw new RangeError(`Cannot generate as ${rule}: got lengths ${lengths.join(", ") || "of no prompt"}`);
  }
  for (const token of prompts.flatMap((prompt) => Array.from(prompt))) {
    if (Number.isInteger(token) && token >= 0 && token < vocabulary) continue;
    throw new RangeError(`Cannot generate as tokens are from 0 to below ${vocabulary}: got ${token}`);
  }
  const room = positions - lengths[0];
  const count = maximum ?? room;
  if (room >= 0 && Number.isInteger(count) && count >= 0 && count <= room) return count;
  const got = maximum === undefined ? `a prompt of ${lengths[0]}` : `${lengths[0]} + ${maximum}`;
  throw new RangeError(
    `Cannot generate as prompt and maximum together must fit into ${positions} positions: got ${got}`,
  );
}

type Choose = (logits: Tensor2D, likeliest?: Tensor2D) => Promise<number[]>;

function chooser(temperature: number, rng?: Random): Choose {
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY))
    throw new RangeError(
      `Cannot generate as the temperature must be finite and at least 0: got ${temperature}`,
    );
  if (temperature === 0) {
    return async (logits, likeliest) => {
      const best = likeliest ?? logits.argMax(-1);
      const chosen = Array.from(await best.data<"int32">());
      if (best !== likeliest) best.dispose();
      return chosen;
    };
  }
  if (!rng) throw new TypeError("Cannot generate as a temperature above 0 draws tokens: got no rng");
  return async (logits) => {
    const [batch, vocabulary] = logits.shape;
    const values = await logits.data<"float32">();
    return Array.from({ length: batch }, (_, row) =>
      drawToken(values.subarray(row * vocabulary, (row + 1) * vocabulary), temperature, rng),
    );
  };
}

/** Draws from softmax(logits / temperature). */
function drawToken(logits: Float32Array, temperature: number, rng: Random): number {
  const highest = logits.reduce((most, value) => Math.max(most, value));
  let sum = 0;
  const sums = Float64Array.from(logits, (value) => (sum += Math.exp((value - highest) / temperature)));
  if (!Number.isFinite(sum))
    throw new RangeError(`Cannot draw a token as the logits must be finite: got a highest of ${highest}`);
  const draw = rng.uniform() * sum;
  return sums.findIndex((value) => draw < value);
}
