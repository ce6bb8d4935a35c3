// Finds which of several named things a command line asks for.
import { nearest } from "../io/nearest-name";

/**
 * @param kind what they are, for the message
 * @param names those asked for, in any order, "training" for all of "training-mlp" and its like; none means those that `byDefault` takes
 * @returns in the order of `candidates`
 * @throws {RangeError} for an unknown name
 */
export function selectByName<Named extends { name: string }>(
  kind: string,
  candidates: readonly Named[],
  names: readonly string[],
  byDefault: (candidate: Named) => boolean = () => true,
): Named[] {
  const known = candidates.map(({ name }) => name);
  const asked = (wanted: string, name: string) => name === wanted || name.startsWith(`${wanted}-`);
  const unknown = names.find((wanted) => !known.some((name) => asked(wanted, name)));
  if (unknown !== undefined) {
    const nearby = nearest(unknown, known);
    throw new RangeError(
      `Cannot run ${kind} "${unknown}" as there is none of that name: did you mean "${nearby}"? (${known.join(", ")})`,
    );
  }
  return candidates.filter((candidate) =>
    names.length === 0 ? byDefault(candidate) : names.some((wanted) => asked(wanted, candidate.name)),
  );
}
