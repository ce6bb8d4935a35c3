// Options objects are checked at run time too: scripts and notebook cells may be plain JavaScript, and an option that nobody
// reads would change nothing without a word.
import { nearest } from "./nearest-name";

/**
 * Refuses an options object that holds anything but known options.
 *
 * @param action what cannot be done then, such as "make an optimiser"
 * @param options what the caller has given
 * @param known the names of all options
 * @throws {TypeError} where it is no object
 * @throws {RangeError} naming each unknown option with the nearest known one
 * @example
 * requireKnownOptions("make an optimiser", { kind: "sgd" }, ["kind", "momentum"]);
 */
export function requireKnownOptions(action: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const got = Array.isArray(options) ? "a list" : String(options);
    throw new TypeError(
      `Cannot ${action} as its options must be an object of ${known.join(", ")}: got ${got}`,
    );
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const hints = unknown.map((name) => `"${name}" (nearest: "${nearest(name, known)}")`);
  throw new RangeError(
    `Cannot ${action} as it has no such option: got ${hints.join(", ")}; options: ${known.join(", ")}`,
  );
}

/**
 * Refuses arguments beyond those that a function takes, which JavaScript would drop without a word.
 *
 * @param call the function with its arguments, such as "rng.normal(mean, standardDeviation)"
 * @param surplus what a rest parameter has taken up
 * @throws {TypeError} where there is any
 */
export function refuseSurplus(call: string, surplus: readonly unknown[]): void {
  if (surplus.length === 0) return;
  throw new TypeError(`Cannot call ${call} with more arguments than it takes: got ${surplus.join(", ")} too`);
}

/** What follows a function's one argument: nothing, or what `map` passes. */
export type NoneOrMapped = [] | [place: number, all: readonly unknown[]];

/**
 * The same for a function of one list, which may be handed to `map`: that passes each list's place and all lists beside it.
 *
 * @param call the function with its argument, such as "mean(values)"
 * @param values the list
 * @param surplus what a rest parameter has taken up
 * @throws {TypeError} where there is any other
 */
export function refuseSurplusOfList(call: string, values: unknown, surplus: readonly unknown[]): void {
  const [place, all] = surplus;
  const mapped = surplus.length === 2 && Array.isArray(all) && all[place as number] === values;
  if (!mapped) refuseSurplus(call, surplus);
}
