import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Diagnostics, loadDiagnostics, synthesizeDiagnostics } from "../../src/data";
import { twoByTwo } from "../../src/experiments";
import { parseCsv, readJson } from "../../src/io";
import { createRandom } from "../../src/random";
import { temporaryFolder } from "../support/temporary-folder";

const fixtures = join(__dirname, "..", "fixtures", "seed001");
const expected = (name: string) => join(fixtures, "expected", name);

const analyzed: [tag: string, file: string][] = [
  ["trm_singleGPU_step260410_n512", "diag_trm_singleGPU_step260410_512.npz"],
  ["trm_singleGPU_step130205_n512", "diag_trm_singleGPU_step130205_512.npz"],
  ["trm_step13020_n512", "diag_trm_step13020_512.npz"],
  ["diag_mini_trm_step180", "diag_mini_trm_step180.npz"],
];
const analysisOf = (file: string) =>
  twoByTwo.analyze(loadDiagnostics(join(fixtures, file)), { source: file });

/** Equal structure, keys in order, and numbers to a relative tolerance. */
function assertAgrees(actual: unknown, wanted: unknown, tolerance: number, path = "") {
  if (typeof wanted === "number" && typeof actual === "number") {
    const close = Math.abs(actual - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    assert.ok(
      close || (Number.isNaN(actual) && Number.isNaN(wanted)),
      `${path}: ${actual}, expected ${wanted}`,
    );
  } else if (wanted && typeof wanted === "object") {
    assert.deepEqual(Object.keys(actual as object), Object.keys(wanted), path);
    for (const [key, value] of Object.entries(wanted)) {
      assertAgrees((actual as Record<string, unknown>)[key], value, tolerance, `${path}.${key}`);
    }
  } else assert.equal(actual, wanted, path);
}

describe("analyze()", () => {
  for (const [tag, file] of analyzed) {
    it(`agrees with the document's script on ${tag} to 1e-9`, () => {
      const analysis = analysisOf(file);
      const wanted = readJson(expected(`results_${tag}.json`)) as { npz: string };
      assertAgrees({ ...analysis.results, npz: wanted.npz }, wanted, 1e-9);
    });
  }

  it("leaves an empty cell with its count alone, and what needs it NaN", () => {
    const diagnostics = loadDiagnostics(join(fixtures, "diag_trm_step13020_512.npz"));
    const allRight = { ...diagnostics, correct: diagnostics.correct.map(() => 1) };
    const { results } = twoByTwo.analyze(allRight, { source: "all right" });
    assert.deepEqual(results.cells.B_conv_wrong, { n: 0 });
    assert.ok(Number.isNaN(results.contrasts.dlam1_within_converged));
    assert.ok(Number.isNaN(results.auc.neg_lam1_predicts_correct_overall));
    assert.equal(results.mixture.wrong_that_converged, 0);
    const [json, cells] = twoByTwo.analysisFiles({ ...analysisOf(analyzed[2][1]), results }, "x");
    assert.match(cells.content, /^B_conv_wrong,0,,,,,,,$/m);
    assert.match(json.content, /"dlam1_within_converged": null/);
    assert.doesNotThrow(() => JSON.parse(json.content));
  });

  it("refuses samples that all drift alike", () => {
    const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 32 });
    const still = { ...diagnostics, driftHigh: diagnostics.driftHigh.map(() => 0.5) };
    assert.throws(
      () => twoByTwo.analyze(still, { source: "still" }),
      /Otsu's method as two values must be distinct/,
    );
  });

  it("does not depend on the order of the samples", () => {
    const diagnostics = synthesizeDiagnostics({ seed: 2, samples: 200 });
    const order = createRandom(3).permutation(200);
    const shuffled = { ...diagnostics } as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(diagnostics)) {
      if (!(value instanceof Float64Array)) continue;
      const width = value.length / 200;
      shuffled[key] = Float64Array.from(
        value,
        (_, i) => value[order[Math.floor(i / width)] * width + (i % width)],
      );
    }
    const [before, after] = [diagnostics, shuffled as unknown as Diagnostics].map(
      (set) => twoByTwo.analyze(set, { source: "" }).results,
    );
    assertAgrees(after, before, 1e-12);
  });
});

