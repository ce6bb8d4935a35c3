// Pairs of pictures of the causal circuit, before and after an unknown intervention: what the image autoencoder is trained on.
// Pictures are made when they are asked for, as 100,000 pairs of 64 x 64 pixels would take 2.5 GB.
import { createRandom } from "../../random";
import { drawCircuitPair } from "./circuit-mechanisms";
import { circuitRenderer } from "./circuit-renderer";

/** Which picture of a pair. */
export type PairHalf = "before" | "after";

export interface CircuitPairs {
  readonly pairs: number;
  /** Height and width of a picture. */
  readonly size: number;
  /** The true variables of each half, in the order of `circuitVariables`. [pairs, 4] */
  readonly causalBefore: Float32Array;
  readonly causalAfter: Float32Array;
  /** The noise that brings them about; after an intervention, the one that would without it. [pairs, 4] */
  readonly noiseBefore: Float32Array;
  readonly noiseAfter: Float32Array;
  /** 0 where nothing was intervened on, k where variable k - 1 was. [pairs] */
  readonly intervention: Int32Array;
  /** Puts a picture into pixels, from `offset` on: [size, size, 3], 0 to 255. */
  draw(pair: number, half: PairHalf, pixels: Uint8Array, offset: number): void;
  readonly isSynthetic: boolean;
  /** One sentence, without its full stop, that says where the pairs came from. */
  readonly source: string;
}

/**
 * Draws synthetic pairs: with equal probability nothing happens, or one of arm, red, green and blue light is set anew.
 *
 * @param options.pairs how many, from 1; the first ones are the same whatever the number
 * @param options.size height and width of the pictures, from 8; published: 512 (by default 64)
 * @param options.seed from 0 to 2^53 - 1
 * @param options.purpose names a stream of its own, such as "train" or "test"
 * @returns causal variables, noise and interventions; pictures are painted when they are asked for
 * @throws {RangeError} where the number of pairs is no whole number from 1, or the size is below 8
 * @example
 * import { circuitImages, syntheticCircuitPairs } from "dolab";
 * const pairs = syntheticCircuitPairs({ pairs: 3, size: 16, seed: 0, purpose: "train" });
 * pairs.causalBefore.length; // => 12
 * circuitImages(pairs, [0, 2], "after").length; // => 1536
 * pairs.source; // => "Synthetic pictures of our renderer (seed 0, train): 3 pairs of 16 x 16"
 */
export function syntheticCircuitPairs({
  pairs,
  size = 64,
  seed,
  purpose,
}: {
  pairs: number;
  size?: number;
  seed: number;
  purpose: string;
}): CircuitPairs {
  if (!(Number.isSafeInteger(pairs) && pairs >= 1))
    throw new RangeError(`Cannot draw pairs as there must be at least one: got ${pairs}`);
  const render = circuitRenderer(size);
  const rng = createRandom(seed).split(`causal circuit: ${purpose}`);
  const rows = () => new Float32Array(pairs * 4);
  const [causalBefore, causalAfter, noiseBefore, noiseAfter] = [rows(), rows(), rows(), rows()];
  const intervention = new Int32Array(pairs);
  for (let pair = 0; pair < pairs; pair++) {
    const drawn = drawCircuitPair(rng);
    causalBefore.set(drawn.before, 4 * pair);
    causalAfter.set(drawn.after, 4 * pair);
    noiseBefore.set(drawn.noiseBefore, 4 * pair);
    noiseAfter.set(drawn.noiseAfter, 4 * pair);
    intervention[pair] = drawn.intervention;
  }
  return {
    pairs,
    size,
    causalBefore,
    causalAfter,
    noiseBefore,
    noiseAfter,
    intervention,
    draw(pair, half, pixels, offset) {
      const causal = half === "before" ? causalBefore : causalAfter;
      render(causal.subarray(4 * pair, 4 * pair + 4), pixels, offset);
    },
    isSynthetic: true,
    source: `Synthetic pictures of our renderer (seed ${seed}, ${purpose}): ${pairs} pairs of ${size} x ${size}`,
  };
}

/**
 * Draws the pictures of some pairs.
 *
 * @param pairs as `syntheticCircuitPairs` or `readCircuitPairs` returns them
 * @param indices which pairs, each from 0 to below their number
 * @param half "before" or "after" the intervention
 * @returns 0 to 255, [indices, size, size, 3]
 * @example
 * import { circuitImages, syntheticCircuitPairs } from "dolab";
 * const pairs = syntheticCircuitPairs({ pairs: 1, size: 16, seed: 0, purpose: "train" });
 * circuitImages(pairs, [0], "before").length; // => 768
 */
export function circuitImages(pairs: CircuitPairs, indices: ArrayLike<number>, half: PairHalf): Uint8Array {
  const bytes = pairs.size * pairs.size * 3;
  const pixels = new Uint8Array(indices.length * bytes);
  for (let i = 0; i < indices.length; i++) pairs.draw(indices[i], half, pixels, i * bytes);
  return pixels;
}

/**
 * Takes the first pairs of some.
 *
 * @param pairs as `syntheticCircuitPairs` or `readCircuitPairs` returns them
 * @param most how many at most, from 1
 * @returns a view of the same pairs
 * @example
 * import { firstCircuitPairs, syntheticCircuitPairs } from "dolab";
 * const pairs = syntheticCircuitPairs({ pairs: 3, size: 16, seed: 0, purpose: "train" });
 * firstCircuitPairs(pairs, 2).intervention.length; // => 2
 */
export function firstCircuitPairs(pairs: CircuitPairs, most: number): CircuitPairs {
  const count = Math.min(pairs.pairs, most);
  const rows = (all: Float32Array) => all.subarray(0, 4 * count);
  return {
    ...pairs,
    pairs: count,
    causalBefore: rows(pairs.causalBefore),
    causalAfter: rows(pairs.causalAfter),
    noiseBefore: rows(pairs.noiseBefore),
    noiseAfter: rows(pairs.noiseAfter),
    intervention: pairs.intervention.subarray(0, count),
  };
}
