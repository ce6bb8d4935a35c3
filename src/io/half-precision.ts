// Converts numbers to and from IEEE 754 binary16 (1 sign, 5 exponent and 10 fraction bits), which JavaScript has no typed
// array for on Node 20.

const SCALES = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));

/** Returns the number that 16 bits stand for; exact, since every half is also a single and a double. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction : fraction + 1024) * SCALES[exponent];
}

/** Returns the 16 bits of the half nearest to a number, ties to even; beyond 65520 that is infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // The spacing of halves around `size`: 2^-24 below 2^-14, else 2^(exponent - 10).
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const steps = roundHalfEven(size / 2 ** (exponent - 10));
  return sign | (steps + (exponent + 14) * 1024); // a carry into the next power of two lands in the exponent bits
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const remainder = value - floor;
  return remainder > 0.5 || (remainder === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
