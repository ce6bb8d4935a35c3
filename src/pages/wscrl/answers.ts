// The answers of the model and of the true system to the same interventions: both keep the noise that they find behind an
// observation, set some variables, and let what depends on them follow.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { linearModelNoise, solveLinearModel } from "../../data/paired-interventions/linear-causal-model";
import { observeNature } from "../../data/paired-interventions/paired-interventions";
import { gaussianEncoder } from "../../models/lcm/gaussian-encoder";
import { createIlcm, type Ilcm, ilcmVariables } from "../../models/lcm/ilcm";
import { noiseToCausal, solutionFunctions } from "../../models/lcm/solution-functions";
import { createRandom } from "../../random";
import { loadStateDict, tensorflow } from "../../tensor";
import type { CarriedModel } from "./carried-model";

/** Values of causal variables and of the observed features. */
export interface State {
  causal: number[];
  observed: number[];
}

/** Makes the model of what the page carries. */
export function loadIlcm({ latents, ancestors, weights }: CarriedModel): Ilcm {
  const ilcm = createIlcm(latents, { rng: createRandom(0), ancestors });
  const tensors = Object.entries(weights).map(
    ([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }] as const,
  );
  loadStateDict(ilcmVariables(ilcm), new Map(tensors));
  return ilcm;
}

/**
 * What the model says.
 *
 * @param sets variables that are set, with a value for each row
 * @param rows how many answers: values of the same variables
 * @returns a state a row, variables in the true ones' units
 */
export function modelAnswers(
  ilcm: Ilcm,
  { variables, order }: CarriedModel,
  observed: readonly number[],
  sets: readonly { variable: number; values: readonly number[] }[],
  rows: number,
): State[] {
  const tf = tensorflow();
  const [causal, features] = tf.tidy(() => {
    const x = tf.tensor2d(Array.from({ length: rows }, () => observed.slice()));
    let noise = gaussianEncoder(ilcm.encoder, x).mean as Tensor2D;
    const latentsSet = sets.map(({ variable, values }) => {
      const { latent, slope, offset } = variables[variable];
      return { latent, values: values.map((value) => (value - offset) / slope) };
    });
    // First causes first: what is set later finds them as they are to be.
    latentsSet.sort((a, b) => order.indexOf(a.latent) - order.indexOf(b.latent));
    for (const { latent, values } of latentsSet) {
      const context = noise.expandDims(0) as Tensor3D;
      const { scale, shift } = solutionFunctions(ilcm.solutionFunctions, context, { alone: latent });
      const z = tf.tensor2d(values, [rows, 1]);
      noise = withColumn(noise, latent, z.mul(scale.transpose()).add(shift.transpose()));
    }
    const z = noiseToCausal(ilcm.solutionFunctions, noise) as Tensor2D; // [rows, latents]
    const decoded = gaussianEncoder(ilcm.decoder, noise).mean as Tensor2D;
    return [z.arraySync(), decoded.arraySync()] as never;
  }) as [number[][], number[][]];
  return causal.map((latents, row) => ({
    causal: variables.map(({ latent, slope, offset }) => latents[latent] * slope + offset),
    observed: features[row],
  }));
}

function withColumn(rows: Tensor2D, column: number, values: Tensor): Tensor2D {
  const columns = rows.split(rows.shape[1], 1) as Tensor2D[];
  columns[column] = values as Tensor2D;
  return tensorflow().concat2d(columns, 1);
}

/** What the true system answers. */
export function trueAnswer(
  { nature }: CarriedModel,
  causal: readonly number[],
  sets: readonly { variable: number; value: number }[],
): State {
  const noise = linearModelNoise(nature, causal);
  for (const { variable, value } of sets) noise[variable] = value;
  const targets = sets.map(({ variable }) => variable);
  const answer = solveLinearModel(nature, noise, targets);
  return { causal: Array.from(answer), observed: Array.from(observeNature(nature, answer)) };
}

/** Mean distance of two answers' observed features. */
export const distance = (one: State, other: State): number =>
  Math.sqrt(one.observed.reduce((sum, value, i) => sum + (value - other.observed[i]) ** 2, 0));
