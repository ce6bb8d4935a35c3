// Heads that read causal factors off features, their losses, and how far a reading is from the truth: what CITRIS's causal
// encoder and its R^2 are made of (Lippe et al. 2022, arXiv:2202.03169, appendix C). A continuous factor is bounded by
// tanh, an angle is a vector of sine and cosine, and a category has logits.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { createDense, type DenseParameters, dense, prefixNames, tensorflow } from "../../../tensor";

/** A factor as one column of numbers. */
export type CausalFactor = { readonly name: string } & (
  | { readonly kind: "continuous"; readonly bound: number }
  | { readonly kind: "angle" }
  | { readonly kind: "category"; readonly classes: number }
);

export interface FactorHeads {
  readonly factors: readonly CausalFactor[];
  readonly layers: readonly DenseParameters<Variable>[];
}

const outputsOf = (factor: CausalFactor) =>
  factor.kind === "category" ? factor.classes : factor.kind === "angle" ? 2 : 1;

export const createFactorHeads = (
  factors: readonly CausalFactor[],
  features: number,
  rng: Random,
): FactorHeads => ({
  factors,
  layers: factors.map((factor) => createDense(features, outputsOf(factor), { rng })),
});

/** The variables by the published names. */
export const factorHeadVariables = ({ factors, layers }: FactorHeads): Record<string, Variable> =>
  Object.assign(
    {},
    ...layers.map((layer, index) => {
      const { name, kind } = factors[index];
      return prefixNames(`pred_layers.${name}${kind === "continuous" ? ".0" : ""}`, layer);
    }),
  );

/** @param features [rows, features] @returns for each factor [rows, outputs]: a value, sine and cosine, or logits */
export const readFactors = ({ factors, layers }: FactorHeads, features: Tensor): Tensor[] =>
  layers.map((layer, index) => {
    const raw = dense(layer, features);
    const factor = factors[index];
    return factor.kind === "continuous" ? raw.div(factor.bound).tanh().mul(factor.bound) : raw;
  });

const NORM_WEIGHT = 0.1;
const NORM = 2;

/**
 * The loss of each factor, and in training one for the length of an angle's vector.
 *
 * @param readings as `readFactors` gives them
 * @param truth [rows, factors]; angles in radians, categories as their numbers
 * @returns means over rows, by name
 */
export function factorLosses(
  factors: readonly CausalFactor[],
  readings: readonly Tensor[],
  truth: Tensor,
  { training }: { training: boolean },
): Record<string, Scalar> {
  const tf = tensorflow();
  const columns = tf.unstack(truth, 1);
  const losses: Record<string, Scalar> = {};
  for (const [index, factor] of factors.entries()) {
    const [reading, value] = [readings[index], columns[index]];
    if (factor.kind === "continuous")
      losses[factor.name] = reading.reshape(value.shape).sub(value).square().mean().asScalar();
    else if (factor.kind === "angle") {
      losses[factor.name] = cosineOf(reading, value).neg().add(1).mean().asScalar();
      const length = reading.square().sum(1).sqrt();
      if (training)
        losses[`${factor.name}_reg`] = length.sub(NORM).square().mean().mul(NORM_WEIGHT).asScalar();
    } else {
      const chosen = tf.oneHot(value.toInt(), factor.classes);
      losses[factor.name] = reading.logSoftmax().mul(chosen).sum(1).mean().neg().asScalar();
    }
  }
  return losses;
}

/** Cosine of the angle between readings [rows, 2] and true angles [rows]. */
function cosineOf(reading: Tensor, angle: Tensor): Tensor {
  const vector = tensorflow().stack([angle.sin(), angle.cos()], 1);
  return reading.mul(vector).sum(1).div(reading.square().sum(1).sqrt().maximum(1e-8));
}

/** Beyond this cosine a distance is 0, and none is taken of more. */
const LARGEST_COSINE = 1 - 1e-7;

/**
 * Measures how far one reading is from the truth, as a share of the largest distance: the difference over the bound, the angle
 * over a half turn, or 1 for a wrong class.
 *
 * @param factor the factor that was read
 * @param reading numbers as `readCausalFactors` gives them: one, sine and cosine, or logits
 * @param truth the true value; angles in radians
 * @returns from 0, or to 2 of a value at the other bound
 * @example
 * import { factorDistance } from "dolab";
 * factorDistance({ name: "turn", kind: "angle" }, [0, -1], 0).toFixed(3); // => "1.000"
 * factorDistance({ name: "colour", kind: "category", classes: 3 }, [0.1, 2, 0.3], 1); // => 0
 */
export function factorDistance(factor: CausalFactor, reading: ArrayLike<number>, truth: number): number {
  if (factor.kind === "continuous") return Math.abs(reading[0] - truth) / factor.bound;
  if (factor.kind === "category") return likeliest(reading) === truth ? 0 : 1;
  const length = Math.max(1e-8, Math.hypot(reading[0], reading[1]));
  const cosine = (reading[0] * Math.sin(truth) + reading[1] * Math.cos(truth)) / length;
  if (cosine > LARGEST_COSINE) return 0;
  return Math.acos(Math.min(LARGEST_COSINE, Math.max(-LARGEST_COSINE, cosine))) / Math.PI;
}

/**
 * Takes the factor's value that a reading says.
 *
 * @param factor the factor that was read
 * @param reading numbers as `readCausalFactors` gives them: one, sine and cosine, or logits
 * @returns the value, an angle from 0 to below 2 pi, or the number of the likeliest class
 * @example
 * import { factorValue } from "dolab";
 * factorValue({ name: "turn", kind: "angle" }, [1, 0]); // => Math.PI / 2
 * factorValue({ name: "colour", kind: "category", classes: 3 }, [0.1, 2, 0.3]); // => 1
 */
export function factorValue(factor: CausalFactor, reading: ArrayLike<number>): number {
  if (factor.kind === "continuous") return reading[0];
  if (factor.kind === "category") return likeliest(reading);
  const angle = Math.atan2(reading[0], reading[1]);
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return best;
}
