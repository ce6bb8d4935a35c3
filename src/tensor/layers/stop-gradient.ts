// torch.Tensor.detach: the value without its gradient, which TensorFlow.js has no operation for.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

/**
 * Passes a value on and no gradient back.
 *
 * @param tensor any floating-point tensor
 * @returns the same values; to what they were computed from, the gradient is 0
 * @example
 * import { stopGradient, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const slope = tf.grad((x) => x.mul(stopGradient(x)))(tf.scalar(3)); // not 2 x: one factor is a constant
 * slope.dataSync()[0]; // => 3
 */
export function stopGradient<T extends Tensor>(tensor: T): T {
  const tf = tensorflow();
  const stop = tf.customGrad((given) => ({
    value: (given as Tensor).clone(),
    gradFunc: (upstream: Tensor) => tf.zerosLike(upstream),
  }));
  return stop(tensor) as T;
}
