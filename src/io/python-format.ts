// Prints floating-point numbers as CPython does, so that result files match those of Python programs
// byte for byte: `repr(x)` and `f"{x:.6f}"`. Source: CPython, Python/pystrtod.c (format codes 'r' and 'f').
// JavaScript differs: 1 prints without ".0", exponents start at 1e21, and toFixed rounds ties up.

import { requireKnownOptions } from "./known-options";

/**
 * Formats a float as Python's `repr` does: the shortest text that reads back to the same number.
 *
 * @param value any number; NaN and the infinities print as "nan", "inf" and "-inf"
 * @example
 * import { pythonRepr } from "dolab";
 * pythonRepr(1); // => "1.0"
 * pythonRepr(0.00001); // => "1e-05"
 */
export function pythonRepr(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  // Without an argument toExponential gives the shortest round-trip digits, the same that repr uses.
  const [mantissa, exponentText] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/**
 * Formats a float with a fixed number of decimals as Python's `f"{x:.4f}"` (or `f"{x:+.4f}"`) does.
 *
 * The exact binary value is rounded, ties to the even digit, where `toFixed` rounds ties away from zero.
 *
 * @param value any number
 * @param digits decimals after the point, 0 to 1000
 * @param options.sign whether positive numbers get a plus sign
 * @throws {RangeError} where digits is not a whole number from 0 to 1000
 * @example
 * import { pythonFixed } from "dolab";
 * pythonFixed(0.65625, 4); // => "0.6562"
 * pythonFixed(2, 3, { sign: true }); // => "+2.000"
 */
export function pythonFixed(value: number, digits: number, options: { sign?: boolean } = {}): string {
  requireKnownOptions("format a number", options, ["sign"]);
  const { sign = false } = options;
  if (!Number.isInteger(digits) || digits < 0 || digits > 1000) {
    throw new RangeError(
      `Cannot format a number as digits must be a whole number from 0 to 1000: got ${digits}`,
    );
  }
  const negative = value < 0 || Object.is(value, -0);
  const prefix = negative ? "-" : sign ? "+" : "";
  if (!Number.isFinite(value)) return prefix + notFinite(Math.abs(value));
  const text = scaleExactly(Math.abs(value), digits)
    .toString()
    .padStart(digits + 1, "0");
  const point = text.length - digits;
  return prefix + (digits === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`);
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Returns value * 10^digits rounded to the nearest integer, ties to even, for a finite value >= 0. */
function scaleExactly(value: number, digits: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const significand = (bits & 0xf_ffff_ffff_ffffn) | (biased === 0 ? 0n : 1n << 52n);
  const exponent = BigInt(Math.max(biased, 1) - 1075); // value = significand * 2^exponent
  const scaled = significand * 10n ** BigInt(digits);
  if (exponent >= 0n) return scaled << exponent;
  const quotient = scaled >> -exponent;
  const twiceRemainder = (scaled - (quotient << -exponent)) * 2n;
  const unit = 1n << -exponent;
  const roundUp = twiceRemainder > unit || (twiceRemainder === unit && quotient % 2n === 1n);
  return roundUp ? quotient + 1n : quotient;
}
