// Random samples with what breaks statistics: few values, ties, constants, both zeros, huge ranges and offsets, subnormal
// numbers, infinities, and data that are sorted already.
import type { Random } from "../../random";

const kinds = {
  normal: (rng: Random) => () => rng.normal(),
  bimodal: (rng: Random) => () => rng.normal() + 8 * rng.integer(0, 2),
  ties: (rng: Random) => {
    const distinct = rng.integer(1, 12);
    return () => rng.integer(0, distinct + 1) / 4;
  },
  zeros: (rng: Random) => () => [0, -0, 1, -1][rng.integer(0, 4)],
  constant: (rng: Random) => {
    const value = rng.normal();
    return () => value;
  },
  offset: (rng: Random) => () => 1e9 + rng.normal(),
  farOffset: (rng: Random) => () => 1e16 + 8 * Math.round(rng.normal()),
  wide: (rng: Random) => () => (rng.integer(0, 2) ? 1 : -1) * Math.exp(80 * rng.normal()),
  subnormal: (rng: Random) => () => rng.integer(-1000, 1000) * Number.MIN_VALUE,
  infinite: (rng: Random) => () =>
    rng.uniform() < 0.1
      ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][rng.integer(0, 2)]
      : rng.normal(),
};

export type SampleKind = keyof typeof kinds;

/** Kinds on which rounding is small: for what is compared to a tolerance that says so. */
export const wellConditioned = ["normal", "bimodal", "ties"] as const;
/** Kinds of finite numbers. */
export const finite = [
  ...wellConditioned,
  "zeros",
  "constant",
  "offset",
  "farOffset",
  "wide",
  "subnormal",
] as const;

/** A third of all sizes are below 7, the others up to 3,000, each order of magnitude as likely. */
export function randomSize(rng: Random, least = 1): number {
  return rng.integer(0, 3) === 0 ? rng.integer(least, 7) : Math.floor(7 * (3000 / 7) ** rng.uniform());
}

/** @returns [size], of one of these kinds; every fifth is sorted */
export function randomSample(rng: Random, size: number, from: readonly SampleKind[]): Float64Array {
  const sample = Float64Array.from({ length: size }, kinds[from[rng.integer(0, from.length)]](rng));
  return rng.integer(0, 5) === 0 ? sample.sort() : sample;
}
