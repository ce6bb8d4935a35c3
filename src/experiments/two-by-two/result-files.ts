// The files that source document 001 writes, byte for byte in its formats: results_<tag>.json (NaN is null, as JSON has
// no NaN), cells_<tag>.csv, sweep_<tag>.csv, evolution_<tag>.csv, results.md. Numbers print as Python prints them.
import { formatCsv, formatJson, pythonFixed, readJson } from "../../io";
import type { Picture, TextFile } from "../result-file";
import type { Analysis, CellStatistics, TwoByTwoResults } from "./analysis/analyze";
import { cellNames } from "./analysis/cells";
import type { EvolutionRow } from "./analysis/evolution";
import { sweepThreshold } from "./analysis/sweep";
import { driftHistogram, driftScatter, exponentByCell, medianSpectrum } from "./figures/checkpoint-figures";
import { evolutionFigure } from "./figures/evolution-figure";

/**
 * Writes `results_<tag>.json`, `cells_<tag>.csv` and `sweep_<tag>.csv`, byte for byte as the document does.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, which the files' names bear
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [{ name }] = twoByTwo.analysisFiles(analysis, "mine");
 * name; // => "results_mine.json"
 */
export function analysisFiles(analysis: Analysis, tag: string): TextFile[] {
  const { results } = analysis;
  return [
    { name: `results_${tag}.json`, content: formatJson(results, { integerKeys: ["n"] }) },
    { name: `cells_${tag}.csv`, content: cellsCsv(results) },
    { name: `sweep_${tag}.csv`, content: sweepCsv(analysis) },
  ];
}

/**
 * Reads a `results_<tag>.json` of ours or of the published script; null is NaN.
 *
 * @param path the file
 * @throws {SyntaxError} naming the file where it is not JSON, or holds something else
 * @example
 * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const folder = mkdtempSync(`${tmpdir()}/results-`);
 * const [{ name, content }] = twoByTwo.analysisFiles(analysis, "mine");
 * writeFileSync(`${folder}/${name}`, content);
 * twoByTwo.readResults(`${folder}/${name}`).n; // => 64
 * rmSync(folder, { recursive: true });
 */
export function readResults(path: string): TwoByTwoResults {
  const results = withNaN(readJson(path)) as TwoByTwoResults | undefined;
  const complete = results?.cells && results.contrasts && results.auc && results.mixture;
  if (!complete)
    throw new SyntaxError(`Cannot read ${path} as it does not hold the results of a 2x2 analysis`);
  return results;
}

function withNaN(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withNaN);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNaN(item)]));
}

/**
 * Draws the document's four figures of a checkpoint, under the names of its pictures.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, which the pictures' names bear
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [{ name }] = twoByTwo.analysisPictures(analysis, "mine");
 * name; // => "fig_mine_drift_hist"
 */
export function analysisPictures(analysis: Analysis, tag: string): Picture[] {
  const size = { width: 750, height: 500 };
  return [
    { name: `fig_${tag}_drift_hist`, figure: driftHistogram(analysis, tag), ...size },
    { name: `fig_${tag}_lyap_by_cell`, figure: exponentByCell(analysis, tag), ...size },
    { name: `fig_${tag}_scatter`, figure: driftScatter(analysis, tag), ...size },
    { name: `fig_${tag}_spectrum`, figure: medianSpectrum(analysis, tag), ...size },
  ];
}

/**
 * Writes `evolution_<tag>.csv`, byte for byte as the document does.
 *
 * @param rows as `evolution` gives them
 * @param tag the system's name, which the file's name bears
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const rows = twoByTwo.evolution([{ step: "100", diagnostics }]);
 * twoByTwo.evolutionFile(rows, "mine").name; // => "evolution_mine.csv"
 */
export const evolutionFile = (rows: readonly EvolutionRow[], tag: string): TextFile => ({
  name: `evolution_${tag}.csv`,
  content: formatCsv(
    ["step", "acc", "tau", "fA", "fB", "fC", "fD", "l1A", "l1B", "l1C", "l1D"],
    asRecords(rows),
  ),
});

/**
 * Draws the document's figure of an evolution, under the name of its picture.
 *
 * @param rows as `evolution` gives them
 * @param tag the system's name, which the picture's name bears
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const rows = twoByTwo.evolution([{ step: "100", diagnostics }]);
 * twoByTwo.evolutionPicture(rows, "mine").name; // => "evolution_mine"
 */
export const evolutionPicture = (rows: readonly EvolutionRow[], tag: string): Picture => ({
  name: `evolution_${tag}`,
  figure: evolutionFigure(rows, tag),
  width: 1100,
  height: 500,
});

