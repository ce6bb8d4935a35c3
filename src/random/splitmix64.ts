// SplitMix64, the generator that turns any 64-bit seed into well-mixed words.
// Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators"; constants of Vigna's public-domain
// splitmix64.c. Used for seeding only, so BigInt is fast enough.

const goldenGamma = 0x9e3779b97f4a7c15n;
const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Returns the output of SplitMix64 after one step from `state`; the step itself adds 0x9e3779b97f4a7c15. */
function mixAfterStep(state: bigint): bigint {
  let mixed = uint64(state + goldenGamma);
  mixed = uint64((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = uint64((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return mixed ^ (mixed >> 31n);
}

/**
 * Expands a 64-bit seed to the four 32-bit words of a generator, low half of each output first.
 *
 * @param seed 0 to 2^64 - 1
 * @returns four unsigned words; never all zero, because the map from states to outputs is a bijection
 */
export function seedWords(seed: bigint): [number, number, number, number] {
  const first = mixAfterStep(seed);
  const second = mixAfterStep(seed + goldenGamma);
  const low = (value: bigint) => Number(value & 0xffffffffn);
  return [low(first), low(first >> 32n), low(second), low(second >> 32n)];
}

/**
 * Folds a label into a seed: the same pair always gives the same new seed.
 *
 * @param seed 0 to 2^64 - 1
 * @param label a string, or a finite number; 1 and "1" are different labels
 * @returns a seed, 0 to 2^64 - 1
 * @throws TypeError if the label is neither; RangeError if it is not finite
 */
export function labelledSeed(seed: bigint, label: string | number): bigint {
  if (typeof label !== "string" && typeof label !== "number") {
    throw new TypeError(`Cannot split as a label must be a string or a number: got ${typeof label}`);
  }
  if (typeof label === "number" && !Number.isFinite(label)) {
    throw new RangeError(`Cannot split as a numeric label must be finite: got ${label}`);
  }
  // The seed is mixed before it meets the label, so that near seeds and near labels cannot cancel; type and length
  // come first, so that no label is the beginning of another.
  const text = String(label);
  const kind = BigInt(text.length * 2 + (typeof label === "number" ? 1 : 0));
  let folded = mixAfterStep(mixAfterStep(seed) ^ kind);
  for (let i = 0; i < text.length; i++) folded = mixAfterStep(folded ^ BigInt(text.charCodeAt(i)));
  return folded;
}
