import { labelledSeed } from "../random/splitmix64";

/**
 * Makes the seed of one step's random numbers: a pure function of the run's seed and the step.
 *
 * @param seed an integer from 0 to 2^53 - 1
 * @param step steps done before it
 * @returns two int32 words, as `statelessUniform` takes them in a tensor
 * @throws {RangeError} for another seed or a step that is not finite
 * @example
 * stepSeed(1, 0).join() === stepSeed(1, 0).join(); // => true
 * stepSeed(1, 0).join() === stepSeed(1, 1).join(); // => false
 */
export function stepSeed(seed: number, step: number): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`Cannot seed a step as a seed is an integer from 0 to 2^53 - 1: got ${seed}`);
  const mixed = labelledSeed(BigInt(seed), step);
  return [Number(BigInt.asIntN(32, mixed)), Number(BigInt.asIntN(32, mixed >> 32n))];
}
