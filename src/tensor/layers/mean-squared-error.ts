// The mean of squared differences: torch.nn.functional.mse_loss. On purpose different: shapes must be equal, as targets [n]
// against predictions [n, 1] would broadcast to all n n pairs and give a wrong loss without a word.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";

/**
 * Takes mean((predictions - targets)^2).
 *
 * @param predictions a tensor, whatever its shape
 * @param targets a tensor of the same shape
 * @returns a scalar
 * @throws {TypeError} where the shapes differ
 * @example
 * import { meanSquaredError, tensorflow } from "dolab";
 * const tf = tensorflow();
 * meanSquaredError(tf.tensor1d([1, 2]), tf.tensor1d([1, 4])).dataSync()[0]; // => 2
 */
export function meanSquaredError(predictions: Tensor, targets: Tensor): Scalar {
  requireSameShape("compare predictions with targets", predictions, targets);
  return predictions.sub(targets).square().mean();
}

/** @throws {TypeError} where the shapes differ */
export function requireSameShape(action: string, predictions: Tensor, targets: Tensor): void {
  if (predictions.shape.join() === targets.shape.join()) return;
  const cure = predictions.size === targets.size ? `: targets.reshape([${predictions.shape}])?` : "";
  throw new TypeError(
    `Cannot ${action} as both must have one shape: got predictions [${predictions.shape}] and targets [${targets.shape}]${cure}`,
  );
}
