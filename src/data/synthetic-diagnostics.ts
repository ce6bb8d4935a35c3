// Synthetic diagnostics of a recursive reasoner, for when no trained one is at hand. Modelled: two modes of drift,
// accuracy that depends on the mode, a Lyapunov spectrum that depends on mode and correctness, halting that follows
// correctness, and a `maturity` that moves the shares of the four cells as training does. Levels are near those of the
// two-by-two analysis (analyze_2x2.py) for TRM on Sudoku.
// Not claimed: a relation of exponents and drift within a cell (independent here), a halting head that errs (it never
// does here), Gaussian modes, the same spread in real systems, or anything about how a network comes to such numbers.

import { requireKnownOptions } from "../io/known-options";
import { createRandom, type Random } from "../random";
import type { Diagnostics } from "./diagnostics";

/** How to synthesize diagnostics; shares that are not given follow from `maturity`. */
export interface SyntheticDiagnosticsOptions {
  /** Decides every number; with the same seed a sample that converges at one maturity also does at any higher one. */
  seed: number;
  samples: number;
  /** Steps of adaptive computation time, at least 4; the modes are told apart from 8 on. */
  steps?: number;
  /** Lyapunov exponents per sample. */
  exponents?: number;
  /** 0 early in training, 1 late. */
  maturity?: number;
  /** Share of samples whose state converges. */
  convergedFraction?: number;
  /** Share of correct answers among the converged. */
  correctIfConverged?: number;
  /** Share of correct answers among the others. */
  correctIfNotConverged?: number;
  /** Mean log10 late drift of the converged and of the others. */
  logDrift?: { converged: number; notConverged: number };
}

/** Diagnostics with what was planted in them. */
export interface SyntheticDiagnostics extends Diagnostics {
  /** 1 where the sample was drawn from the converged mode, else 0, [samples]. */
  converged: Float64Array;
  continueLogit: Float64Array;
  index: Float64Array;
}

/** Median first exponent by [converged][correct]: cells D, C (not converged), then B, A. */
const FIRST_EXPONENT = [
  [0.065, 0.029],
  [-0.065, -0.1],
];
const EXPONENT_SPREAD = 0.019;
const EXPONENT_GAP = 0.015; // mean distance of neighbours: the eighth is 0.105 below the first
const FIRST_LOG_DRIFT = 1.7; // both modes start alike
const LOW_TO_HIGH_DRIFT = 1.4;

const optionNames: readonly (keyof SyntheticDiagnosticsOptions)[] = [
  ...(["seed", "samples", "steps", "exponents", "maturity", "convergedFraction"] as const),
  ...(["correctIfConverged", "correctIfNotConverged", "logDrift"] as const),
];

/**
 * Synthesizes diagnostics of a recursive reasoner.
 *
 * @param options the seed, the sizes, and what is planted
 * @returns diagnostics whose floats are exact in float32, so that saving and loading keeps every bit
 * @throws {RangeError} for an option outside its range, naming it
 * @example
 * import { synthesizeDiagnostics } from "dolab";
 * const { driftHigh, correct } = synthesizeDiagnostics({ seed: 1, samples: 256, maturity: 0.3 });
 * driftHigh.length; // => 4096
 * correct.length; // => 256
 */
export function synthesizeDiagnostics(options: SyntheticDiagnosticsOptions): SyntheticDiagnostics {
  requireKnownOptions("synthesize diagnostics", options, optionNames);
  const { seed, samples, steps = 16, exponents = 8, maturity = 0.8 } = options;
  const { logDrift = { converged: -2.5, notConverged: 0 } } = options;
  requireRange("maturity", maturity, 0, 1);
  const {
    convergedFraction = mix(0.12, 0.75, maturity),
    correctIfConverged = mix(0.4, 0.88, maturity),
    correctIfNotConverged = mix(0.045, 0.3, maturity),
  } = options;
  requireWhole("samples", samples, 1);
  requireWhole("steps", steps, 4);
  requireWhole("exponents", exponents, 1);
  for (const [name, share] of Object.entries({
    convergedFraction,
    correctIfConverged,
    correctIfNotConverged,
  })) {
    requireRange(name, share, 0, 1);
  }
  requireRange("logDrift.converged", logDrift.converged, -12, 6);
  requireRange("logDrift.notConverged", logDrift.notConverged, -12, 6);

  const random = createRandom(seed);
  const cells = random.split("cells");
  const converged = new Float64Array(samples);
  const correct = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    // Two draws a sample whatever they decide, so that a change of one share moves no other sample.
    const [mode, answer] = [cells.uniform(), cells.uniform()];
    converged[sample] = mode < convergedFraction ? 1 : 0;
    correct[sample] = answer < (converged[sample] ? correctIfConverged : correctIfNotConverged) ? 1 : 0;
  }
  const late = Array.from(converged, (mode) => (mode ? logDrift.converged : logDrift.notConverged));
  const driftHigh = drawDrift(random.split("drift"), late, converged, steps);
  const haltLogit = drawHaltLogit(random.split("halt"), correct, steps);
  return {
    samples,
    steps,
    exponents,
    driftHigh,
    driftLow: perturb(
      random.split("low drift"),
      driftHigh,
      (drift, noise) => LOW_TO_HIGH_DRIFT * drift * 10 ** (0.05 * noise),
    ),
    driftPrecision: "float32",
    lyapunov: drawSpectra(random.split("lyapunov"), converged, correct, exponents),
    correct,
    tokenAccuracy: drawTokenAccuracy(random.split("tokens"), correct),
    haltedAt: firstPositive(haltLogit, steps),
    haltLogit,
    continueLogit: perturb(
      random.split("continue"),
      haltLogit,
      (logit, noise) => -0.85 * logit + 0.35 * noise,
    ),
    index: Float64Array.from({ length: samples }, (_, sample) => sample),
    converged,
  };
}

