// Does the picture hang on where the line between converged and moving is drawn? Source document 001's sensitivity sweep:
// tau at the 5th, 10th, ... 95th percentile of log10 d_late instead of Otsu's.
import { median, percentiles } from "../../../stats";
import type { Analysis } from "./analyze";
import { splitByConvergence } from "./cells";
import { gather, largestExponents } from "./questions";

/** The document's `sweep_<tag>.csv`. */
export interface SweepRow {
  pct: number;
  tau: number;
  nA: number;
  nB: number;
  nC: number;
  nD: number;
  lam1_med_B: number;
  lam1_med_D: number;
}

export const sweepPercentiles = Array.from({ length: 19 }, (_, i) => 5 * (i + 1));

/**
 * Splits one checkpoint at each fifth percentile of its late drift.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @returns a row for each percentile; medians of empty cells are NaN
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const rows = twoByTwo.sweepThreshold(twoByTwo.analyze(diagnostics, { source: "synthetic" }));
 * [rows[0].pct, rows[18].pct]; // => [5, 95]
 * rows[0].nA + rows[0].nB; // => 4
 */
export function sweepThreshold(analysis: Analysis): SweepRow[] {
  const { diagnostics, split } = analysis;
  const lam1 = largestExponents(diagnostics);
  const thresholds = percentiles(split.logDrift, sweepPercentiles);
  return sweepPercentiles.map((pct, i) => {
    const [a, b, c, d] = Object.values(splitByConvergence(diagnostics, { threshold: thresholds[i] }).cells);
    return {
      pct,
      tau: thresholds[i],
      nA: a.length,
      nB: b.length,
      nC: c.length,
      nD: d.length,
      lam1_med_B: median(gather(lam1, b)),
      lam1_med_D: median(gather(lam1, d)),
    };
  });
}
