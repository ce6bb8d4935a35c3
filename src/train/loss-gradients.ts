// Gradients of a loss function that returns metrics beside its loss: TensorFlow.js differentiates one number and frees
// everything else that the function has made.
import type { NamedTensorMap, Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../tensor";
import { isTensor } from "../tensor/is-tensor";

/** What a loss function returns: the loss, or the loss with further tensors to be told. */
export type Loss = Tensor | LossWithMetrics;
export type LossWithMetrics = { readonly loss: Tensor } & Readonly<Record<string, Tensor>>;

/**
 * Runs a loss function and differentiates its loss.
 *
 * @param loss returns a scalar, or { loss: scalar, ...metrics }
 * @param variables what is differentiated by
 * @returns what the function has returned, and the gradients by the variables' own names
 * @throws {TypeError} where the function returns something else, or the loss has more than one element
 * @example
 * import { tensorflow } from "dolab";
 * const tf = tensorflow();
 * const weight = tf.variable(tf.scalar(3));
 * const lossOf = () => ({ loss: weight.square(), size: weight.abs() });
 * const { result, gradients } = lossAndGradients(lossOf, [weight]);
 * result.size.dataSync()[0]; // => 3
 * gradients[weight.name].dataSync()[0]; // => 6
 */
export function lossAndGradients<Result extends Loss>(
  loss: () => Result,
  variables: readonly Variable[],
): { result: Result; gradients: NamedTensorMap } {
  const tf = tensorflow();
  const kept: Record<string, Tensor> = {};
  let isNumber = false;
  try {
    const { value, grads } = tf.variableGrads(() => {
      const returned: unknown = loss();
      isNumber = isTensor(returned);
      const all = isNumber ? { loss: returned } : returned;
      const number = requireNumber(all);
      for (const [name, metric] of Object.entries(all as Record<string, Tensor>)) {
        if (name !== "loss") kept[name] = tf.keep(metric.clone());
      }
      return number;
    }, variables.slice());
    const others = Object.entries(kept).map(([name, metric]) => [name, metric.clone()]);
    const result = isNumber ? value : { loss: value, ...Object.fromEntries(others) };
    return { result: result as Result, gradients: grads };
  } finally {
    tf.dispose(kept);
  }
}

function requireNumber(returned: unknown): Scalar {
  const number = (returned as { loss?: unknown } | undefined)?.loss;
  if (isTensor(number) && number.size === 1) return number.asScalar();
  const got = isTensor(number)
    ? `a tensor of shape [${number.shape}] (its mean() or sum()?)`
    : String(number);
  throw new TypeError(
    `Cannot take gradients as the loss function must return a scalar tensor, or { loss: scalar, ... }: got ${got}`,
  );
}
