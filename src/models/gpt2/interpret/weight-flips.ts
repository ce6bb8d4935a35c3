// Flipped bits in a model's weights, as faults in memory would leave them, and undone bit for bit: what is put back is the
// very data that was there, not a second flip.
import type { Variable } from "@tensorflow/tfjs-node";
import { createRandom } from "../../../random";
import { tensorflow } from "../../../tensor";
import type { Gpt2Configuration } from "../configuration";
import type { GeneratedSoFar } from "../decode";
import { type GenerateOptions, generate } from "../generate";
import type { Gpt2Parameters } from "../parameters";

export interface WeightFlip {
  /** A parameter's name, such as `transformer.h.0.attn.c_proj.weight`. */
  weight: string;
  /**
   * Elements by their index in row-major order, or a random share of them: round(fraction x size) distinct ones. With the
   * same seed, a greater fraction has all of a smaller one's.
   */
  elements: readonly number[] | { fraction: number; seed: number };
  /** Bits of the float32, from 0, the lowest of the mantissa, over 23 to 30, the exponent, to 31, the sign. */
  bits: "sign" | readonly number[];
}

/**
 * Flips bits of weights. A weight that two flips name is flipped by both; the same bit twice is as it was.
 *
 * @returns puts the weights back as they were, whatever has been assigned to them since; later flips are to be undone first
 * @throws {RangeError} for a name, element, bit or fraction that there is not: then nothing has changed
 */
export function flipWeights(parameters: Gpt2Parameters<Variable>, flips: readonly WeightFlip[]): () => void {
  const tf = tensorflow();
  const changed = new Map<string, Uint32Array>();
  for (const flip of flips) {
    const variable = Object.hasOwn(parameters, flip.weight) ? parameters[flip.weight] : undefined;
    if (!variable)
      throw new RangeError(`Cannot flip weights as the model must have them: got "${flip.weight}"`);
    const mask = bitMask(flip.bits);
    const elements = elementsOf(flip, variable.size);
    if (elements.length === 0) continue;
    const words = changed.get(flip.weight) ?? new Uint32Array(variable.dataSync<"float32">().slice().buffer);
    changed.set(flip.weight, words);
    for (const element of elements) words[element] ^= mask;
  }
  const before = Array.from(changed.keys(), (name) => ({ name, value: tf.keep(parameters[name].clone()) }));
  for (const [name, words] of changed) {
    const variable = parameters[name];
    const value = tf.tensor(new Float32Array(words.buffer), variable.shape, "float32");
    variable.assign(value);
    value.dispose();
  }
  return () => {
    for (const { name, value } of before.splice(0)) {
      parameters[name].assign(value);
      value.dispose();
    }
  };
}

/**
 * Does something with flipped weights and undoes the flips after it, also where it throws or its promise is rejected.
 *
 * @returns what the body returns
 */
export function withWeightFlips<Result>(
  parameters: Gpt2Parameters<Variable>,
  flips: readonly WeightFlip[],
  body: () => Result,
): Result {
  const undo = flipWeights(parameters, flips);
  let result: Result;
  try {
    result = body();
  } catch (error) {
    undo();
    throw error;
  }
  if (result instanceof Promise) return result.finally(undo) as Result;
  undo();
  return result;
}

/** A flip in the middle of a generation. */
export interface TimedWeightFlip extends WeightFlip {
  /** Before which generated token, from 0; by default before the prompt is read, as 0. */
  atToken?: number;
}

/**
 * Does something while weights flip at given tokens, and undoes the flips after it, also where it throws.
 *
 * @param body gets the `atToken` of its generations; each begins, at token 0, with the weights as they were, so that prompts
 *   may be asked in parts
 * @returns what the body returns
 * @throws {RangeError} as `flipWeights`, when a flip's token comes; the weights are as before
 */
export async function withTimedWeightFlips<Result>(
  parameters: Gpt2Parameters<Variable>,
  flips: readonly TimedWeightFlip[],
  body: (atToken: (soFar: Pick<GeneratedSoFar, "index">) => void) => Promise<Result>,
): Promise<Result> {
  const undos: (() => void)[] = [];
  const undo = () => {
    for (const each of undos.splice(0).reverse()) each();
  };
  try {
    return await body(({ index }) => {
      if (index === 0) undo();
      const now = flips.filter(({ atToken = 0 }) => atToken === index);
      undos.push(flipWeights(parameters, now));
    });
  } finally {
    undo();
  }
}

/**
 * Continues prompts while weights flip at given tokens, and undoes the flips at the end. What earlier positions have left in
 * the cache stays as it was computed.
 *
 * @throws {RangeError} as `generate` and `flipWeights`; the weights are as before
 */
export const generateWithWeightFlips = (
  parameters: Gpt2Parameters<Variable>,
  prompts: readonly ArrayLike<number>[],
  configuration: Gpt2Configuration,
  flips: readonly TimedWeightFlip[],
  options: GenerateOptions = {},
): Promise<number[][]> =>
  withTimedWeightFlips(parameters, flips, (flipAt) =>
    generate(parameters, prompts, configuration, {
      ...options,
      async atToken(soFar) {
        flipAt(soFar);
        await options.atToken?.(soFar);
      },
    }),
  );

function bitMask(bits: "sign" | readonly number[]): number {
  let mask = 0;
  for (const bit of bits === "sign" ? [31] : bits) {
    if (!(Number.isInteger(bit) && bit >= 0 && bit <= 31))
      throw new RangeError(`Cannot flip weights as a float32's bits are from 0 to 31: got ${bit}`);
    mask ^= 1 << bit;
  }
  return mask;
}

function elementsOf({ elements, weight }: WeightFlip, size: number): readonly number[] | Int32Array {
  if ("fraction" in elements) {
    const { fraction, seed } = elements;
    if (!(fraction >= 0 && fraction <= 1))
      throw new RangeError(`Cannot flip weights as a fraction is from 0 to 1: got ${fraction}`);
    const count = Math.round(fraction * size);
    return count === 0 ? [] : createRandom(seed).permutation(size).subarray(0, count);
  }
  const bad = elements.find((element) => !(Number.isInteger(element) && element >= 0 && element < size));
  if (bad === undefined) return elements;
  throw new RangeError(`Cannot flip weights as "${weight}" has ${size} elements: got element ${bad}`);
}
