// Numbers rounded for reading. A column gets one common number of decimals, so that its digits line up and nothing
// looks more precise than its neighbours; only where a quarter of its values would lose all but one digit to that (as
// in a column of p values) does each value keep its own significant digits.

/** The largest number of decimals that a double can say anything about. */
const maxDecimals = 15;

/**
 * Rounds a column: whole numbers stay whole; else as many decimals as give the largest value `digits` significant
 * digits (a largest value of 1, as in rates and AUCs, still gets `digits` decimals), without common trailing zeros.
 * @param values any finite numbers, NaN or infinities
 * @param digits significant digits, 1 to 15
 * @returns one text a value, "NaN" for NaN
 */
export function formatColumn(values: readonly number[], digits = 4): string[] {
  if (!Number.isInteger(digits) || digits < 1 || digits > 15) {
    throw new RangeError(`Cannot round numbers as digits must be a whole number from 1 to 15: got ${digits}`);
  }
  const finite = values.filter(Number.isFinite);
  if (finite.every((value) => Number.isInteger(value) && Math.abs(value) < 1e15))
    return values.map(wholeNumber);
  const magnitudes = Float64Array.from(finite.map(Math.abs).filter((value) => value > 0)).sort();
  const largest = magnitudes[magnitudes.length - 1];
  const lowerQuartile = magnitudes[Math.floor((magnitudes.length - 1) / 4)];
  const wanted = digits - Math.ceil(Math.log10(largest));
  const decimals = Math.min(Math.max(wanted, 0), maxDecimals);
  const readable = largest < 1e7 && wanted <= maxDecimals && lowerQuartile >= 10 ** (1 - decimals);
  if (!readable) return values.map((value) => formatNumber(value, digits));
  const needed = finite.reduce((most, value) => Math.max(most, decimalsOf(value, decimals)), 0);
  return values.map((value) =>
    Number.isFinite(value) ? withoutNegativeZero(value.toFixed(needed)) : notFinite(value),
  );
}

/** One number alone, to `digits` significant digits; very large and very small ones in scientific notation. */
export function formatNumber(value: number, digits = 4): string {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && magnitude < 1e9)) return wholeNumber(value);
  const scientific = magnitude < 1e-4 || magnitude >= 1e7;
  return scientific
    ? value.toExponential(digits - 1).replace(/\.?0*e/, "e")
    : String(Number(value.toPrecision(digits)));
}

const notFinite = (value: number) => (Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞");
const wholeNumber = (value: number) => (Number.isFinite(value) ? String(value) : notFinite(value));
const withoutNegativeZero = (text: string) => (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text);

/** How many of `decimals` decimals a value uses before trailing zeros. */
const decimalsOf = (value: number, decimals: number) =>
  (value.toFixed(decimals).split(".")[1] ?? "").replace(/0+$/, "").length;
