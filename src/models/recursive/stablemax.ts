// Stablemax (Prieto et al. 2025, "Grokking at the Edge of Numerical Stability"): s(x) / sum s with s(x) = x + 1 from 0 on and
// 1 / (1 - x) below, in place of softmax. The published loss is computed in float64, ours in float32.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

/** The label of a cell that does not count. */
export const ignoredLabel = -100;

/** s(x). Its derivative is 1 / (1 - min(x, 0))^2. */
function stableExponential(input: Tensor): Tensor {
  const tf = tensorflow();
  const below = (x: Tensor) => tf.sub(1, tf.minimum(x, 0)).reciprocal(); // 1 / (1 - x) below 0, else 1
  const map = tf.customGrad((...given) => {
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    const x = given[0] as Tensor;
    save([x]);
    return {
      value: tf.relu(x).add(below(x)),
      gradFunc: (upstream: Tensor, [saved]: Tensor[]) => upstream.mul(below(saved).square()),
    };
  });
  return map(input);
}

/**
 * Makes shares of logits: s(x) / sum of s(x) over the last axis.
 *
 * @param logits [..., classes]
 * @returns above 0, summing to 1 over the last axis; of the same shape
 * @example
 * import { stablemax, tensorflow } from "dolab";
 * stablemax(tensorflow().tensor1d([1, 0, 0])).dataSync(); // => [0.5, 0.25, 0.25]
 */
export function stablemax(logits: Tensor): Tensor {
  const terms = stableExponential(logits);
  return terms.div(terms.sum(-1, true));
}

/**
 * Takes -log stablemax(logits)[label] of each cell, in nats; 0 where the label is `ignoredLabel`.
 *
 * @param logits [..., classes]
 * @param labels [...], int32; each a class or `ignoredLabel`, which is not checked, as a traced step must not read them
 * @returns [...]
 * @example
 * import { ignoredLabel, stablemaxCrossEntropy, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const logits = tf.tensor2d([[1, 0, 0], [1, 0, 0]]);
 * const losses = stablemaxCrossEntropy(logits, tf.tensor1d([0, ignoredLabel], "int32")).arraySync();
 * losses.map((loss) => loss.toFixed(4)); // => ["0.6931", "0.0000"]
 */
export function stablemaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const tf = tensorflow();
  const classes = logits.shape[logits.rank - 1] as number;
  const chosen = tf.oneHot(labels.cast("int32"), classes); // [..., classes]; a row of zeros for an ignored label
  const terms = stableExponential(logits);
  const counts = labels.greaterEqual(0).cast("float32");
  const own = terms.mul(chosen).sum(-1).add(tf.sub(1, counts)); // 1 where ignored, whose logarithm is 0
  return terms.sum(-1).log().mul(counts).sub(own.log());
}
