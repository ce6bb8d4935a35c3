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
 * @param parameters the model's variables by name, which change at once
 * @param flips which weights, which of their elements, and which bits
 * @returns puts the weights back as they were, whatever has been assigned to them since; later flips are to be undone first
 * @throws {RangeError} for a name, element, bit or fraction that there is not: then nothing has changed
 * @example
 * import { createGpt2, createRandom, flipWeights } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 2, layers: 1, heads: 1 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const scale = parameters["transformer.ln_f.weight"]; // begins as 1
 * const undo = flipWeights(parameters, [{ weight: "transformer.ln_f.weight", elements: [0], bits: "sign" }]);
 * scale.dataSync(); // => [-1, 1]
 * undo();
 * scale.dataSync(); // => [1, 1]
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
 * @param parameters the model's variables by name
 * @param flips which weights, which of their elements, and which bits
 * @param body what is done meanwhile; it may return a promise
 * @returns what the body returns
 * @throws {RangeError} as `flipWeights`
 * @example
 * import { createGpt2, createRandom, withWeightFlips } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 2, layers: 1, heads: 1 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const scale = parameters["transformer.ln_f.weight"]; // begins as 1
 * const flip = { weight: "transformer.ln_f.weight", elements: [0], bits: "sign" } as const;
 * withWeightFlips(parameters, [flip], () => scale.dataSync()); // => [-1, 1]
 * scale.dataSync(); // => [1, 1]
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
 * @param parameters the model's variables by name
 * @param flips which weights, elements and bits, and before which generated token
 * @param body gets the `atToken` of its generations; each begins, at token 0, with the weights as they were, so that prompts
 *   may be asked in parts
 * @returns what the body returns
 * @throws {RangeError} as `flipWeights`, when a flip's token comes; the weights are as before
 * @example
 * import { createGpt2, createRandom, generate, withTimedWeightFlips } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 2, layers: 1, heads: 1 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const flip = { weight: "transformer.ln_f.weight", elements: [0], bits: "sign", atToken: 1 } as const;
 * const scales: number[] = []; // the first element of the last norm's scale before each token
 * await withTimedWeightFlips(parameters, [flip], (flipAt) =>
 *   generate(parameters, [[1, 2]], configuration, {
 *     maximum: 3,
 *     atToken(soFar) {
 *       flipAt(soFar);
 *       scales.push(parameters["transformer.ln_f.weight"].dataSync()[0]);
 *     },
 *   }),
 * );
 * scales; // => [1, -1, -1]
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
 * @param parameters the model's variables by name
 * @param prompts of equal length, each of tokens from 0 to below the vocabulary
 * @param configuration the model's sizes
 * @param flips which weights, elements and bits, and before which generated token
 * @param options as those of `generate`
 * @returns what was generated for each prompt, without the prompt
 * @throws {RangeError} as `generate` and `flipWeights`; the weights are as before
 * @example
 * import { createGpt2, createRandom, generateWithWeightFlips } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const elements = { fraction: 0.5, seed: 1 };
 * const flip = { weight: "transformer.h.0.mlp.c_fc.weight", elements, bits: "sign", atToken: 1 } as const;
 * const [tokens] = await generateWithWeightFlips(parameters, [[1, 2]], configuration, [flip], { maximum: 3 });
 * tokens.length; // => 3
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
