// The loss of one ACT step: the mean stablemax cross-entropy of a sequence's cells, and half the binary cross-entropies of the
// halting head, which learns whether the answer is right, and of the continuing head, which learns what comes of one step more.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { tensorflow, withoutGradient } from "../../tensor";
import { stablemaxCrossEntropy } from "./stablemax";

export interface ActLoss {
  /** The loss of each sequence. [batch] */
  loss: Tensor;
  /** 1 where every cell that counts is right, else 0. [batch] */
  exact: Tensor;
}

/**
 * Evaluates the loss of one ACT step of each sequence.
 *
 * @param logits [batch, cells, vocabulary]
 * @param halting logits of halting and continuing. [batch, 2]
 * @param labels int32, `ignoredLabel` where a cell does not count. [batch, cells]
 * @param continueTarget what the continuing head learns, from 0 to 1; without it, it learns nothing. [batch]
 * @returns the loss, in nats, and whether every cell that counts is right; both [batch]
 * @example
 * import { actLoss, ignoredLabel, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const logits = tf.tensor3d([[[9, 0], [0, 9]], [[9, 0], [0, 9]]]);
 * const labels = tf.tensor2d([[0, 1], [1, ignoredLabel]], [2, 2], "int32");
 * actLoss(logits, tf.zeros([2, 2]), labels).exact.dataSync(); // => [1, 0]
 */
export function actLoss(
  logits: Tensor3D,
  halting: Tensor2D,
  labels: Tensor2D,
  continueTarget?: Tensor,
): ActLoss {
  const tf = tensorflow();
  const counted = labels.greaterEqual(0);
  const counts = counted.cast("float32").sum(-1);
  const isExact = (values: Tensor) => {
    const right = values.argMax(-1).cast("int32").equal(labels).logicalAnd(counted);
    return right.cast("float32").sum(-1).equal(counts).cast("float32");
  };
  const exact = withoutGradient(isExact, logits);
  const answer = stablemaxCrossEntropy(logits, labels).sum(-1).div(tf.maximum(counts, 1));
  const head = (column: number) => halting.slice([0, column], [-1, 1]).flatten();
  let halts = binaryCrossEntropy(head(0), exact);
  if (continueTarget) halts = halts.add(binaryCrossEntropy(head(1), continueTarget));
  return { loss: answer.add(halts.mul(0.5)), exact };
}

/** log(1 + e^x) - x target, for a logit x. */
const binaryCrossEntropy = (logit: Tensor, target: Tensor) => logit.softplus().sub(logit.mul(target));
