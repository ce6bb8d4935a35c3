// A small executed notebook made by hand, with everything a report must show: prose, formulas, code, a figure, tables,
// both streams, an error, and texts that try to break out of where they are put.
import type { Claim } from "../../src/experiments";
import { claimsBundle, type DisplayBundle, figureBundle, runBundle, tableBundle } from "../../src/notebook";

export const hostile = `</script></td><script>globalThis.hacked = true</script><img src="x" onerror="globalThis.hacked = true">`;

interface Output {
  output_type: string;
  [key: string]: unknown;
}

let nextId = 0;

const markdown = (source: string) => ({ cell_type: "markdown", id: `m${nextId++}`, metadata: {}, source });

const code = (source: string, outputs: Output[] = [], count: number | null = 1) => ({
  cell_type: "code",
  id: `c${nextId++}`,
  metadata: {},
  execution_count: count,
  source,
  outputs,
});

const shown = ({ data, metadata }: DisplayBundle): Output => ({
  output_type: "display_data",
  data,
  metadata,
});
const stream = (name: string, text: string): Output => ({ output_type: "stream", name, text });

/** A source notebook of these cells. */
export const notebookOf = (cells: object[], dolab?: object) => ({
  cells,
  metadata: {
    kernelspec: { display_name: "TypeScript (dolab)", language: "typescript", name: "tslab" },
    language_info: {
      name: "typescript",
      version: "5.0.4",
      file_extension: ".ts",
      mimetype: "text/typescript",
    },
    ...(dolab ? { dolab } : {}),
  },
  nbformat: 4,
  nbformat_minor: 5,
});

export const cells = { markdown, code };

export const sampleClaims: Claim[] = [
  {
    claim: "Rows sort",
    published: { value: "always", source: "a book" },
    found: "25 of 25",
    verdict: "shown",
  },
  { claim: "Rows vanish", published: null, found: "0 of 25", verdict: "not shown" },
  {
    claim: "Rows age",
    published: null,
    found: "one look",
    verdict: "cannot be told here",
    why: "ageing takes two",
  },
];

/** The notebook as it is after a run that stopped in its last cell. */
export function executedNotebook() {
  const rows = Array.from({ length: 25 }, (_, i) => ({
    name: `row ${String(i).padStart(2, "0")}`,
    value: ((i * 7) % 25) / 3,
  }));
  const scatter = {
    type: "scatter",
    mode: "markers",
    name: "points",
    x: new Float32Array([1, 2, 3]),
    y: [2, NaN, 1],
  };
  const heading = "A title that is too long for a phone of four hundred pixels in one line";
  const run = {
    title: "Sample",
    preset: "smoke",
    seed: 3,
    dataSource: "a generator",
    dataIsSynthetic: true,
    parameters: { steps: 10, nested: { depth: 2 } },
    overrides: { steps: 10 },
    backend: "plain JS",
    device: "CPU",
  };
  return notebookOf(
    [
      markdown(
        "# A *sample* report\n\nInline $\\lambda_1 < 0$ and\n\n$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$\n\nbut `$not\\_math$`.",
      ),
      code("announceRun(run);", [shown(runBundle(run, new Date(0)))]),
      markdown("## Figures and $x^2$\n\n```ts\nconst price = '$5 and $6';\n```\n\nBroken: $\\frac{1}{$"),
      code(
        "figure(spec);",
        [
          shown(figureBundle({ data: [scatter], layout: { title: heading, xaxis: { title: "x" } } })),
          shown(
            figureBundle(
              { data: [{ type: "bar", name: hostile, x: [hostile], y: [1] }], layout: { title: hostile } },
              { thumbnail: true },
            ),
          ),
        ],
        2,
      ),
      markdown("## Tables\n\n### Deeper"),
      code(
        "table(rows);",
        [
          shown(tableBundle(rows, { title: "Many rows" })),
          shown(
            tableBundle(
              [
                { text: hostile, value: NaN },
                { text: "tame", value: 1 },
              ],
              { title: hostile },
            ),
          ),
          shown(claimsBundle(sampleClaims)),
        ],
        3,
      ),
      code(
        "console.log(1); console.error(2);",
        [stream("stdout", `plain ${hostile}`), stream("stderr", "\u001b[31mred\u001b[39m warning")],
        4,
      ),
      markdown("## Figures and $x^2$\n\nThe same heading again."),
      code(
        "throw new RangeError('no');",
        [
          {
            output_type: "error",
            ename: "RangeError",
            evalue: "no <b>way</b>",
            traceback: ["\u001b[31mRangeError\u001b[39m: no <b>way</b>", "    at line 1 of this cell"],
          },
        ],
        5,
      ),
    ],
    {
      passed: false,
      startedAt: "2026-11-22T08:05:11Z",
      wallTimeSeconds: 65.4,
      error: { cell: 5, name: "RangeError", message: "no <b>way</b>" },
    },
  );
}
