// The analysis as tables to look at and to ask further questions of: one row a sample (arquero), one row a cell.
import type { Analysis, CellStatistics } from "./analysis/analyze";
import { cellNames, cellTitles } from "./analysis/cells";
import { largestExponents } from "./analysis/questions";

/** Loaded by what makes a table of it: it takes a tenth of a second of every command otherwise. */
const arquero = (): typeof import("arquero") => require("arquero");

/**
 * Makes an arquero table of every sample with its cell, to filter, group and join.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @returns columns sample, cell, converged, correct, log_drift, lam1, token_accuracy, halted_at
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * twoByTwo.sampleTable(analysis).numRows(); // => 64
 */
export function sampleTable(analysis: Analysis) {
  const { diagnostics, split } = analysis;
  const cell: string[] = new Array(diagnostics.samples);
  for (const name of cellNames) for (const sample of split.cells[name]) cell[sample] = name;
  return arquero().table({
    sample: Int32Array.from(split.logDrift.keys()),
    cell,
    converged: Array.from(split.converged, Boolean),
    correct: Array.from(diagnostics.correct, Boolean),
    log_drift: split.logDrift,
    lam1: largestExponents(diagnostics),
    token_accuracy: diagnostics.tokenAccuracy,
    halted_at: diagnostics.haltedAt,
  });
}

/**
 * Makes an arquero table of the four cells: counts and shares of the samples beside the document's statistics.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @returns columns cell, n, share, then medians: lam1 (with its quartiles), lam8, token_acc, halted_at
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [first] = twoByTwo.cellTable(analysis).objects();
 * [first.cell, first.n, first.share]; // => ["A_conv_correct", 28, 0.4375]
 */
export function cellTable(analysis: Analysis) {
  const { cells } = analysis.results;
  const { op, table } = arquero();
  const median = (of: (cell: CellStatistics) => number | undefined) =>
    cellNames.map((name) => of(cells[name]) ?? Number.NaN);
  const statistics = table({
    cell: [...cellNames],
    lam1: median((cell) => cell.lam1_median),
    lam1_q25: median((cell) => cell.lam1_iqr?.[0]),
    lam1_q75: median((cell) => cell.lam1_iqr?.[1]),
    lam8: median((cell) => cell.lam8_median),
    token_acc: median((cell) => cell.token_acc_median),
    halted_at: median((cell) => cell.halted_at_median),
  });
  return sampleTable(analysis)
    .groupby("cell")
    .rollup({ n: op.count() })
    .derive({ share: (row: { n: number }) => row.n / op.sum(row.n) })
    .join_right(statistics, "cell")
    .impute({ n: () => 0, share: () => 0 })
    .orderby("cell")
    .select("cell", "n", "share", "lam1", "lam1_q25", "lam1_q75", "lam8", "token_acc", "halted_at");
}

/**
 * Says how far convergence and correctness part, in two shares.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [wrong, right] = twoByTwo.mixtureTable(analysis);
 * wrong.share; // => 10 / 30
 */
export function mixtureTable(analysis: Analysis) {
  const { results } = analysis;
  const { wrong_that_converged, correct_that_nonconverged } = results.mixture;
  return [
    { mixture: "wrong answers that had converged: B / (B + D)", share: wrong_that_converged },
    { mixture: "correct answers that were still moving: C / (A + C)", share: correct_that_nonconverged },
  ];
}

/**
 * Lists the document's secondary observables: how the drifts of both states agree, and the halting logit of each cell.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * twoByTwo.secondaryTable(analysis).length; // => 5
 */
export function secondaryTable(analysis: Analysis) {
  const { results } = analysis;
  const { late_drift_zL_corr_with_zH_log, q_halt_final_median_by_cell } = results.aux;
  return [
    { observable: "correlation of log late drift, z_L with z_H", value: late_drift_zL_corr_with_zH_log },
    ...cellNames.map((name) => ({
      observable: `median final halting logit, ${cellTitles[name]}`,
      value: q_halt_final_median_by_cell[name],
    })),
  ];
}

/**
 * Puts several checkpoints side by side, a row for each.
 *
 * @param analyses what `analyze` gave of each, with the checkpoint's name as its tag
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [row] = twoByTwo.summaryTable([{ tag: "mine", ...analysis }]);
 * [row.checkpoint, row.n, row.exact_acc]; // => ["mine", 64, 34 / 64]
 */
export function summaryTable(analyses: readonly (Analysis & { tag: string })[]) {
  return analyses.map(({ tag, results }) => ({
    checkpoint: tag,
    n: results.n,
    exact_acc: results.exact_acc,
    tau: results.otsu_tau_log10,
    converged: results.frac_converged,
    auc_lam1: results.auc.neg_lam1_predicts_correct_overall,
    auc_drift: results.auc.neg_logdrift_predicts_correct,
  }));
}
