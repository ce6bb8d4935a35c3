// How much do finite-time Lyapunov exponents scatter? A test case with a known answer: the Hénon map (Hénon 1976),
// x' = 1 - 1.4 x^2 + y, y' = 0.3 x, whose largest exponent is 0.41922 (Sprott 2003, Chaos and Time-Series Analysis).
import type { Tensor2D } from "@tensorflow/tfjs-node";
import { lyapunovSpectrum } from "../../../models";
import type { Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";

export const henonExponent = 0.41922;
const settlingSteps = 100; // from near the origin onto the attractor

/** Takes one step of the Hénon map. [batch, 2] -> [batch, 2] */
export function henonMap(state: Tensor2D): Tensor2D {
  const tf = tensorflow();
  const [x, y] = tf.split(state, 2, 1); // [batch, 1] each
  return tf.concat([tf.add(tf.sub(1, tf.mul(1.4, tf.square(x))), y), tf.mul(0.3, x)], 1) as Tensor2D;
}

export interface FiniteTimeExponents {
  /** Over how many steps the exponents are taken. */
  steps: number;
  /** The largest exponent of each trajectory. [trajectories] */
  largest: Float64Array;
}

/**
 * Estimates the largest finite-time exponents of many trajectories of the Hénon map, by their length.
 *
 * @param options.rng draws the starts and the first frames
 * @param options.lengths steps of a trajectory
 * @param options.trajectories how many
 * @example
 * import { createRandom, startBackend, twoByTwo } from "dolab";
 * await startBackend();
 * const options = { rng: createRandom(0), lengths: [4], trajectories: 5 };
 * const [{ steps, largest }] = twoByTwo.henonExponents(options);
 * [steps, largest.length]; // => [4, 5]
 */
export function henonExponents({
  rng,
  lengths = [4, 16, 64, 256],
  trajectories = 300,
}: {
  rng: Random;
  lengths?: readonly number[];
  trajectories?: number;
}): FiniteTimeExponents[] {
  const tf = tensorflow();
  const starts = tf.tidy(() => {
    const origin = Float32Array.from({ length: 2 * trajectories }, () => 0.1 * rng.normal());
    let state = tf.tensor2d(origin, [trajectories, 2]);
    for (let step = 0; step < settlingSteps; step += 1) state = henonMap(state);
    return state;
  });
  const results = lengths.map((steps) => {
    const { spectrum } = lyapunovSpectrum(henonMap, starts, { exponents: 1, steps, rng: rng.split(steps) });
    return { steps, largest: spectrum };
  });
  starts.dispose();
  return results;
}

/**
 * Draws the estimates as boxes, beside the true exponent.
 *
 * @param estimates as `henonExponents` gives them, a box for each length
 * @example
 * import { twoByTwo } from "dolab";
 * const estimates = [{ steps: 4, largest: Float64Array.of(0.1, 0.6) }];
 * twoByTwo.finiteTimeFigure(estimates).data[0].name; // => "T = 4"
 */
export function finiteTimeFigure(estimates: readonly FiniteTimeExponents[]): PlotlyFigure {
  return {
    data: estimates.map(({ steps, largest }) => ({
      type: "box",
      name: `T = ${steps}`,
      y: largest,
      boxpoints: "all",
      jitter: 0.5,
      pointpos: 0,
      marker: { color: steps === 16 ? colours.vermillion : colours.blue, size: 3, opacity: 0.35 },
      line: { width: 1.5 },
      showlegend: false,
    })),
    layout: {
      title: {
        text: `Finite-time λ₁ of the Hénon map (dashed: the true exponent, ${henonExponent.toFixed(3)})`,
      },
      xaxis: { title: { text: "steps of the trajectory (the diagnostics have 16)" } },
      yaxis: { title: { text: "estimate of λ₁ (nats per step)" } },
      shapes: [
        {
          type: "line",
          x0: 0,
          x1: 1,
          xref: "paper",
          y0: henonExponent,
          y1: henonExponent,
          line: { dash: "dash" },
        },
      ],
    },
  };
}
