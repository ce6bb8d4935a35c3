// The one source of randomness: a seeded generator whose state is plain JSON.
// xoshiro128++ (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", period 2^128 - 1), seeded
// by SplitMix64. Normal draws invert the distribution function, one 53-bit uniform each, so that there is no cached
// second draw to lose and a stream resumes bit for bit.
import { refuseSurplus } from "../io/known-options";
import { normalQuantile } from "./normal-quantile";
import { labelledSeed, seedWords } from "./splitmix64";

/** What a Random needs to go on where it stopped; survives JSON. */
export interface RandomState {
  readonly generator: "xoshiro128++";
  /** 64-bit seed of the stream, 16 hexadecimal digits; `split` depends on nothing else. */
  readonly seed: string;
  /** The four unsigned 32-bit words of the generator. */
  readonly words: readonly number[];
}

/** A stream of pseudorandom draws. */
export interface Random {
  /**
   * Draws from [low, high): low + (high - low) u, with u a multiple of 2^-53 from [0, 1).
   *
   * @param low 0 where neither is given
   * @param high 1 where neither is given; above low
   * @throws RangeError if only one is given, or they are not finite and in order
   */
  uniform(low?: number, high?: number): number;
  /**
   * Draws from a normal distribution.
   *
   * @param mean by default 0
   * @param standardDeviation at least 0; by default 1
   * @throws RangeError if they are not finite, or the standard deviation is below 0
   */
  normal(mean?: number, standardDeviation?: number): number;
  /**
   * Draws an integer from [low, high), each with the same probability (by rejection).
   *
   * @throws RangeError if the bounds are not safe integers, or high - low is not in 1 to 2^53 - 1
   */
  integer(low: number, high: number): number;
  /**
   * Draws one of the n! orders of 0 to n - 1 (Fisher-Yates).
   *
   * @param n 0 to 2^31 - 1
   * @returns [n]
   */
  permutation(n: number): Int32Array;
  /** Returns a copy of the state; `createRandom` of it continues this stream. */
  state(): RandomState;
  /**
   * Makes an independent stream from this stream's seed and a label. Neither depends on nor changes how far this
   * stream has been drawn: the same label always gives the same stream.
   */
  split(label: string | number): Random;
}

class Xoshiro128PlusPlus implements Random {
  private readonly seed: bigint;
  private readonly words: Int32Array; // [4]

  constructor(seed: bigint, words: readonly number[]) {
    this.seed = seed;
    this.words = Int32Array.from(words, (word) => word | 0);
  }

  /** Steps the generator; the result is a signed view of its 32 bits. */
  private next(): number {
    const words = this.words;
    const [s0, s1, s2, s3] = [words[0], words[1], words[2] ^ words[0], words[3] ^ words[1]];
    const sum = (s0 + words[3]) | 0;
    words[0] = s0 ^ s3;
    words[1] = s1 ^ s2;
    words[2] = s2 ^ (s1 << 9);
    words[3] = (s3 << 11) | (s3 >>> 21);
    return (((sum << 7) | (sum >>> 25)) + s0) | 0;
  }

  /** Draws an integer from [0, 2^53): 27 high bits, then 26. */
  private bits53(): number {
    const high = this.next() >>> 5;
    return high * 67108864 + (this.next() >>> 6);
  }

  uniform(...range: number[]): number {
    if (range.length === 0) return this.bits53() / 2 ** 53;
    const [low, high, ...surplus] = range;
    refuseCallback("uniform", low);
    refuseSurplus("rng.uniform(low, high)", surplus);
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new RangeError(`Cannot draw a number as uniform(low, high) needs low below high: got ${range}`);
    const drawn = low + (high - low) * (this.bits53() / 2 ** 53);
    return drawn < high ? drawn : low; // rounding may reach high
  }

  normal(...parameters: number[]): number {
    // The midpoint of the uniform's cell, centred: exact in float64, never at an end.
    const draw = () => normalQuantile((this.bits53() - 2 ** 52 + 0.5) / 2 ** 53);
    if (parameters.length === 0) return draw();
    const [mean, standardDeviation = 1, ...surplus] = parameters;
    refuseCallback("normal", mean);
    refuseSurplus("rng.normal(mean, standardDeviation)", surplus);
    if (!(Number.isFinite(mean) && standardDeviation >= 0 && standardDeviation < Infinity)) {
      const rule = "normal(mean, standardDeviation) needs finite numbers, the second of at least 0";
      throw new RangeError(`Cannot draw a number as ${rule}: got ${parameters}`);
    }
    return mean + standardDeviation * draw();
  }

