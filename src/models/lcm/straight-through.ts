// The straight-through estimator (Bengio et al. 2013, arXiv:1308.3432): one tensor's value with another one's gradient,
// for steps such as argmax or a clamp that have no useful gradient of their own.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

/**
 * Has the value of `value` and passes its gradient on to `surrogate` alone.
 *
 * @param value what comes out
 * @param surrogate what the gradient goes to, of the same shape
 * @returns a tensor of that shape
 * @throws {TypeError} where the shapes differ
 * @example
 * import { straightThrough, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const rounded = (x) => straightThrough(x.round(), x);
 * const x = tf.tensor1d([0.2, 0.7]);
 * rounded(x).dataSync(); // => [0, 1]
 * tf.grad(rounded)(x).dataSync(); // => [1, 1]
 */
export function straightThrough<Value extends Tensor>(value: Value, surrogate: Tensor): Value {
  if (value.shape.join() !== surrogate.shape.join()) {
    const rule = "both tensors must have one shape";
    throw new TypeError(
      `Cannot pass a gradient straight through as ${rule}: got [${value.shape}] and [${surrogate.shape}]`,
    );
  }
  const pass = tensorflow().customGrad(() => ({
    value: value.clone(),
    gradFunc: (upstream: Tensor) => upstream.clone(),
  }));
  return pass(surrogate) as Value;
}
