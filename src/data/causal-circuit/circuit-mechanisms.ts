// The causal model of CausalCircuit (Brehmer et al. 2022, arXiv:2203.16437, section 5.3 and appendix D): a robot arm over three
// buttons, and three lights. The arm's position is uniform on [0, 1]; a light is Beta(5 v, 5 (1 - v)) about a mean v that
// lies at 0.2 and rises to 0.8 as its button is pressed, and red's also as the green and the blue light shine:
//   v_red = 0.2 + 0.6 clip(green + blue + pressed_red, 0, 1),  v_green = 0.2 + 0.6 pressed_green,  v_blue alike.
// Noise is uniform and goes through the quantile function of the Beta distribution.
// Ours, on purpose: where the buttons lie along the arm's way and how far from its centre a button still gives (there a
// simulated robot decides that), and that an intervened variable is uniform on [0, 1]. No published pair was at hand to compare.
import type { Random } from "../../random";
import { betaCumulative, betaQuantile } from "../../stats/beta-distribution";

/** The causal variables, in the order of the published `original_latents`. */
export const circuitVariables = ["red light", "green light", "blue light", "robot arm"] as const;

/** [variables][variables], 1 where row i is a cause of column j. */
export const circuitGraph: readonly (readonly number[])[] = [
  [0, 0, 0, 0],
  [1, 0, 0, 0],
  [1, 0, 0, 0],
  [1, 1, 1, 0],
];

/** A cause stands before its effects. */
const order = [3, 1, 2, 0] as const;
const [RED, GREEN, BLUE, ARM] = [0, 1, 2, 3];

/** Where on the arm's way, from 0 to 1, the centres of the red, green and blue button lie. */
export const buttonPositions = [0.5, 0.2, 0.8] as const;
/** How far from its centre a button still gives. */
const BUTTON_REACH = 0.15;
/** a + b of the Beta distributions. */
const CONCENTRATION = 5;

/**
 * Says how far the arm presses each button: 1 at its centre, 0 from its edge on.
 *
 * @param arm from 0 to 1
 * @returns [red, green, blue]
 */
export const pressedButtons = (arm: number): number[] =>
  buttonPositions.map((centre) => {
    const distance = Math.min(1, Math.abs(arm - centre) / BUTTON_REACH);
    return (1 + Math.cos(Math.PI * distance)) / 2;
  });

/** The mean of a light, given its causes. */
function meanOf(light: number, causal: ArrayLike<number>): number {
  const pressed = pressedButtons(causal[ARM])[light];
  const raised = light === RED ? Math.min(1, causal[GREEN] + causal[BLUE] + pressed) : pressed;
  return 0.2 + 0.6 * raised;
}

/**
 * Computes the causal variables that noise brings about.
 *
 * @param noise each from 0 to 1. [4], in the order of `circuitVariables`
 * @param intervention a variable that has a given value whatever its causes; none where absent
 * @returns each from 0 to 1. [4]
 * @example
 * import { solveCircuit } from "dolab";
 * const [, green, blue, arm] = solveCircuit([0.5, 0.5, 0.5, 0.2]); // the arm presses the green button
 * arm; // => 0.2
 * green > 0.8 && blue < 0.2; // => true
 */
export function solveCircuit(
  noise: ArrayLike<number>,
  intervention?: { variable: number; value: number },
): Float64Array {
  const causal = new Float64Array(4);
  for (const variable of order) {
    if (variable === intervention?.variable) causal[variable] = intervention.value;
    else if (variable === ARM) causal[variable] = noise[variable];
    else {
      const mean = meanOf(variable, causal);
      causal[variable] = betaQuantile(noise[variable], CONCENTRATION * mean, CONCENTRATION * (1 - mean));
    }
  }
  return causal;
}

/**
 * Finds the noise behind causal variables: the inverse of `solveCircuit` without an intervention.
 *
 * @param causal each from 0 to 1. [4], in the order of `circuitVariables`
 * @returns each from 0 to 1. [4]
 * @example
 * import { circuitNoise, solveCircuit } from "dolab";
 * const noise = circuitNoise(solveCircuit([0.5, 0.25, 0.75, 0.2]));
 * Array.from(noise, (value) => value.toFixed(6)); // => ["0.500000", "0.250000", "0.750000", "0.200000"]
 */
export function circuitNoise(causal: ArrayLike<number>): Float64Array {
  return Float64Array.from(causal, (value, variable) => {
    if (variable === ARM) return value;
    const mean = meanOf(variable, causal);
    return betaCumulative(value, CONCENTRATION * mean, CONCENTRATION * (1 - mean));
  });
}

/** Draws a pair: with equal probability nothing happens, or one of the four variables is set to a uniform value. */
export function drawCircuitPair(rng: Random): {
  before: Float64Array;
  after: Float64Array;
  noiseBefore: Float64Array;
  /** What the causal variables after would need without an intervention. */
  noiseAfter: Float64Array;
  /** 0: none, k: variable k - 1 */
  intervention: number;
} {
  const noiseBefore = Float64Array.from({ length: 4 }, () => rng.uniform());
  const intervention = rng.integer(0, 5);
  const value = rng.uniform();
  const before = solveCircuit(noiseBefore);
  if (intervention === 0)
    return { before, after: before, noiseBefore, noiseAfter: noiseBefore, intervention };
  const variable = intervention - 1;
  const after = solveCircuit(noiseBefore, { variable, value });
  const noiseAfter = noiseBefore.slice();
  noiseAfter[variable] = circuitNoise(after)[variable];
  return { before, after, noiseBefore, noiseAfter, intervention };
}