  integer(low: number, high: number, ...surplus: never[]): number {
    refuseSurplus("rng.integer(low, high)", surplus);
    const span = high - low;
    if (
      !Number.isSafeInteger(low) ||
      !Number.isSafeInteger(high) ||
      !Number.isSafeInteger(span) ||
      span < 1
    ) {
      throw new RangeError(
        `Cannot draw an integer as [low, high) must hold 1 to 2^53 - 1 safe integers: got [${low}, ${high})`,
      );
    }
    // The first (2^bits mod span) draws are rejected, which leaves a whole number of spans; the first comparison only
    // saves a division.
    if (span < 2 ** 32) {
      const width = span >>> 0;
      let draw = this.next() >>> 0;
      while (draw < width && draw < 2 ** 32 % width) draw = this.next() >>> 0;
      return low + ((draw % width) >>> 0); // ">>> 0" lets the engine divide integers, not float64
    }
    let draw = this.bits53();
    while (draw < span && draw < 2 ** 53 % span) draw = this.bits53();
    return low + (draw % span);
  }

  permutation(n: number, ...surplus: never[]): Int32Array {
    refuseSurplus("rng.permutation(n)", surplus);
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
      throw new RangeError(`Cannot permute as n must be an integer from 0 to 2^31 - 1: got ${n}`);
    }
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const j = this.integer(0, i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  state(): RandomState {
    const words = Array.from(this.words, (word) => word >>> 0);
    return { generator: "xoshiro128++", seed: this.seed.toString(16).padStart(16, "0"), words };
  }

  split(label: string | number): Random {
    return fromSeed(labelledSeed(this.seed, label));
  }
}

/** Array.from hands what it calls undefined and an index, which are no range. */
function refuseCallback(method: string, first: number | undefined): void {
  if (first !== undefined) return;
  throw new TypeError(
    `Cannot draw a number as rng.${method} takes numbers or nothing: got undefined first (Array.from({ length }, () => rng.${method}())?)`,
  );
}

function fromSeed(seed: bigint): Random {
  return new Xoshiro128PlusPlus(seed, seedWords(seed));
}

function fromState(state: RandomState): Random {
  const { generator, seed, words } = state;
  if (generator !== "xoshiro128++") {
    throw new RangeError(
      `Cannot restore a Random as its generator must be "xoshiro128++": got "${generator}"`,
    );
  }
  if (typeof seed !== "string" || !/^[0-9a-f]{16}$/.test(seed)) {
    throw new RangeError(`Cannot restore a Random as its seed must be 16 hexadecimal digits: got "${seed}"`);
  }
  const isWord = (word: unknown) => typeof word === "number" && word >>> 0 === word;
  if (
    !Array.isArray(words) ||
    words.length !== 4 ||
    !words.every(isWord) ||
    words.every((word) => word === 0)
  ) {
    throw new RangeError(
      `Cannot restore a Random as its words must be 4 unsigned 32-bit integers, not all 0: got [${words}]`,
    );
  }
  return new Xoshiro128PlusPlus(BigInt(`0x${seed}`), words);
}

/**
 * Makes a stream of random draws from a seed, or continues one from its saved state.
 *
 * @param seed an integer from 0 to 2^53 - 1, or what `state()` returned
 * @throws TypeError if the seed is neither; RangeError if its value is out of range or the state is damaged
 *
 * @example
 * import { createRandom } from "dolab";
 * const rng = createRandom(42);
 * rng.uniform();
 * const saved = JSON.stringify(rng.state());
 * const resumed = createRandom(JSON.parse(saved));
 * resumed.normal() === rng.normal(); // => true
 * const height = createRandom(7).normal(170, 10); // mean 170, standard deviation 10
 * height === 170 + 10 * createRandom(7).normal(); // => true
 * createRandom(42).split("data").integer(0, 10) === rng.split("data").integer(0, 10); // => true
 */
export function createRandom(seed: number | RandomState, ...surplus: never[]): Random {
  refuseSurplus("createRandom(seed)", surplus);
  if (typeof seed === "number") {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(
        `Cannot seed a Random as a seed must be an integer from 0 to 2^53 - 1: got ${seed}`,
      );
    }
    return fromSeed(BigInt(seed));
  }
  if (typeof seed !== "object" || seed === null) {
    throw new TypeError(
      `Cannot seed a Random as a seed must be a number or a saved state: got ${typeof seed}`,
    );
  }
  return fromState(seed);
}
