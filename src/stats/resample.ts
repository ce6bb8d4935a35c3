// Resampling with replacement, the draw behind every bootstrap replicate.
import type { Random } from "../random";
import { requirePairs } from "./pairs";

/**
 * Makes a function that fills an array with indices drawn from 0 to size - 1 with replacement.
 *
 * @param size number of samples
 * @param groups [size] labels; position i then draws from the samples that share the label of i, so that each group
 *   keeps its size (stratified resampling)
 * @throws TypeError if there are groups, but not one for each sample
 */
export function resampler(
  size: number,
  groups?: ArrayLike<unknown>,
): (rng: Random, indices: Int32Array) => void {
  if (groups === undefined) {
    return (rng, indices) => {
      for (let i = 0; i < size; i++) indices[i] = rng.integer(0, size);
    };
  }
  requirePairs("resample within groups", { length: size }, groups);
  const membersOf = new Map<unknown, number[]>();
  const pools = Array.from({ length: size }, (_, i) => {
    const members = membersOf.get(groups[i]) ?? [];
    membersOf.set(groups[i], members);
    members.push(i);
    return members;
  });
  return (rng, indices) => {
    for (let i = 0; i < size; i++) indices[i] = pools[i][rng.integer(0, pools[i].length)];
  };
}
