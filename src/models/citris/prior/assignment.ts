// The assignment ψ of latents to causal factors (Lippe et al. 2022, arXiv:2202.03169, section 4.2): for each latent a
// categorical distribution over the factors and, last, ψ_0, what no intervention changes. Drawn by Gumbel-softmax (Jang et
// al. 2017): one-hot, with the gradient of the softmax.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import { statelessUniform, tensorflow } from "../../../tensor";
import { straightThrough } from "../../lcm/straight-through";

/** Below the smallest distance between float32 numbers at 1, so that no logarithm is infinite. */
const LEAST_UNIFORM = 1e-20;

/**
 * Draws an assignment for each row.
 *
 * @param logits [latents, factors + 1]
 * @param rows how many
 * @param options.temperature above 0; the smaller, the nearer the gradient is to that of the one-hot draw
 * @param options.seed int32 [2]
 * @returns one-hot, [rows, latents, factors + 1]
 */
export function sampleAssignment(
  logits: Tensor,
  rows: number,
  { temperature = 1, seed }: { temperature?: number | Tensor; seed: Tensor1D },
): Tensor3D {
  const tf = tensorflow();
  const [latents, sets] = logits.shape;
  const uniform = statelessUniform([rows, latents, sets], seed).maximum(LEAST_UNIFORM);
  const gumbel = uniform.log().neg().maximum(LEAST_UNIFORM).log().neg();
  const soft = logits.add(gumbel).div(temperature).softmax(); // [rows, latents, sets]
  const hard = tf.oneHot(soft.argMax(-1).toInt(), sets).cast("float32");
  return straightThrough(hard, soft) as Tensor3D;
}

/** The likeliest factor of each latent; factors + 1 sets, the last of them ψ_0. @returns int32 [latents] */
export const likeliestAssignment = (logits: Tensor): Tensor1D => logits.argMax<Tensor1D>(-1).toInt();

/** The likeliest assignment as one-hot rows. @returns [latents, factors + 1] */
export const hardAssignment = (logits: Variable | Tensor): Tensor2D =>
  tensorflow().oneHot(likeliestAssignment(logits), logits.shape[1]!).cast("float32") as Tensor2D;

/**
 * Says which set each latent most likely belongs to: 0 to factors - 1, or `factors` for ψ_0.
 *
 * @param prior such as `prior` of a model: its logits are [latents, factors + 1]
 * @returns int32 [latents]
 * @example
 * import { targetAssignment, tensorflow } from "dolab";
 * const logits = tensorflow().tensor2d([[4, 0, 0], [0, 0, 4]]); // two latents, two factors and ψ_0
 * targetAssignment({ logits }).dataSync(); // => [0, 2]
 */
export const targetAssignment = ({ logits }: { logits: Tensor }): Tensor1D => likeliestAssignment(logits);
