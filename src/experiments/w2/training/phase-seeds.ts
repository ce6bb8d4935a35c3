// The seeds of source document 000: label noise and the ordered checkpoint take the run's own, the others an offset. Python's
// int() cuts off, and 0.29 * 100 is 28.999..., so that λ = 0.29 has offset 28. The document has no control, sweep or other arm:
// their offsets are ours.

/** The seed of the label noise and of the ordered checkpoint. */
export const orderedSeed = (seed: number): number => seed;

/** The seed of the collapse checkpoint. */
export const collapseSeed = (seed: number): number => seed + 100;

/**
 * The seed of an intervention, the same from either checkpoint.
 *
 * @param seed the run's own
 * @param target the λ that is jumped to
 * @example
 * interventionSeed(0, 0.29); // => 528
 */
export const interventionSeed = (seed: number, target: number): number =>
  seed + 500 + Math.trunc(target * 100);

export const controlSeed = (seed: number, target: number): number => seed + 2000 + Math.trunc(target * 100);

export const sweepSeed = (seed: number): number => seed + 3000;

/** The seed of a boundary network or of an escape. */
export const armSeed = (seed: number, target: number): number => seed + 4000 + Math.trunc(target * 100);

/** The seed of a step of the tree, the same for every λ and from either checkpoint. @param depth branchings before it */
export const treeSeed = (seed: number, depth: number): number => seed + 5000 + depth;
