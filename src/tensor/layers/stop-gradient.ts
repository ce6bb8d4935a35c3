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

/**
 * Computes a tensor through which no gradient passes, neither to `inputs` nor to variables that the function uses. What it
 * computes needs no gradient of its own (argmax, comparisons), and none is computed.
 *
 * @param compute gives a tensor from `inputs`
 * @param inputs the tensors that it depends on and that are differentiated elsewhere
 * @example
 * import { tensorflow, withoutGradient } from "dolab";
 * const tf = tensorflow();
 * const slope = tf.grad((x) => x.mul(withoutGradient((held) => held.square(), x)));
 * slope(tf.scalar(3)).dataSync()[0]; // => 9
 */
export function withoutGradient<Inputs extends Tensor[]>(
  compute: (...inputs: Inputs) => Tensor,
  ...inputs: Inputs
): Tensor {
  const tf = tensorflow();
  const constant = tf.customGrad((...given) => {
    const held = given.slice(0, inputs.length) as Inputs;
    const shapes = held.map(({ shape }) => shape); // the tensors themselves may be gone by the time of the gradient
    return { value: compute(...held), gradFunc: () => shapes.map((shape) => tf.zeros(shape)) };
  });
  return constant(...inputs);
}
