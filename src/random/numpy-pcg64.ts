// The draws of numpy's `np.random.default_rng(seed)`, bit for bit: SeedSequence spreads the seed, PCG64 (O'Neill 2014, "PCG:
// a family of simple fast space-efficient statistically good algorithms", XSL-RR 128/64) gives words of 64 bits, and bounded
// integers take the halves of each, low before high, by Lemire's method (2019, arXiv:1805.10941).
// Only to repeat what a document drew; `createRandom` is the project's own generator.

const uint32 = (value: number): number => value >>> 0;
const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const uint128 = (value: bigint): bigint => BigInt.asUintN(128, value);

const POOL = 4; // words of entropy
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** A stream of the draws of numpy's `Generator`. */
export interface NumpyGenerator {
  /**
   * `rng.integers(0, bound, count)` with numpy's default dtype, int64.
   *
   * @param bound 2 to 2^32 - 1
   * @returns [count]
   * @throws RangeError for another bound
   */
  integers(bound: number, count: number): number[];
}

/**
 * Starts the stream of `np.random.default_rng(seed)`.
 *
 * @param seed an integer from 0 to 2^53 - 1
 * @throws RangeError for another seed
 * @example
 * import { createNumpyGenerator } from "dolab";
 * createNumpyGenerator(42).integers(2, 6); // => [0, 1, 1, 0, 0, 1]
 */
export function createNumpyGenerator(seed: number): NumpyGenerator {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(
      `Cannot seed numpy's generator as a seed must be an integer from 0 to 2^53 - 1: got ${seed}`,
    );
  const next64 = pcg64(spread(seed));
  let kept: bigint | undefined; // the high half of the last word
  const next32 = (): bigint => {
    if (kept !== undefined) {
      const half = kept;
      kept = undefined;
      return half;
    }
    const word = next64();
    kept = word >> 32n;
    return word & 0xffffffffn;
  };
  return {
    integers(bound, count) {
      if (!Number.isInteger(bound) || bound < 2 || bound >= 2 ** 32)
        throw new RangeError(`Cannot draw integers as their bound must be from 2 to 2^32 - 1: got ${bound}`);
      const range = BigInt(bound);
      const rejected = (2n ** 32n - range) % range; // products whose low half is below it are drawn again
      return Array.from({ length: count }, () => {
        let product = next32() * range;
        while ((product & 0xffffffffn) < rejected) product = next32() * range;
        return Number(product >> 32n);
      });
    },
  };
}

/** numpy's SeedSequence: eight words of 32 bits from a seed, as four of 64. */
function spread(seed: number): bigint[] {
  const entropy = [uint32(seed), Math.floor(seed / 2 ** 32)];
  let constant = 0x43b0d7e5;
  const hash = (value: number): number => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const product = Math.imul(mixed, constant);
    return uint32(product ^ (product >>> 16));
  };
  const mix = (x: number, y: number): number => {
    const result = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
    return uint32(result ^ (uint32(result) >>> 16));
  };
  const pool = Array.from({ length: POOL }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++)
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  let outer = 0x8b51f9dd;
  const words = Array.from({ length: 2 * POOL }, (_, i) => {
    const mixed = pool[i % POOL] ^ outer;
    outer = Math.imul(outer, 0x58f38ded);
    const product = Math.imul(mixed, outer);
    return BigInt(uint32(product ^ (product >>> 16)));
  });
  return [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
}

/** @param words the initial state and the increment, high words first */
function pcg64([stateHigh, stateLow, streamHigh, streamLow]: bigint[]): () => bigint {
  const increment = uint128((((streamHigh << 64n) | streamLow) << 1n) | 1n);
  const step = (state: bigint): bigint => uint128(state * MULTIPLIER + increment);
  let state = step(increment + ((stateHigh << 64n) | stateLow));
  return () => {
    state = step(state);
    const folded = (state >> 64n) ^ uint64(state);
    const turn = state >> 122n;
    return uint64((folded >> turn) | (folded << ((64n - turn) & 63n)));
  };
}
