// Initial values of parameters, drawn from an explicit stream. Bounds and standard deviations are PyTorch's
// (torch.nn.init); the numbers are our generator's, as no two libraries draw the same.
import type { Variable } from "@tensorflow/tfjs-node";
import { normalQuantile, type Random } from "../../random";
import { tensorflow } from "../backend";

/**
 * Makes a variable whose elements are drawn one after the other, last axis fastest.
 *
 * @param shape the shape that it gets
 * @param draw gives the next element
 * @example
 * import { createRandom, drawVariable } from "dolab";
 * const rng = createRandom(1);
 * drawVariable([2, 3], () => rng.normal(0, 0.02)).shape; // => [2, 3]
 */
export function drawVariable(shape: readonly number[], draw: () => number): Variable {
  const tf = tensorflow();
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, draw);
  return tf.tidy(() => tf.variable(tf.tensor(values, shape.slice())));
}

/**
 * Makes a variable of one value throughout; not trainable ones are left out by `tf.variableGrads`.
 *
 * @param shape the shape that it gets
 * @param value the value of each element
 * @param options.trainable whether training changes it: by default, yes
 * @example
 * import { fillVariable } from "dolab";
 * fillVariable([2], 1).dataSync(); // => [1, 1]
 */
export function fillVariable(shape: readonly number[], value: number, { trainable = true } = {}): Variable {
  const tf = tensorflow();
  return tf.tidy(() => tf.variable(tf.fill(shape.slice(), value), trainable));
}

/**
 * Draws from U(-bound, bound).
 *
 * @param bound above 0
 * @param rng the generator
 * @example
 * import { createRandom, uniformWithin } from "dolab";
 * const draw = uniformWithin(0.5, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const uniformWithin = (bound: number, rng: Random) => () => bound * (2 * rng.uniform() - 1);

/**
 * Draws as PyTorch's linear and convolution layers do for weight and bias, U(-1/sqrt(fanIn), 1/sqrt(fanIn)):
 * `kaiming_uniform_` with a = sqrt(5).
 *
 * @param fanIn how many inputs one output sums
 * @param rng the generator
 * @example
 * import { createRandom, fanInUniform } from "dolab";
 * const draw = fanInUniform(4, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const fanInUniform = (fanIn: number, rng: Random) => uniformWithin(1 / Math.sqrt(fanIn), rng);

/**
 * Draws as `xavier_uniform_` does: U(-b, b) with b = sqrt(6 / (fanIn + fanOut)).
 *
 * @param fanIn how many inputs one output sums
 * @param fanOut how many outputs one input goes to
 * @param rng the generator
 * @example
 * import { createRandom, xavierUniform } from "dolab";
 * const draw = xavierUniform(8, 8, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const xavierUniform = (fanIn: number, fanOut: number, rng: Random) =>
  uniformWithin(Math.sqrt(6 / (fanIn + fanOut)), rng);

/**
 * Draws from a normal distribution of mean 0.
 *
 * @param standardDeviation at least 0
 * @param rng the generator
 * @example
 * import { createRandom, zeroMeanNormal } from "dolab";
 * const draw = zeroMeanNormal(0.02, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const zeroMeanNormal = (standardDeviation: number, rng: Random) => () =>
  standardDeviation * rng.normal();

const WITHIN_TWO = 0.9544997361036416; // P(|X| < 2) of the standard normal distribution
const TRUNCATED_DEVIATION = 0.8796256610342398; // its standard deviation when cut at -2 and 2

/**
 * Draws from a normal distribution cut at two standard deviations and widened so that what is left has the given
 * standard deviation, as the recursive reasoners (HRM, TRM) do.
 *
 * @param standardDeviation at least 0
 * @param rng the generator
 * @example
 * import { createRandom, truncatedNormal } from "dolab";
 * const draw = truncatedNormal(0.02, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const truncatedNormal = (standardDeviation: number, rng: Random) => () =>
  (standardDeviation / TRUNCATED_DEVIATION) * normalQuantile(WITHIN_TWO * (rng.uniform() - 0.5));

/**
 * Draws as LeCun's initialisation does: `truncatedNormal` with the standard deviation 1 / sqrt(fanIn).
 *
 * @param fanIn how many inputs one output sums
 * @param rng the generator
 * @example
 * import { createRandom, lecunTruncatedNormal } from "dolab";
 * const draw = lecunTruncatedNormal(100, createRandom(1));
 * Math.abs(draw()) < 1; // => true
 */
export const lecunTruncatedNormal = (fanIn: number, rng: Random) =>
  truncatedNormal(1 / Math.sqrt(fanIn), rng);
