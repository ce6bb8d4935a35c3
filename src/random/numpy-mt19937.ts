// The draws of numpy's legacy `np.random` after `np.random.seed(seed)`, bit for bit.
// MT19937: Matsumoto & Nishimura 1998, "Mersenne Twister", ACM TOMACS 8(1), with Knuth's seeding of one word. Bounded
// integers as numpy/random/_legacy: the low bits that can hold the bound, drawn again while they exceed it.
// Only to repeat what a document drew; `createRandom` is the project's own generator.

const WORDS = 624;
const MIDDLE = 397;

/** A stream of numpy's legacy draws. */
export interface NumpyRandom {
  /** `np.random.randint(0, bound)`. @param bound 1 to 2^32 */
  integer(bound: number): number;
  /** `np.random.permutation(n)`. @returns [n] */
  permutation(n: number): Int32Array;
}

/**
 * Starts the stream of `np.random.seed(seed)`.
 *
 * @param seed an integer from 0 to 2^32 - 1
 * @throws RangeError for another seed
 * @example
 * import { createNumpyRandom } from "dolab";
 * createNumpyRandom(0).permutation(5); // => [2, 0, 1, 3, 4]
 */
export function createNumpyRandom(seed: number): NumpyRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError(
      `Cannot seed numpy's draws as a seed must be an integer from 0 to 2^32 - 1: got ${seed}`,
    );
  const next = mersenneTwister(seed);

  /** Draws from 0 to `greatest`, both included. */
  function interval(greatest: number): number {
    if (greatest === 0) return 0; // without a draw, as numpy
    const mask = 0xffffffff >>> Math.clz32(greatest);
    for (;;) {
      const draw = (next() & mask) >>> 0;
      if (draw <= greatest) return draw;
    }
  }

  return {
    integer(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32)
        throw new RangeError(`Cannot draw an integer as its bound must be from 1 to 2^32: got ${bound}`);
      return interval(bound - 1);
    },
    permutation(n) {
      if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31)
        throw new RangeError(`Cannot permute as n must be an integer from 0 to 2^31 - 1: got ${n}`);
      const order = Int32Array.from({ length: n }, (_, index) => index);
      for (let i = n - 1; i > 0; i--) {
        const j = interval(i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
}

/** Returns a function that draws the next 32 bits. */
function mersenneTwister(seed: number): () => number {
  const words = new Uint32Array(WORDS);
  words[0] = seed;
  for (let i = 1; i < WORDS; i++) {
    const before = words[i - 1];
    words[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  let position = WORDS;
  return () => {
    if (position === WORDS) {
      for (let i = 0; i < WORDS; i++) {
        const joined = (words[i] & 0x80000000) | (words[(i + 1) % WORDS] & 0x7fffffff);
        words[i] = words[(i + MIDDLE) % WORDS] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
      }
      position = 0;
    }
    let word = words[position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}
