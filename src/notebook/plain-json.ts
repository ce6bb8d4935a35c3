// Figures and run records travel as JSON, which knows no typed arrays, no NaN and no Date.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A copy of a value that JSON can carry: typed arrays become arrays, NaN and infinities null (a gap in a plot), a Date
 * its ISO text, a bigint a number; keys without a value are left out.
 * Numbers of a Float32Array are written with the digits they have, at most nine, not with the seventeen of a double.
 * @param what names the value in error messages
 * @throws {TypeError} for functions, symbols and cycles, with the path to them
 */
export function plainJson(value: unknown, what = "value"): Json {
  return convert(value, what, new Set());
}

function convert(value: unknown, path: string, parents: Set<object>): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object") {
    throw new TypeError(`Cannot write ${path} as JSON as it must be plain data: got a ${typeof value}`);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Float32Array)
    return Array.from(value, (x) => (Number.isFinite(x) ? shortest(x) : null));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number | bigint>, (x) => convert(x, path, parents));
  }
  if (parents.has(value)) {
    throw new TypeError(`Cannot write ${path} as JSON as it must not contain itself: got a cycle`);
  }
  parents.add(value);
  const copy = Array.isArray(value)
    ? value.map((item, index) => convert(item, `${path}[${index}]`, parents))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, convert(item, `${path}.${key}`, parents)]),
      );
  parents.delete(value);
  return copy;
}

/** The fewest digits that name this 32-bit float and no other. */
function shortest(float32: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(float32.toPrecision(digits));
    if (Math.fround(rounded) === float32) return rounded;
  }
  return Number(float32.toPrecision(9));
}
