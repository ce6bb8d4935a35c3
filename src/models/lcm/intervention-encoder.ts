// Which variable was intervened on, from how far the mean noise encodings of a pair lie apart (Brehmer et al. 2022,
// arXiv:2203.16437, appendix; "learnable heuristic" in the published code): three scalars make the logits
// [0, alpha + beta |d_i| + gamma d_i^2], where 0 stands for no intervention. Their softmax is lifted by an offset.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { fillVariable, tensorflow } from "../../tensor";

export interface InterventionEncoder {
  alpha: Variable;
  beta: Variable;
  gamma: Variable;
}

/** Makes the parameters, with the published initial values. */
export const createInterventionEncoder = ({
  alpha = -3,
  beta = 15,
  gamma = 15,
} = {}): InterventionEncoder => ({
  alpha: fillVariable([], alpha),
  beta: fillVariable([], beta),
  gamma: fillVariable([], gamma),
});

/**
 * Gives the probabilities of no intervention and of one on each variable.
 *
 * @param encoder such as `interventionEncoder` of an implicit model
 * @param difference the mean encodings after, less those before. [batch, variables]
 * @param offset what is added to each probability before they are divided by their sum; above 0, so that their
 *   logarithms are finite
 * @returns [batch, 1 + variables], no intervention first; each row sums to 1
 * @example
 * import { createIlcm, createRandom, interventionPosterior, tensorflow } from "dolab";
 * const { interventionEncoder } = createIlcm(2, { rng: createRandom(0) });
 * const difference = tensorflow().tensor2d([[0, 0], [0.02, 1]]);
 * interventionPosterior(interventionEncoder, difference, 1e-4).argMax(1).dataSync(); // => [0, 2]
 */
export function interventionPosterior(
  { alpha, beta, gamma }: InterventionEncoder,
  difference: Tensor,
  offset: number | Scalar,
): Tensor {
  const tf = tensorflow();
  const [batch] = difference.shape;
  const distance = difference.mul(difference.sign()); // as |d|, with the gradient 0 at 0: that of tf.abs is -1
  const logits = distance.mul(beta).add(alpha).add(difference.square().mul(gamma));
  const lifted = tf.softmax(tf.concat([tf.zeros([batch, 1]), logits], 1)).add(offset);
  // The sum is 1 + (variables + 1) offset, but dividing by it as a sum centres what goes back through the softmax, which
  // else would round away the small differences of large losses.
  return lifted.div(lifted.sum(1, true));
}
