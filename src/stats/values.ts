// What the statistics take: lists and typed arrays of numbers, and the arrays of `io` ({ data, shape }) as they are. Everything
// else is refused: arithmetic on undefined gives NaN, and on null or text a number, without a word.
import type { BigIntegerArray } from "../io";

/** Numbers one after the other, or an array of `io`. */
export type Values = ArrayLike<number> | StoredValues;

/** Labels, too, may be an array of `io`. */
export type Labels = ArrayLike<number | boolean> | StoredValues;

/** Rows of equal length, or an array of `io` of shape [rows, columns]. */
export type Rows = readonly ArrayLike<number>[] | StoredValues;

/** An array as `readNpy` and `readNpz` give it. */
export interface StoredValues {
  readonly data: ArrayLike<number> | BigIntegerArray;
  readonly shape: readonly number[];
}

const RULE = "must be numbers: a list, a typed array, or an array of io ({ data, shape })";

/**
 * The numbers of a sample, in C order.
 *
 * @param action what cannot be done otherwise, for messages: "correlate"
 * @param name the argument's
 * @throws {TypeError} for anything but numbers
 */
export function numbersOf(action: string, name: string, values: Values): ArrayLike<number> {
  if (ArrayBuffer.isView(values)) return plainNumbers(action, name, values as ArrayLike<number>);
  if (Array.isArray(values)) {
    const wrong = values.findIndex((value) => typeof value !== "number");
    if (wrong < 0) return values;
    const got = Array.isArray(values[wrong]) ? "a list" : JSON.stringify(values[wrong]);
    throw new TypeError(`Cannot ${action} as ${name} ${RULE}: got ${got} at index ${wrong}`);
  }
  if (isStored(values)) return plainNumbers(action, name, values.data as ArrayLike<number>);
  if (
    typeof values === "object" &&
    values !== null &&
    typeof (values as ArrayLike<number>).length === "number"
  )
    return values as ArrayLike<number>;
  throw new TypeError(`Cannot ${action} as ${name} ${RULE}: got ${described(values)}`);
}

/** The same for values that belong to others one by one: an array of `io` may have one axis only, beside those of length 1. */
export function vectorOf(action: string, name: string, values: Values): ArrayLike<number> {
  if (isStored(values) && values.shape.filter((length) => length !== 1).length > 1)
    throw new TypeError(
      `Cannot ${action} as ${name} must have one axis (pass ${name}.data for all numbers in a row): got shape [${values.shape}]`,
    );
  return numbersOf(action, name, values);
}

/** The rows of a matrix. @throws {TypeError} for anything but rows of numbers */
export function rowsOf(action: string, name: string, rows: Rows): readonly ArrayLike<number>[] {
  if (Array.isArray(rows)) return rows.map((row, i) => numbersOf(action, `${name}[${i}]`, row));
  if (isStored(rows as StoredValues)) {
    const { data, shape } = rows as StoredValues;
    if (shape.length === 2) {
      const numbers = Float64Array.from(plainNumbers(action, name, data as ArrayLike<number>));
      return Array.from({ length: shape[0] }, (_, i) => numbers.subarray(i * shape[1], (i + 1) * shape[1]));
    }
    throw new TypeError(`Cannot ${action} as ${name} must have two axes: got shape [${shape}]`);
  }
  throw new TypeError(`Cannot ${action} as ${name} must be rows of numbers: got ${described(rows)}`);
}

function isStored(values: unknown): values is StoredValues {
  const { data, shape } = (values ?? {}) as Partial<StoredValues>;
  return ArrayBuffer.isView(data) && Array.isArray(shape);
}

function plainNumbers(action: string, name: string, values: ArrayLike<number>): ArrayLike<number> {
  if (typeof values[0] !== "bigint") return values;
  throw new TypeError(
    `Cannot ${action} as ${name} ${RULE}: got bigints (read the file without bigint, or convert them by Number)`,
  );
}

function described(values: unknown): string {
  if (values === undefined) return "undefined";
  if (typeof values !== "object" || values === null) return `${typeof values} ${values}`;
  if (values instanceof Map) return 'a Map (readNpz gives one: take an array by .get("its name"))';
  if ("dataSync" in values) return "a tensor (pass tensor.dataSync())";
  return `an object of ${Object.keys(values).slice(0, 5).join(", ") || "nothing"}`;
}
