// Which of several named things a command line asks for.
import { nearest } from "../experiments";

/**
 * @param kind what they are, for the message
 * @param names those asked for, in any order; none means those that `byDefault` takes
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
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearby = nearest(unknown, known);
    throw new RangeError(
      `Cannot run ${kind} "${unknown}" as there is none of that name: did you mean "${nearby}"? (${known.join(", ")})`,
    );
  }
  return candidates.filter((candidate) =>
    names.length === 0 ? byDefault(candidate) : names.includes(candidate.name),
  );
}
