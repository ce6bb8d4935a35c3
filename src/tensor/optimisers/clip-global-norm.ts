// Gradient clipping by the norm of all gradients together (Pascanu et al. 2013), as torch.nn.utils.clip_grad_norm_:
// each is multiplied by min(1, largest / (norm + 1e-6)), so that a clipped norm stays a little below `largest`.
import type { NamedTensorMap, Scalar } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

const ADDED_TO_NORM = 1e-6;

/**
 * Scales gradients down so that their norm together is at most `largest`.
 *
 * @param gradients as `tf.variableGrads` returns them, by name
 * @param largest above 0
 * @returns new gradients, and the norm before clipping (NaN or infinite where a gradient is)
 * @throws {RangeError} where there is no gradient, or `largest` is not above 0
 * @example
 * import { clipGlobalNorm, tensorflow } from "dolab";
 * const { norm } = clipGlobalNorm({ weight: tensorflow().tensor1d([3, 4]) }, 1);
 * norm.dataSync()[0]; // => 5
 */
export function clipGlobalNorm(
  gradients: NamedTensorMap,
  largest: number,
): { gradients: NamedTensorMap; norm: Scalar } {
  const entries = Object.entries(gradients);
  if (entries.length === 0)
    throw new RangeError("Cannot clip gradients as there must be at least one: got none");
  if (!(largest > 0))
    throw new RangeError(`Cannot clip gradients as the norm must be above 0: got ${largest}`);
  const tf = tensorflow();
  const squares = entries.map(([, gradient]) => gradient.square().sum());
  const norm = tf.addN(squares).sqrt() as Scalar;
  const factor = tf.minimum(tf.div(largest, norm.add(ADDED_TO_NORM)), 1);
  return {
    gradients: Object.fromEntries(entries.map(([name, gradient]) => [name, gradient.mul(factor)])),
    norm,
  };
}
