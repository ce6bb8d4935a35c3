// Everything that source document 001's `analyze` reports for one checkpoint, under the document's own keys:
// cell statistics, mixture, four contrasts of the largest Lyapunov exponent (lam1), five AUCs, secondary observables.
// Observational only: counts, distributions and rank statistics; nothing here tests a mechanism.
import { type Diagnostics, logLateDrift } from "../../../data";
import { mean, median, pearson, percentiles } from "../../../stats";
import { type CellName, cellNames, lateSteps, type Split, splitByConvergence } from "./cells";
import {
  type AucName,
  aucNames,
  type ContrastName,
  contrastNames,
  contrasts,
  contrastValue,
  gather,
  largestExponents,
  questionAuc,
  scoredQuestions,
} from "./questions";

/** Statistics of one cell; an empty cell has only its count. lam1 is the largest exponent, lam8 the file's last. */
export interface CellStatistics {
  n: number;
  lam1_median?: number;
  lam1_mean?: number;
  /** 25th and 75th percentile. */
  lam1_iqr?: [number, number];
  lam8_median?: number;
  /** Median of each exponent, largest first. [exponents] */
  spectrum_median?: number[];
  token_acc_median?: number;
  halted_at_median?: number;
}

/** The document's `results_<tag>.json`. Contrasts and AUCs are NaN where a cell or a class is empty. */
export interface TwoByTwoResults {
  npz: string;
  n: number;
  exact_acc: number;
  late_drift_def: string;
  otsu_tau_log10: number;
  frac_converged: number;
  cells: Record<CellName, CellStatistics>;
  mixture: { wrong_that_converged: number; correct_that_nonconverged: number };
  contrasts: Record<ContrastName, number>;
  auc: Record<AucName, number>;
  aux: { late_drift_zL_corr_with_zH_log: number; q_halt_final_median_by_cell: Record<CellName, number> };
}

export interface Analysis {
  diagnostics: Diagnostics;
  split: Split;
  results: TwoByTwoResults;
}

/**
 * Analyses one checkpoint.
 *
 * @param diagnostics its measurements
 * @param options.source where they come from, as the results shall name it
 * @throws {RangeError} where all samples drift alike
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const { results } = twoByTwo.analyze(synthesizeDiagnostics({ seed: 1, samples: 512 }), { source: "synthetic" });
 * results.auc.neg_lam1_predicts_correct_overall > 0.5; // => true
 */
export function analyze(diagnostics: Diagnostics, { source }: { source: string }): Analysis {
  const split = splitByConvergence(diagnostics);
  const { samples, steps, haltLogit } = diagnostics;
  const logDriftLow = logLateDrift(diagnostics.driftLow, steps, { lateSteps });
  const { cells } = split;
  const size = mapValues(cellNames, (name) => cells[name].length);
  const correct = size.A_conv_correct + size.C_nonconv_correct;
  const converged = size.A_conv_correct + size.B_conv_wrong;
  const finalLogit = Float64Array.from(
    { length: samples },
    (_, sample) => haltLogit[sample * steps + steps - 1],
  );
  const compared = contrasts(diagnostics, split);
  const asked = scoredQuestions(diagnostics, split);
  const results: TwoByTwoResults = {
    npz: source,
    n: samples,
    exact_acc: correct / samples,
    late_drift_def: `mean(drift_zH[:, -${lateSteps}:])`,
    otsu_tau_log10: split.threshold,
    frac_converged: converged / samples,
    cells: mapValues(cellNames, (name) => cellStatistics(diagnostics, cells[name])),
    mixture: {
      wrong_that_converged: size.B_conv_wrong / Math.max(samples - correct, 1),
      correct_that_nonconverged: size.C_nonconv_correct / Math.max(correct, 1),
    },
    contrasts: mapValues(contrastNames, (name) => contrastValue(compared[name])),
    auc: mapValues(aucNames, (name) => questionAuc(asked[name])),
    aux: {
      late_drift_zL_corr_with_zH_log: pearson(split.logDrift, logDriftLow),
      q_halt_final_median_by_cell: mapValues(cellNames, (name) =>
        storedMedian(gather(finalLogit, cells[name])),
      ),
    },
  };
  return { diagnostics, split, results };
}

function cellStatistics(diagnostics: Diagnostics, members: Int32Array): CellStatistics {
  if (members.length === 0) return { n: 0 };
  const { lyapunov, exponents, tokenAccuracy, haltedAt } = diagnostics;
  const lam1 = gather(largestExponents(diagnostics), members);
  const [lower, upper] = percentiles(lam1, [25, 75]);
  const spectrum = Array.from({ length: exponents }, (_, exponent) =>
    median(Float64Array.from(members, (sample) => lyapunov[sample * exponents + exponent])),
  );
  return {
    n: members.length,
    lam1_median: spectrum[0],
    lam1_mean: mean(lam1),
    lam1_iqr: [lower, upper],
    lam8_median: spectrum[exponents - 1],
    spectrum_median: spectrum,
    token_acc_median: median(gather(tokenAccuracy, members)),
    halted_at_median: median(gather(haltedAt, members)),
  };
}

/** A median in the precision of its values: numpy rounds the middle of two float32 numbers to float32. */
function storedMedian(values: Float64Array): number {
  const middle = median(values);
  return values.every((value) => Math.fround(value) === value) ? Math.fround(middle) : middle;
}

const mapValues = <Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
