// The mixed gradient of source document 000: two gradients, each divided by its own global norm, and a weighted mean of
// their directions, g = (1 - lambda) g_s / (|g_s| + 1e-12) + lambda g_v / (|g_v| + 1e-12).
import type { NamedTensorMap, Scalar, Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../tensor";

const ADDED_TO_NORM = 1e-12;

/** The norm of all gradients together, as one vector. */
export function globalNorm(gradients: readonly Tensor[]): Scalar {
  const squares = gradients.map((gradient) => gradient.square().sum());
  return tensorflow().addN(squares).sqrt() as Scalar;
}

/**
 * Mixes the directions of two gradients.
 *
 * @param noisy gradients g_s by name
 * @param clean gradients g_v by the same names
 * @param cleanNorm the norm of all of `clean` together
 * @param lambda the weight of the clean direction, from 0 to 1
 * @returns the mixed gradients, the norm of the noisy ones, and the cosine of the angle between the two (0 where one of
 *   them is zero)
 */
export function mixGradients(
  noisy: NamedTensorMap,
  clean: NamedTensorMap,
  cleanNorm: Scalar,
  lambda: Scalar,
): { mixed: NamedTensorMap; noisyNorm: Scalar; cosine: Scalar } {
  const tf = tensorflow();
  const names = Object.keys(noisy);
  const noisyNorm = globalNorm(Object.values(noisy));
  const [perNoisy, perClean] = [noisyNorm, cleanNorm].map((norm) => norm.add(ADDED_TO_NORM).reciprocal());
  const product = tf.addN(names.map((name) => noisy[name].mul(clean[name]).sum()));
  const [noisyFactor, cleanFactor] = [tf.sub(1, lambda).mul(perNoisy), lambda.mul(perClean)];
  return {
    mixed: Object.fromEntries(
      names.map((name) => [name, noisy[name].mul(noisyFactor).add(clean[name].mul(cleanFactor))]),
    ),
    noisyNorm,
    cosine: product.mul(perNoisy).mul(perClean) as Scalar,
  };
}