describe("analysisFiles()", () => {
  for (const [tag, file] of analyzed.slice(0, 3)) {
    it(`writes cells_${tag}.csv byte for byte as the document's script, and the sweep to 1e-9`, () => {
      const [, cells, sweep] = twoByTwo.analysisFiles(analysisOf(file), tag);
      assert.equal(cells.content, readFileSync(expected(cells.name), "utf8"));
      const columns = ["pct", "tau", "nA", "nB", "nC", "nD", "lam1_med_B", "lam1_med_D"];
      const types = Object.fromEntries(columns.map((column) => [column, "number" as const]));
      const wanted = parseCsv(readFileSync(expected(sweep.name), "utf8"), types);
      const actual = parseCsv(sweep.content, types);
      assert.deepEqual(actual.columns, wanted.columns);
      assertAgrees(actual.rows, wanted.rows, 1e-9);
    });
  }

  it("writes results_<tag>.json in the document's layout, whole floats with their .0", () => {
    const [json] = twoByTwo.analysisFiles(analysisOf("diag_mini_trm_step180.npz"), "mini");
    const shape = (text: string) => text.replace(/-?\d+\.\d+/g, "0.0");
    assert.equal(
      shape(json.content),
      shape(readFileSync(expected("results_diag_mini_trm_step180.json"), "utf8")),
    );
  });
});

describe("evolution()", () => {
  it("agrees with the document's script on ten HRM checkpoints, fractions to the sample and tau to 1e-4", () => {
    const steps = Array.from({ length: 10 }, (_, i) => String(2604 * (i + 1)));
    const rows = twoByTwo.evolution(
      steps.map((step) => ({
        step,
        diagnostics: loadDiagnostics(join(fixtures, `diag_hrm_step_${step}_512.npz`)),
      })),
    );
    const { content } = twoByTwo.evolutionFile(rows, "hrm");
    const columns = ["acc", "tau", "fA", "fB", "fC", "fD", "l1A", "l1B", "l1C", "l1D"];
    const types = Object.fromEntries(columns.map((column) => [column, "number" as const]));
    const wanted = parseCsv(readFileSync(expected("evolution_hrm.csv"), "utf8"), types);
    const actual = parseCsv(content, types);
    assert.deepEqual(actual.columns, wanted.columns);
    assertAgrees(actual.rows, wanted.rows, 1e-4);
    for (const [i, row] of rows.entries())
      assert.equal(row.fA, wanted.rows[i].fA, "no sample changes its cell");
  });

  it("leaves out the median of a cell with fewer than three samples", () => {
    const diagnostics = synthesizeDiagnostics({ seed: 4, samples: 64 });
    const wrong = diagnostics.correct.map((_, sample) => Number(sample > 1));
    const [row] = twoByTwo.evolution([{ step: "1", diagnostics: { ...diagnostics, correct: wrong } }]);
    assert.ok(row.fB * 64 < 3 && Number.isNaN(row.l1B));
  });
});

describe("bootstrapIntervals()", () => {
  it("holds each estimate between its ends, and gives the same interval for the same seed", () => {
    const analysis = analysisOf(analyzed[0][1]);
    const rows = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(1), replicates: 200 });
    assert.equal(rows.length, 9);
    for (const { name, low, estimate, high } of rows) assert.ok(low <= estimate && estimate <= high, name);
    const again = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(1), replicates: 200 });
    assert.deepEqual(rows, again);
    const { contrasts, auc } = analysis.results;
    assert.deepEqual(
      rows.map((row) => row.estimate),
      [...Object.values(contrasts), ...Object.values(auc)],
    );
  });
});

