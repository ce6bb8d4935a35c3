// How the four cells fill while a system trains: source document 001's `evolution`, one row a checkpoint. Each
// checkpoint has its own tau. As in the document, drift stays in the precision of the file here and a cell's median needs
// more than two samples.
import type { Diagnostics } from "../../../data";
import { median } from "../../../stats";
import { type CellName, cellNames, splitByConvergence } from "./cells";
import { gather, largestExponents } from "./questions";

/** One checkpoint of a training run. */
export interface Checkpoint {
  /** The training step, as text. */
  step: string;
  diagnostics: Diagnostics;
}

/** The document's `evolution_<tag>.csv`: f is a cell's share of all samples, l1 its median largest exponent. */
export interface EvolutionRow {
  step: string;
  acc: number;
  tau: number;
  fA: number;
  fB: number;
  fC: number;
  fD: number;
  l1A: number;
  l1B: number;
  l1C: number;
  l1D: number;
}

const fewestSamples = 3;

/**
 * Says how the four cells fill while a system trains; each checkpoint has its own threshold.
 *
 * @param checkpoints in the order of training
 * @returns a row for each, with the cells' shares and their median largest exponents
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const checkpoints = [0.2, 0.9].map((maturity) => ({
 *   step: `${1000 * maturity}`,
 *   diagnostics: synthesizeDiagnostics({ seed: 1, samples: 64, maturity }),
 * }));
 * const [early, late] = twoByTwo.evolution(checkpoints);
 * late.fA > early.fA; // => true
 */
export function evolution(checkpoints: readonly Checkpoint[]): EvolutionRow[] {
  return checkpoints.map(({ step, diagnostics }) => {
    const { cells, threshold } = splitByConvergence(diagnostics, { precision: diagnostics.driftPrecision });
    const lam1 = largestExponents(diagnostics);
    const share = (name: CellName) => cells[name].length / diagnostics.samples;
    const exponent = (name: CellName) =>
      cells[name].length < fewestSamples ? Number.NaN : median(gather(lam1, cells[name]));
    const [fA, fB, fC, fD] = cellNames.map(share);
    const [l1A, l1B, l1C, l1D] = cellNames.map(exponent);
    return { step, acc: fA + fC, tau: threshold, fA, fB, fC, fD, l1A, l1B, l1C, l1D };
  });
}
