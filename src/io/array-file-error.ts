// The readers of arrays throw errors that say which file and which array they refuse, what was expected, and what stood
// there instead.

/** Says why a file of arrays, or one of them, is refused; nothing of a refused file is returned. */
export abstract class ArrayFileError extends Error {
  /**
   * @param part what the format calls an array
   * @param file path of the file
   * @param key name of the array, or undefined where the file as a whole is refused
   * @param expectation the rule that is broken, as it reads after "as"
   * @param found what stands in the file instead
   */
  protected constructor(
    part: string,
    readonly file: string,
    readonly key: string | undefined,
    readonly expectation: string,
    readonly found: string,
    options?: { cause?: unknown },
  ) {
    const subject = key === undefined ? file : `${part} ${display(key)} of ${file}`;
    super(`Cannot read ${subject} as ${expectation}: got ${found}`, options);
  }
}

/** Says why an .npy or .npz file, or one of its arrays, is refused; `ArrayFileError` has its fields. */
export class NpzError extends ArrayFileError {
  override readonly name = "NpzError";

  constructor(
    file: string,
    key: string | undefined,
    expectation: string,
    found: string,
    options?: { cause?: unknown },
  ) {
    super("array", file, key, expectation, found, options);
  }
}

/** Makes the error for one file or one array of it; readers throw what it returns. */
export type Refusal = (expectation: string, found: string | number, cause?: unknown) => ArrayFileError;

/** Returns a maker of errors that name this file and, where given, this array. */
export function refusalFor(file: string, key?: string): Refusal {
  return (expectation, found, cause) =>
    new NpzError(file, key, expectation, String(found), cause === undefined ? undefined : { cause });
}

/** Quotes text from a file for a message: control characters escaped, at most 80 characters. */
export function display(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

/** Shows a shape as Python shows a tuple, cut where it is long. */
export function displayShape(shape: readonly number[]): string {
  const text = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
