// The straight-through estimator (Bengio et al. 2013, arXiv:1308.3432): one tensor's value with another one's gradient,
// for steps such as argmax or a clamp that have no useful gradient of their own.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

/**
 * Has the value of `value` and passes its gradient on to `surrogate` alone.
 *
 * @param surrogate of the shape of `value`
 * @throws {TypeError} where the shapes differ
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
