// The analysis as tables to look at and to ask further questions of: one row a sample (arquero), one row a cell.
import { table as columns, op } from "arquero";
import type { Analysis } from "./analyze";
import { cellNames, cellTitles } from "./cells";
import { aucNames, contrastNames, largestExponents, questionTitles } from "./questions";

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

/** The four cells: counts and shares from the samples, joined with the published statistics. */
export function cellTable(analysis: Analysis) {
  const { cells } = analysis.results;
  const statistics = columns({
    cell: [...cellNames],
    title: cellNames.map((name) => cellTitles[name]),
    lam1_median: cellNames.map((name) => cells[name].lam1_median ?? Number.NaN),
    lam1_q25: cellNames.map((name) => cells[name].lam1_iqr?.[0] ?? Number.NaN),
    lam1_q75: cellNames.map((name) => cells[name].lam1_iqr?.[1] ?? Number.NaN),
    lam8_median: cellNames.map((name) => cells[name].lam8_median ?? Number.NaN),
    token_acc_median: cellNames.map((name) => cells[name].token_acc_median ?? Number.NaN),
    halted_at_median: cellNames.map((name) => cells[name].halted_at_median ?? Number.NaN),
  });
  return sampleTable(analysis)
    .groupby("cell")
    .rollup({ n: op.count() })
    .derive({ share: (row: { n: number }) => row.n / op.sum(row.n) })
    .join_right(statistics, "cell")
    .impute({ n: () => 0, share: () => 0 })
    .orderby("cell")
    .select(
      "title",
      "n",
      "share",
      "lam1_median",
      "lam1_q25",
      "lam1_q75",
      "lam8_median",
      "token_acc_median",
      "halted_at_median",
    );
}

/** The contrasts and AUCs in words. */
export function questionTable({ results }: Analysis) {
  return [
    ...contrastNames.map((name) => ({
      kind: "contrast of median λ₁",
      question: questionTitles[name],
      value: results.contrasts[name],
    })),
    ...aucNames.map((name) => ({ kind: "AUC", question: questionTitles[name], value: results.auc[name] })),
  ];
}
