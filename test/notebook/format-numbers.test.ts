import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatColumn, formatNumber } from "../../src/notebook/format-numbers";

test("formatColumn() keeps whole numbers whole and ungrouped", () => {
  assert.deepEqual(formatColumn([1, -20, 1234567, -0]), ["1", "-20", "1234567", "0"]);
});

test("formatColumn() gives a column one number of decimals, by its largest value", () => {
  assert.deepEqual(formatColumn([0.98714, 1, 0.5]), ["0.9871", "1.0000", "0.5000"]);
  assert.deepEqual(formatColumn([123.456, 1.23456]), ["123.5", "1.2"]);
  assert.deepEqual(formatColumn([0.00123456, 0.0009]), ["0.001235", "0.000900"]);
});

test("formatColumn() drops decimals that no value of the column uses", () => {
  assert.deepEqual(formatColumn([0.5, 0.25]), ["0.50", "0.25"]);
  assert.deepEqual(formatColumn([1.5, 100]), ["1.5", "100.0"]);
});

test("formatColumn() lets each value keep its digits where they span too many orders of magnitude", () => {
  assert.deepEqual(formatColumn([1e-12, 3e-9, 0.25]), ["1e-12", "3e-9", "0.25"]);
  assert.deepEqual(formatColumn([3.21e12 + 0.5, 1.5]), ["3.21e+12", "1.5"]);
});

test("formatColumn() writes NaN and infinities as such, beside rounded values", () => {
  assert.deepEqual(formatColumn([NaN, 0.123456, -Infinity, Infinity]), ["NaN", "0.1235", "-∞", "∞"]);
  assert.deepEqual(formatColumn([NaN, NaN]), ["NaN", "NaN"]);
  assert.deepEqual(formatColumn([]), []);
});

test("formatColumn() never writes a negative zero", () => {
  assert.deepEqual(formatColumn([-1e-9, 1.2346, 2.5, 3.5, 4]), ["0.000", "1.235", "2.500", "3.500", "4.000"]);
});

test("formatColumn() refuses digits that a double does not have", () => {
  assert.throws(() => formatColumn([1.5], 0), RangeError);
  assert.throws(() => formatColumn([1.5], 16), /whole number from 1 to 15: got 16/);
});

test("formatColumn() rounds: every text is within half a unit of its last decimal", () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 2, max: 12 }), (values, digits) => {
      formatColumn(values, digits).forEach((text, index) => {
        const [mantissa, exponent = "0"] = text.split("e");
        const decimals = (mantissa.split(".")[1] ?? "").length;
        const unit = 10 ** (Number(exponent) - decimals);
        // Texts without trailing zeros may stand for more decimals than they show: those are exact to `digits`.
        const tolerance = Math.max(0.5 * unit, Math.abs(values[index]) * 10 ** (1 - digits)) * (1 + 1e-9);
        assert.ok(Math.abs(Number(text) - values[index]) <= tolerance, `${values[index]} as ${text}`);
      });
    }),
  );
});

test("formatNumber() gives one number its significant digits, in scientific notation at the extremes", () => {
  const written = [0.12345678, 1234.5678, 1e-9, 12345678.9, 42, -0.5, NaN, 2 ** 40].map((x) =>
    formatNumber(x),
  );
  assert.deepEqual(written, ["0.1235", "1235", "1e-9", "1.235e+7", "42", "-0.5", "NaN", "1.1e+12"]);
  assert.equal(formatNumber(Math.PI, 3), "3.14");
});
