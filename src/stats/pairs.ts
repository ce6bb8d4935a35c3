// Checks what every statistic of pairs demands of its two arrays.
import { type Labels, numbersOf, type Values, vectorOf } from "./values";

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

/**
 * The numbers of pairs.
 *
 * @param names the two arguments', for messages
 * @throws {TypeError} for anything but numbers, and unless both have one entry for each pair
 */
export function pairsOf(
  action: string,
  names: readonly [string, string],
  first: Values,
  second: Values,
): [ArrayLike<number>, ArrayLike<number>] {
  const pairs = [vectorOf(action, names[0], first), vectorOf(action, names[1], second)] as const;
  requirePairs(action, ...pairs);
  return [...pairs];
}

/** Labels as they are, or those of an array of `io`. */
export const labelsOf = (action: string, labels: Labels): ArrayLike<number | boolean> =>
  Array.isArray(labels) ? labels : numbersOf(action, "labels", labels as Values);
