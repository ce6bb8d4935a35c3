// How far two lists of numbers are apart. NaN agrees with NaN, an infinity with itself, and 0 with -0.

/**
 * @param scale what an error is divided by
 * @returns 0 where all agree; Infinity for lists of different lengths, and for a number against NaN or an infinity
 */
export function greatestError(ours: ArrayLike<number>, theirs: ArrayLike<number>, scale = 1): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let i = 0; i < ours.length; i++) {
    if (ours[i] === theirs[i] || (Number.isNaN(ours[i]) && Number.isNaN(theirs[i]))) continue;
    const error = Math.abs(ours[i] - theirs[i]) / scale;
    greatest = Math.max(greatest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return greatest;
}