/** Draws drifts that fall from a common start towards each sample's late level, faster where steps are few. [samples, steps] */
function drawDrift(random: Random, late: number[], converged: Float64Array, steps: number): Float64Array {
  const decay = 0.71 ** (16 / steps); // per step, in log10
  const drift = new Float64Array(late.length * steps);
  for (let sample = 0; sample < late.length; sample++) {
    const level = late[sample] + (converged[sample] ? 0.33 : 0.29) * random.normal();
    const start = FIRST_LOG_DRIFT + 0.08 * random.normal();
    for (let step = 0; step < steps; step++) {
      const logDrift = level + (start - level) * decay ** step + 0.08 * random.normal();
      drift[sample * steps + step] = Math.fround(10 ** logDrift);
    }
  }
  return drift;
}

/** Draws spectra, each falling from its first exponent by random gaps. [samples, exponents] */
function drawSpectra(
  random: Random,
  converged: Float64Array,
  correct: Float64Array,
  exponents: number,
): Float64Array {
  const spectra = new Float64Array(converged.length * exponents);
  for (let sample = 0; sample < converged.length; sample++) {
    let exponent = FIRST_EXPONENT[converged[sample]][correct[sample]] + EXPONENT_SPREAD * random.normal();
    for (let place = 0; place < exponents; place++) {
      spectra[sample * exponents + place] = Math.fround(exponent);
      exponent -= EXPONENT_GAP * (0.5 + random.uniform());
    }
  }
  return spectra;
}

/** Draws logits that settle above 0 for correct samples, by the fourth step at the latest, and stay below for others. [samples, steps] */
function drawHaltLogit(random: Random, correct: Float64Array, steps: number): Float64Array {
  const logits = new Float64Array(correct.length * steps);
  for (let sample = 0; sample < correct.length; sample++) {
    const start = correct[sample] ? 0.1 * random.normal() : -2 + 0.2 * random.normal();
    const level = correct[sample] ? 3.45 : -3.45;
    for (let step = 0; step < steps; step++) {
      const logit = level + (start - level) * 0.6 ** step + 0.35 * random.normal();
      const settled = correct[sample] ? (step < 3 ? logit : Math.abs(logit)) : -Math.abs(logit);
      logits[sample * steps + step] = Math.fround(settled);
    }
  }
  return logits;
}

/** Draws 1 for correct samples and 0.6 to 0.9 for others. [samples] */
function drawTokenAccuracy(random: Random, correct: Float64Array): Float64Array {
  return correct.map((right) => {
    const accuracy = Math.min(Math.max(0.8 + 0.06 * random.normal(), 0.6), 0.9);
    return right ? 1 : Math.fround(accuracy);
  });
}

/** Returns the first step, from 1, with a logit above 0, or the last step. [samples] */
function firstPositive(logits: Float64Array, steps: number): Float64Array {
  return Float64Array.from({ length: logits.length / steps }, (_, sample) => {
    const first = logits.subarray(sample * steps, (sample + 1) * steps).findIndex((logit) => logit > 0);
    return first < 0 ? steps : first + 1;
  });
}

function perturb(
  random: Random,
  values: Float64Array,
  map: (value: number, noise: number) => number,
): Float64Array {
  return values.map((value) => Math.fround(map(value, random.normal())));
}

function mix(early: number, late: number, maturity: number): number {
  return early + (late - early) * maturity;
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot synthesize diagnostics as ${name} must be a whole number from ${least}: got ${value}`,
  );
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(
    `Cannot synthesize diagnostics as ${name} must be from ${low} to ${high}: got ${value}`,
  );
}
