// How fast a kicked thought leaves, or comes back to, what it would have been.
import type { Kick, Kicks } from "./kicks";

/** Distances below this are float32's rounding of states of length about 40. */
const ROUNDING = 1e-4;

/**
 * The mean logarithmic growth of each puzzle's distance per ACT step, from the kick to the last step before it is lost in rounding
 * or as large as the states themselves; NaN where that is no step.
 */
export function growthRates({ distance }: Kick, { right }: Pick<Kicks, "right">): number[] {
  return right.map((_, puzzle) => {
    const own = distance[puzzle];
    let last = 0;
    while (last + 1 < own.length && own[last + 1] > ROUNDING && own[last + 1] < LARGE) last += 1;
    return last === 0 ? Number.NaN : Math.log(own[last] / own[0]) / last;
  });
}

/** Beyond this the tangent says nothing any more. */
const LARGE = 3;
