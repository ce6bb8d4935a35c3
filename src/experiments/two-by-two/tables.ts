// The analysis as tables to look at and to ask further questions of: one row a sample (arquero), one row a cell.
import { table as columns, op } from "arquero";
import type { Analysis, CellStatistics } from "./analysis/analyze";
import { cellNames, cellTitles } from "./analysis/cells";
import { largestExponents } from "./analysis/questions";

/**
 * Every sample with its cell: an arquero table to filter, group and join.
 *
 * @returns columns sample, cell, converged, correct, log_drift, lam1, token_accuracy, halted_at
 */
export function sampleTable({ diagnostics, split }: Analysis) {
  const cell: string[] = new Array(diagnostics.samples);
  for (const name of cellNames) for (const sample of split.cells[name]) cell[sample] = name;
  return columns({
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
 * The four cells: counts and shares from the samples, joined with the published statistics.
 *
 * @returns columns cell, n, share, then medians: lam1 (with its quartiles), lam8, token_acc, halted_at
 */
export function cellTable(analysis: Analysis) {
  const { cells } = analysis.results;
  const median = (of: (cell: CellStatistics) => number | undefined) =>
    cellNames.map((name) => of(cells[name]) ?? Number.NaN);
  const statistics = columns({
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

/** How far convergence and correctness part: shares of the samples asked. */
export function mixtureTable({ results }: Analysis) {
  const { wrong_that_converged, correct_that_nonconverged } = results.mixture;
  return [
    { mixture: "wrong answers that had converged: B / (B + D)", share: wrong_that_converged },
    { mixture: "correct answers that were still moving: C / (A + C)", share: correct_that_nonconverged },
  ];
}

/** The document's secondary observables. */
export function secondaryTable({ results }: Analysis) {
  const { late_drift_zL_corr_with_zH_log, q_halt_final_median_by_cell } = results.aux;
  return [
    { observable: "correlation of log late drift, z_L with z_H", value: late_drift_zL_corr_with_zH_log },
    ...cellNames.map((name) => ({
      observable: `median final halting logit, ${cellTitles[name]}`,
      value: q_halt_final_median_by_cell[name],
    })),
  ];
}

/** Several checkpoints side by side. */
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
