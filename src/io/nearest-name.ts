// Finds the name that a mistyped one most likely stands for; error messages suggest it.

/**
 * Finds the first name that goes on from what was written ("w2" of "w2-causal-intervention"), or else the one that takes the
 * fewest insertions, deletions and substitutions to reach, capitals counted as small letters.
 *
 * @param name what was written
 * @param names at least one
 * @returns the first of the nearest ones
 * @example
 * nearest("w2", ["citris", "w2-causal-intervention"]); // => "w2-causal-intervention"
 * nearest("learningRat", ["epsilon", "learningRate"]); // => "learningRate"
 */
export function nearest(name: string, names: readonly string[]): string {
  const longer =
    name.length > 1 && names.find((other) => other.toLowerCase().startsWith(`${name.toLowerCase()}-`));
  if (longer) return longer;
  const distances = names.map((other) => editDistance(name.toLowerCase(), other.toLowerCase()));
  return names[distances.indexOf(Math.min(...distances))];
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