/**
 * Writes the document's human-readable summary of several checkpoints.
 *
 * @param analyses by tag, in order
 * @param options.date the day it is made, which its title states
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const { results } = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const file = twoByTwo.resultsMarkdown(new Map([["mine", results]]), { date: new Date("2026-01-31") });
 * file.content.split("\n")[2]; // => "## mine"
 */
export function resultsMarkdown(
  analyses: ReadonlyMap<string, TwoByTwoResults>,
  { date }: { date: Date },
): TextFile {
  const title = `# 2x2 analysis (convergence x correctness) — generated ${date.toISOString().slice(0, 10)}`;
  const sections = [...analyses].flatMap(([tag, results]) => markdownSection(tag, results));
  return { name: "results.md", content: [title, "", ...sections].join("\n") };
}

function markdownSection(tag: string, results: TwoByTwoResults): string[] {
  const { contrasts, auc, mixture } = results;
  const plain = (value: number) => pythonFixed(value, 3);
  return [
    `## ${tag}`,
    `- npz: \`${results.npz}\`, n=${results.n}, exact_acc=${plain(results.exact_acc)}`,
    `- late-drift def: ${results.late_drift_def}, Otsu tau(log10)=${plain(results.otsu_tau_log10)}, ` +
      `frac_converged=${plain(results.frac_converged)}`,
    "",
    "| cell | n | lam1 median | lam1 IQR | token_acc med |",
    "|---|---|---|---|---|",
    ...cellNames.map((name) => markdownRow(name, results.cells[name])),
    "",
    `- mixture: wrong-that-converged = ${plain(mixture.wrong_that_converged)}; ` +
      `correct-that-nonconverged = ${plain(mixture.correct_that_nonconverged)}`,
    `- dlam1(correct-wrong): overall ${signed(contrasts.dlam1_correct_minus_wrong_overall)}; ` +
      `within-conv ${signed(contrasts.dlam1_within_converged)}; ` +
      `within-nonconv ${signed(contrasts.dlam1_within_nonconverged)}`,
    `- dlam1(wrong: conv - nonconv) = ${signed(contrasts.dlam1_wrong_conv_minus_wrong_nonconv)}`,
    `- AUC(-lam1 -> correct): overall ${plain(auc.neg_lam1_predicts_correct_overall)}; ` +
      `within-conv ${plain(auc.neg_lam1_predicts_correct_within_conv)}; ` +
      `within-nonconv ${plain(auc.neg_lam1_predicts_correct_within_nonconv)}`,
    `- AUC(-log d_late -> correct) = ${plain(auc.neg_logdrift_predicts_correct)}; ` +
      `AUC(-lam1 -> converged) = ${plain(auc.neg_lam1_predicts_converged)}`,
    "",
  ];
}

function markdownRow(name: string, cell: CellStatistics): string {
  if (cell.n === 0) return `| ${name} | 0 | - | - | - |`;
  const [lower, upper] = cell.lam1_iqr!.map(signed);
  const accuracy = pythonFixed(cell.token_acc_median!, 3);
  return `| ${name} | ${cell.n} | ${signed(cell.lam1_median!)} | [${lower}, ${upper}] | ${accuracy} |`;
}

function cellsCsv({ cells }: TwoByTwoResults): string {
  const fixed = (digits: number) => (value: unknown) =>
    value === undefined ? "" : pythonFixed(value as number, digits);
  const rows = cellNames.map((cell) => {
    const { lam1_iqr: [lam1_q25, lam1_q75] = [], ...statistics } = cells[cell];
    return { cell, ...statistics, lam1_q25, lam1_q75 };
  });
  const exponents = ["lam1_median", "lam1_mean", "lam1_q25", "lam1_q75", "lam8_median"];
  return formatCsv(["cell", "n", ...exponents, "token_acc_median", "halted_at_median"], rows, {
    n: "integer",
    ...Object.fromEntries(exponents.map((column) => [column, fixed(6)])),
    token_acc_median: fixed(4),
    halted_at_median: fixed(1),
  });
}

function sweepCsv(analysis: Analysis): string {
  const integers = ["pct", "nA", "nB", "nC", "nD"];
  const columns = ["pct", "tau", "nA", "nB", "nC", "nD", "lam1_med_B", "lam1_med_D"];
  const formats = Object.fromEntries(integers.map((column) => [column, "integer" as const]));
  return formatCsv(columns, asRecords(sweepThreshold(analysis)), formats);
}

const signed = (value: number) => pythonFixed(value, 4, { sign: true });
const asRecords = (rows: readonly object[]) => rows as readonly Record<string, unknown>[];
