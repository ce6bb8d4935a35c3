// What every statistic of pairs demands of its two arrays.

/**
 * Throws unless both arrays have one entry for each pair.
 *
 * @param action what cannot be done otherwise, for the message: "correlate"
 */
export function requirePairs(action: string, first: ArrayLike<unknown>, second: ArrayLike<unknown>): void {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot ${action} as both arrays must have the same length: got ${first.length} and ${second.length}`,
    );
  }
}
