// Dropout (Hinton et al. 2012), scaled in training as torch.nn.Dropout is. The random numbers come in as a tensor, so
// that a traced step gets new ones each time and a run repeats.
import type { Tensor } from "@tensorflow/tfjs-node";

/**
 * Sets elements to zero where their uniform number is below the rate, and divides the others by 1 - rate.
 *
 * @param input a tensor, whatever its shape
 * @param uniforms draws from [0, 1), of the input's shape or one that broadcasts to it
 * @param rate from 0 to below 1
 * @returns the input's shape
 * @throws {RangeError} for another rate
 * @example
 * import { dropout, tensorflow } from "dolab";
 * const tf = tensorflow();
 * dropout(tf.tensor1d([1, 2]), tf.tensor1d([0.4, 0.6]), 0.5).dataSync(); // => [0, 4]
 */
export function dropout(input: Tensor, uniforms: Tensor, rate: number): Tensor {
  if (typeof uniforms === "number")
    throw new TypeError(
      `Cannot drop elements as dropout(input, uniforms, rate) takes random numbers, such as statelessUniform(input.shape, seed): got ${uniforms}`,
    );
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`Cannot drop elements as the rate must be at least 0 and below 1: got ${rate}`);
  return input.mul(
    uniforms
      .greaterEqual(rate)
      .cast("float32")
      .div(1 - rate),
  );
}