describe("resultsMarkdown()", () => {
  it("writes the document's summary with signed numbers and a dash for an empty cell", () => {
    const { results } = analysisOf(analyzed[2][1]);
    const empty = { ...results, cells: { ...results.cells, B_conv_wrong: { n: 0 } } };
    const { content } = twoByTwo.resultsMarkdown(new Map([["t", empty]]), {
      date: new Date("2026-06-13T12:00:00Z"),
    });
    assert.match(content, /^# 2x2 analysis \(convergence x correctness\) — generated 2026-06-13$/m);
    assert.match(content, /^\| A_conv_correct \| 88 \| -0\.1033 \| \[-0\.1146, -0\.0829\] \| 1\.000 \|$/m);
    assert.match(content, /^\| B_conv_wrong \| 0 \| - \| - \| - \|$/m);
    assert.match(content, /^- dlam1\(wrong: conv - nonconv\) = -0\.\d{4}$/m);
  });
});

describe("readResults()", () => {
  it("reads the document's own results, and ours again with null for NaN", (test) => {
    const published = expected("results_trm_step13020_n512.json");
    assert.deepEqual(twoByTwo.readResults(published), readJson(published));
    const analysis = analysisOf(analyzed[2][1]);
    analysis.results.contrasts.dlam1_within_converged = Number.NaN;
    const path = join(temporaryFolder(test), "results_t.json");
    writeFileSync(path, twoByTwo.analysisFiles(analysis, "t")[0].content);
    assert.match(readFileSync(path, "utf8"), /"dlam1_within_converged": null/);
    assert.deepEqual(twoByTwo.readResults(path), analysis.results);
  });

  it("names a file that holds something else", (test) => {
    const path = join(temporaryFolder(test), "results_t.json");
    for (const content of ["{}", "null", "[1]", '"text"']) {
      writeFileSync(path, content);
      assert.throws(() => twoByTwo.readResults(path), {
        name: "SyntaxError",
        message: /results_t\.json as it does/,
      });
    }
  });
});

describe("cellTable()", () => {
  it("has one row a cell in order, with counts and shares that add up", () => {
    const { results, ...analysis } = analysisOf(analyzed[0][1]);
    const rows = twoByTwo.cellTable({ results, ...analysis }).objects() as {
      n: number;
      share: number;
      cell: string;
    }[];
    assert.deepEqual(rows.map((row) => row.cell[0]).join(""), "ABCD");
    assert.deepEqual(
      rows.map((row) => row.n),
      Object.values(results.cells).map((cell) => cell.n),
    );
    assert.ok(Math.abs(rows.reduce((sum, row) => sum + row.share, 0) - 1) < 1e-12);
  });
});

describe("figures", () => {
  it("draw every sample of every cell and each have a title and axis titles", () => {
    const analysis = analysisOf(analyzed[0][1]);
    const rows = twoByTwo.evolution([{ step: "1", diagnostics: analysis.diagnostics }]);
    const intervals = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(1), replicates: 20 });
    const drawn = [
      ...twoByTwo.analysisPictures(analysis, "t").map(({ figure }) => figure),
      twoByTwo.sweepFigure(twoByTwo.sweepThreshold(analysis), "t"),
      twoByTwo.evolutionFigure(rows, "t"),
      twoByTwo.intervalsFigure(intervals, "t"),
    ];
    for (const { layout } of drawn) {
      assert.match((layout.title as { text: string }).text, /^t: /);
      assert.ok(layout.xaxis && layout.yaxis);
    }
    const [histogram, byCell, scatter] = drawn.map(({ data }) => data as { x: Float64Array }[]);
    for (const traces of [histogram, byCell, scatter]) {
      assert.equal(
        traces.reduce((sum, trace) => sum + trace.x.length, 0),
        512,
      );
    }
  });
});
