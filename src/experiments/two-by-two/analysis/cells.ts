// The 2x2 itself: did the state stop moving (convergence), and is the answer right (correctness)? Source document 001,
// `analyze`: tau = Otsu's threshold on log10 d_late over all samples; converged = log10 d_late < tau, strictly.
import { type Diagnostics, logLateDrift } from "../../../data";
import { otsuThreshold } from "../../../stats";

/** ACT steps at the end over which drift is averaged. */
export const lateSteps = 4;

/** The four cells, in the document's order and by its names. */
export const cellNames = ["A_conv_correct", "B_conv_wrong", "C_nonconv_correct", "D_nonconv_wrong"] as const;
export type CellName = (typeof cellNames)[number];

/** A cell's name in words. */
export const cellTitles: Record<CellName, string> = {
  A_conv_correct: "A: converged, correct",
  B_conv_wrong: "B: converged, wrong",
  C_nonconv_correct: "C: moving, correct",
  D_nonconv_wrong: "D: moving, wrong",
};

export interface Split {
  /** log10 of the late drift of z_H. [samples] */
  logDrift: Float64Array;
  /** tau, log10 units: samples below it, strictly, have converged. */
  threshold: number;
  /** 1 where the sample has converged, else 0. [samples] */
  converged: Uint8Array;
  /** The samples of each cell, ascending. */
  cells: Record<CellName, Int32Array>;
}

/**
 * Splits samples by convergence and correctness.
 *
 * @param diagnostics one checkpoint's measurements
 * @param options.threshold tau in log10 units; Otsu's threshold unless given
 * @param options.precision of the drift, see `logLateDrift`
 * @throws {RangeError} where all samples drift alike, so that Otsu's method has no answer and no threshold is given
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const { cells } = twoByTwo.splitByConvergence(diagnostics);
 * Object.values(cells).map(({ length }) => length); // => [28, 10, 6, 20]
 */
export function splitByConvergence(
  diagnostics: Diagnostics,
  { threshold, precision = "float64" }: { threshold?: number; precision?: "float32" | "float64" } = {},
): Split {
  const logDrift = logLateDrift(diagnostics.driftHigh, diagnostics.steps, { lateSteps, precision });
  const tau = threshold ?? otsuThreshold(logDrift);
  const converged = Uint8Array.from(logDrift, (value) => Number(value < tau));
  const cellOf = (sample: number) => 2 * Number(!converged[sample]) + Number(!diagnostics.correct[sample]);
  const everySample = Int32Array.from(logDrift.keys());
  const cells = Object.fromEntries(
    cellNames.map((name, index) => [name, everySample.filter((sample) => cellOf(sample) === index)]),
  ) as Record<CellName, Int32Array>;
  return { logDrift, threshold: tau, converged, cells };
}
