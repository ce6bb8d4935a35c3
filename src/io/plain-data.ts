// Copies plain data as JSON carries it, and says what differs between two pieces of it.

/** What JSON.parse returns for an object. */
export type PlainObject = { [key: string]: unknown };

export const isPlainObject = (value: unknown): value is PlainObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Copies an object as JSON carries it: properties that are undefined are left out, a Date is its text.
 *
 * @param what names the object in error messages
 * @throws {TypeError} for what JSON would change without a word: NaN, infinities, Maps, typed arrays, functions
 */
export function plainObject(value: object, what: string): PlainObject {
  const text = JSON.stringify(value, (key, item: unknown) => {
    const isNumber = typeof item === "number";
    if (isNumber ? Number.isFinite(item) : typeof item !== "function" && isPlain(item)) return item;
    const got = isNumber ? item : (item as object).constructor.name;
    throw new TypeError(`Cannot record "${key}" of ${what} as JSON has no such value: got ${got}`);
  });
  return JSON.parse(text);
}

/** Whether a value is no object, a list, or an object without a class; a notebook's cells have an Object.prototype of their own. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Compares plain data key by key; the order of keys means nothing, that of lists does.
 *
 * @returns a line for each differing key, such as `optimiser.rate: 0.1 there, 0.2 here`; none where all is the same
 * @example
 * differences({ rate: 0.1, seed: 1 }, { rate: 0.2, seed: 1 }); // => ["rate: 0.1 there, 0.2 here"]
 */
export function differences(there: unknown, here: unknown, path = ""): string[] {
  if (isContainer(there) && isContainer(here) && Array.isArray(there) === Array.isArray(here)) {
    const member = (key: string) => (Array.isArray(here) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
    const keys = new Set([...Object.keys(there), ...Object.keys(here)]);
    return Array.from(keys).flatMap((key) => differences(there[key], here[key], member(key)));
  }
  if (there === here) return [];
  if (isChecksum(there) && isChecksum(here))
    return [`${path}: another file (SHA-256 ${there.slice(0, 8)}... there, ${here.slice(0, 8)}... here)`];
  return [`${path}: ${shown(there)} there, ${shown(here)} here`];
}

const isContainer = (value: unknown): value is PlainObject => typeof value === "object" && value !== null;

const isChecksum = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const LONGEST = 60;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
