// Initial values of parameters, drawn from an explicit stream. Bounds and standard deviations are PyTorch's
// (torch.nn.init); the numbers are our generator's, as no two libraries draw the same.
import type { Variable } from "@tensorflow/tfjs-node";
import { normalQuantile, type Random } from "../../random";
import { tensorflow } from "../backend";

/** Makes a variable whose elements are drawn one after the other, last axis fastest. */
export function drawVariable(shape: readonly number[], draw: () => number): Variable {
  const tf = tensorflow();
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, draw);
  return tf.tidy(() => tf.variable(tf.tensor(values, shape.slice())));
}

/** Makes a variable of one value throughout; not trainable ones are left out by `tf.variableGrads`. */
export function fillVariable(shape: readonly number[], value: number, { trainable = true } = {}): Variable {
  const tf = tensorflow();
  return tf.tidy(() => tf.variable(tf.fill(shape.slice(), value), trainable));
}

/** Draws from U(-bound, bound). */
export const uniformWithin = (bound: number, rng: Random) => () => bound * (2 * rng.uniform() - 1);

/**
 * Draws as PyTorch's linear and convolution layers do for weight and bias, U(-1/sqrt(fanIn), 1/sqrt(fanIn)):
 * `kaiming_uniform_` with a = sqrt(5).
 *
 * @param fanIn how many inputs one output sums
 */
export const fanInUniform = (fanIn: number, rng: Random) => uniformWithin(1 / Math.sqrt(fanIn), rng);

/** Draws as `xavier_uniform_` does: U(-b, b) with b = sqrt(6 / (fanIn + fanOut)). */
export const xavierUniform = (fanIn: number, fanOut: number, rng: Random) =>
  uniformWithin(Math.sqrt(6 / (fanIn + fanOut)), rng);

/** Draws from a normal distribution of mean 0. */
export const zeroMeanNormal = (standardDeviation: number, rng: Random) => () =>
  standardDeviation * rng.normal();

const WITHIN_TWO = 0.9544997361036416; // P(|X| < 2) of the standard normal distribution
const TRUNCATED_DEVIATION = 0.8796256610342398; // its standard deviation when cut at -2 and 2

/**
 * Draws from a normal distribution cut at two standard deviations and widened so that what is left has the given
 * standard deviation, as the recursive reasoners (HRM, TRM) do.
 */
export const truncatedNormal = (standardDeviation: number, rng: Random) => () =>
  (standardDeviation / TRUNCATED_DEVIATION) * normalQuantile(WITHIN_TWO * (rng.uniform() - 0.5));

/** LeCun's initialisation: `truncatedNormal` with the standard deviation 1 / sqrt(fanIn). */
export const lecunTruncatedNormal = (fanIn: number, rng: Random) =>
  truncatedNormal(1 / Math.sqrt(fanIn), rng);
