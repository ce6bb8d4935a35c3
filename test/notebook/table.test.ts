import assert from "node:assert/strict";
import { test } from "node:test";
import * as arquero from "arquero";
import { type TableOptions, tableBundle } from "../../src/notebook/table";
import type { TableData } from "../../src/notebook/table-columns";

const html = (data: TableData, options?: TableOptions) =>
  String(tableBundle(data, options).data["text/html"]);
const text = (data: TableData, options?: TableOptions) =>
  String(tableBundle(data, options).data["text/plain"]);
const tags = (markup: string, tag: string) =>
  Array.from(markup.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "gs")), ([, inner]) => inner);

test("tableBundle() writes a captioned table with scoped headers, its numbers rounded and full in the title", () => {
  const markup = html([{ cell: "A", auc: 0.123456789 }], { title: "Cells", caption: "One row a cell." });
  assert.match(markup, /<caption><strong>Cells<\/strong><span>One row a cell\.<\/span><\/caption>/);
  assert.match(markup, /<th scope="col">cell<\/th><th scope="col" class="number">auc<\/th>/);
  assert.match(markup, /<th scope="row">A<\/th><td class="number" title="0.123456789">0.1235<\/td>/);
});

test("tableBundle() gives hostile text no way into the page", () => {
  const hostile = `</td></script><script>alert("1")</script><img src=x onerror='alert(2)'>&amp;`;
  const markup = html([{ [hostile]: hostile, list: [hostile], object: { hostile } }], {
    title: hostile,
    caption: hostile,
  });
  assert.ok(!markup.includes("<img"));
  assert.equal(markup.match(/<script/g), null); // a table of one row needs no script, and none came in
  const titled = html([{ a: hostile }], { formats: { a: () => hostile } });
  assert.ok(!titled.includes("alert(2)'>") && !titled.includes(`"1"`));
});

test("tableBundle() mutes NaN and what is missing, and keeps 0, false and empty text", () => {
  const markup = html([{ a: NaN, b: null, c: undefined, d: 0, e: false, f: "" }, { a: 1.5 }]);
  const [, first] = tags(markup, "tr");
  assert.deepEqual(
    Array.from(first.matchAll(/<td( class="[^"]*")?[^>]*>([^<]*)</g), ([, kind = "", cell]) => [
      kind.slice(8, -1),
      cell,
    ]),
    [
      ["number missing", "NaN"],
      ["missing", "–"],
      ["missing", "–"],
      ["number", "0"],
      ["", "false"],
      ["", ""],
    ],
  );
});

test("tableBundle() hides the rows after the first page and says which are shown", () => {
  const rows = Array.from({ length: 57 }, (_, n) => ({ n }));
  const markup = html(rows);
  assert.equal(markup.match(/<tr hidden>/g)?.length, 47);
  assert.match(markup, /<span role="status">rows 1–10 of 57<\/span>/);
  assert.match(text(rows), /\(rows 1-10 of 57\)$/);
  assert.doesNotMatch(html(rows.slice(0, 10)), /role="status"|<tr hidden>/);
});

test("tableBundle() leaves out rows beyond maxRows and says so", () => {
  const data = { n: Float64Array.from({ length: 2500 }, (_, n) => n) };
  assert.equal(html(data).match(/<tr/g)?.length, 1001);
  assert.match(html(data), /the first 1000 of 2500 rows/);
  assert.match(text(data), /\(the first 1000 of 2500 rows\)$/);
});

test("tableBundle() aligns its plain text", () => {
  const written = text(
    [
      { name: "short", value: 1.25 },
      { name: "rather long", value: 100 },
    ],
    { title: "Two" },
  );
  assert.equal(
    written,
    ["Two", "name          value", "-----------  ------", "short          1.25", "rather long  100.00"].join(
      "\n",
    ),
  );
});

test("tableBundle() formats columns by name", () => {
  const formats = { share: "percent", p: 2, n: (n: number) => `${n} runs` } as const;
  const [, row] = tags(html([{ share: 0.12345, p: 0.04567, n: 3, q: null }], { formats }), "tr");
  assert.deepEqual(tags(row, "td"), ["12.35 %", "0.046", "3 runs", "–"]);
  assert.throws(
    () => html([{ a: 1 }], { formats: { b: 2 } }),
    /Cannot format the column "b" as the table shows only: a/,
  );
});

test("tableBundle() shows an empty list of rows whatever columns and formats are asked for", () => {
  assert.equal(text([], { title: "None", formats: { share: "percent" } }), "None\n(no rows)");
  assert.equal(text([], { columns: ["a", "b"] }), "a  b\n-  -\n(no rows)");
});

test("tableBundle() reads rows, columns, arquero tables in their filtered order, and danfo frames", async () => {
  const expected = ["a  b", "-  -", "2  z", "3  x"].join("\n");
  assert.equal(
    text([
      { a: 2, b: "z" },
      { a: 3, b: "x" },
    ]),
    expected,
  );
  assert.equal(text({ a: new Int32Array([2, 3]), b: ["z", "x"] }), expected);
  const table = arquero.table({ a: [3, 1, 2], b: ["x", "y", "z"] });
  assert.equal(text(table.filter((row: { a: number }) => row.a > 1).orderby("a")), expected);
  const { DataFrame } = await import("danfojs-node");
  assert.equal(
    text(
      new DataFrame([
        { a: 2, b: "z" },
        { a: 3, b: "x" },
      ]),
    ),
    expected,
  );
  const named = new DataFrame([{ a: 2 }, { a: 3 }], { index: ["one", "two"] });
  assert.equal(text(named), ["index  a", "-----  -", "one    2", "two    3"].join("\n"));
});

test("tableBundle() takes the columns that are asked for, and the union of the rows' keys by default", () => {
  const rows = [
    { a: 1, b: 2 },
    { c: 3, a: 4 },
  ];
  assert.equal(text(rows, { columns: ["c", "a"] }), ["c  a", "-  -", "–  1", "3  4"].join("\n"));
  assert.equal(text(rows).split("\n")[0], "a  b  c");
  assert.throws(
    () => text(rows, { columns: ["d"] }),
    /Cannot show the column "d" as the table has only: a, b, c/,
  );
});

test("tableBundle() does not take a record of columns for a frame", () => {
  assert.equal(
    text({ columns: ["x", "y"], values: [1, 2] }),
    ["columns  values", "-------  ------", "x             1", "y             2"].join("\n"),
  );
});

test("tableBundle() shows an empty table as one", () => {
  assert.equal(text([]), "(no rows)");
  assert.match(html([]), /no rows/);
});

test("tableBundle() refuses what is no table", () => {
  assert.throws(() => text([1, 2] as unknown as object[]), /each row must be an object: got number at row 0/);
  assert.throws(() => text({ a: [1], b: [1, 2] }), /columns must be equally long: "a" has 1, "b" 2/);
  assert.throws(() => text({ a: 1 } as never), /its column "a" must be an array: got number/);
  assert.throws(() => text(5 as never), { name: "TypeError" });
  assert.throws(
    () => text([{ a: 1 }], { pageSize: 0 }),
    /pageSize must be a whole number of at least 1: got 0/,
  );
});

test("tableBundle() stays light: a thousand rows of five numbers are under 400 kB", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    a: i,
    b: i / 7,
    c: i / 11,
    d: Math.sin(i),
    e: `row ${i}`,
  }));
  assert.ok(html(rows).length < 400_000, String(html(rows).length));
});
