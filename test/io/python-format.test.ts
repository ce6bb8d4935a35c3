import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { pythonFixed, pythonRepr } from "../../src/io";
import { fixture } from "./scratch";

const table: Record<string, string>[] = JSON.parse(readFileSync(fixture("python-format.json"), "utf8"));
const toDouble = (bits: string) => Buffer.from(bits, "hex").readDoubleBE();

test("pythonRepr() prints 250 doubles as Python's repr does", () => {
  for (const { bits, repr } of table) assert.equal(pythonRepr(toDouble(bits)), repr);
});

test("pythonRepr() reads back to the same double", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(Number(pythonRepr(value)), value));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("pythonFixed() prints doubles as Python's format does, exact ties included", () => {
  let compared = 0;
  for (const { bits, repr, ...formats } of table) {
    for (const [format, text] of Object.entries(formats)) {
      const [, sign, digits] = /^(\+?)\.(\d+)f$/.exec(format)!;
      assert.equal(
        pythonFixed(toDouble(bits), Number(digits), { sign: sign === "+" }),
        text,
        `${repr} ${format}`,
      );
      compared++;
    }
  }
  assert.ok(compared > 1000);
});

test("pythonFixed() rounds the tie 0.65625 to even, where toFixed rounds up", () => {
  assert.equal(pythonFixed(0.65625, 4), "0.6562");
  assert.equal((0.65625).toFixed(4), "0.6563");
  assert.equal(pythonFixed(2, 3, { sign: true }), "+2.000");
});

test("pythonFixed() refuses digits that are no whole number from 0 to 1000", () => {
  for (const digits of [-1, 1.5, Number.NaN, 1001]) {
    assert.throws(() => pythonFixed(1, digits), { name: "RangeError", message: /got (-1|1.5|NaN|1001)$/ });
  }
});
