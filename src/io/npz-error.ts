// The one error of the .npy and .npz readers: what the file is, which array, what was expected, what stood there.

/** Says why a file or one of its arrays is refused; nothing of a refused file is returned. */
export class NpzError extends Error {
  override readonly name = "NpzError";

  /**
   * @param file path of the file
   * @param key name of the array, or undefined where the file as a whole is refused
   * @param expectation the rule that is broken, as it reads after "as"
   * @param found what stands in the file instead
   */
  constructor(
    readonly file: string,
    readonly key: string | undefined,
    readonly expectation: string,
    readonly found: string,
    options?: { cause?: unknown },
  ) {
    const subject = key === undefined ? file : `array ${display(key)} of ${file}`;
    super(`Cannot read ${subject} as ${expectation}: got ${found}`, options);
  }
}

/** Makes the error for one file or one array of it; readers throw what it returns. */
export type Refusal = (expectation: string, found: string | number, cause?: unknown) => NpzError;

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
