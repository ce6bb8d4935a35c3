import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { type CsvFormat, formatCsv, parseCsv, pythonFixed } from "../../src/io";
import { documentFile } from "./scratch";

const text = (name: string) => readFileSync(documentFile(name), "utf8");
const numbers = (csv: string) =>
  Object.fromEntries(
    csv
      .split("\n")[0]
      .split(",")
      .map((column) => [column, "number" as const]),
  );

test("parseCsv() and formatCsv() give the analysis's sweep and evolution files back byte for byte", () => {
  for (const [name, integers] of [
    ["sweep_trm_step13020_n512.csv", ["pct", "nA", "nB", "nC", "nD"]],
    ["evolution_hrm.csv", ["step"]],
    ["evolution_trm.csv", ["step"]],
  ] as const) {
    const csv = text(name);
    const { columns, rows } = parseCsv(csv, numbers(csv));
    const formats = Object.fromEntries(integers.map((column) => [column, "integer" as const]));
    assert.equal(formatCsv(columns, rows, formats), csv);
  }
});

test("formatCsv() prints columns by function, as the analysis's cells file has them", () => {
  const csv = text("cells_trm_step13020_n512.csv");
  const { columns, rows } = parseCsv(csv, { ...numbers(csv), cell: "string" });
  const formats: Record<string, CsvFormat> = { n: "integer" };
  for (const column of columns.slice(2)) {
    const digits = column.startsWith("lam") ? 6 : column.startsWith("token") ? 4 : 1;
    formats[column] = (value) => pythonFixed(value as number, digits);
  }
  assert.equal(formatCsv(columns, rows, formats), csv);
});

test("formatCsv() prints numbers as Python's str, and nothing for what is absent", () => {
  const row = { a: 1, b: Number.NaN, c: -Infinity, d: null, e: true, f: "x", g: 2n };
  assert.equal(formatCsv([..."abcdefgh"], [row]), "a,b,c,d,e,f,g,h\n1.0,nan,-inf,,True,x,2,\n");
});

test("formatCsv() refuses fractions in integer columns, and objects", () => {
  assert.throws(() => formatCsv(["n"], [{ n: 1.5 }], { n: "integer" }), {
    name: "RangeError",
    message: /"n".*got 1.5/,
  });
  assert.throws(() => formatCsv(["n"], [{ n: {} }]), {
    name: "TypeError",
    message: /"n" as CSV: got object/,
  });
});

test("parseCsv() reads numbers, nan, infinities and empty fields by the column's type", () => {
  const { rows } = parseCsv("step,x,y\r\n5,nan,1\r\n-1e-05,,inf\r\n.5,NaN,-inf\r\n", {
    step: "number",
    x: "number",
    y: "number",
  });
  assert.deepEqual(rows, [
    { step: 5, x: Number.NaN, y: 1 },
    { step: -1e-5, x: null, y: Infinity },
    { step: 0.5, x: Number.NaN, y: -Infinity },
  ]);
  assert.deepEqual(parseCsv("step\n007\n", {}).rows, [{ step: "007" }], "text where no type is given");
});

test("parseCsv() reads quoted fields, a byte order mark and a last line without its end", () => {
  const { columns, rows } = parseCsv('\ufeff"a","b ""c"""\n"1,2","x\ny"\n,z', { a: "string" });
  assert.deepEqual(columns, ["a", 'b "c"']);
  assert.deepEqual(rows, [
    { a: "1,2", 'b "c"': "x\ny" },
    { a: "", 'b "c"': "z" },
  ]);
});

test("parseCsv() refuses what is ragged, misquoted, misnamed or no number, naming the line", () => {
  for (const [csv, message] of [
    ["", /first line must name the columns/],
    ["a,a\n", /name of its own: got a,a/],
    ["b\n1\n", /column "a" is missing: got b/],
    ["a,b\n1,2\n3\n", /line 3 as it must have 2 fields: got 1/],
    ['a,b\n"1\n",1\n1,2,3\n', /line 4 as it must have 2 fields: got 3/],
    ['a\n"1\n', /line 2 as a quote/],
    ['a\n1"2\n', /line 2 as a quote/],
    ['a\n"1"2\n', /line 2 as a quote/],
    ["a\n1\r2\n", /line 2 as a quote or line break/],
    ["a\n1\n0x10\n", /line 3, column "a" as a number: got "0x10"/],
    ["a\n1_000\n", /got "1_000"/],
    ["a\n1 2\n", /got "1 2"/],
    ["a\nnull\n", /got "null"/],
  ] as const) {
    assert.throws(
      () => parseCsv(csv, { a: "number" }),
      { name: "SyntaxError", message },
      JSON.stringify(csv),
    );
  }
});

test("parseCsv() gives back any text that formatCsv() wrote", () => {
  const field = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\n", "\r\n", 'a"b', " x "));
  fc.assert(
    fc.property(fc.array(fc.record({ a: field, b: field }), { maxLength: 5 }), (rows) => {
      assert.deepEqual(
        parseCsv(formatCsv(["a", "b"], rows), {}).rows,
        rows.map((row) => ({ ...row })),
      );
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("parseCsv() reads long quoted fields", () => {
  const long = '"'.repeat(3_000_000);
  assert.equal(parseCsv(formatCsv(["a"], [{ a: long }]), { a: "string" }).rows[0].a, long);
});
