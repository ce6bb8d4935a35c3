// The loss of a language model: the mean cross-entropy of each next token.
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { crossEntropy, tensorflow } from "../../tensor";

/**
 * Takes the mean cross-entropy of token t + 1 under the logits of position t, in nats.
 *
 * @param logits [batch, time, vocabulary]
 * @param tokens [batch, time], int32, what the logits were computed from
 * @param options.mask [batch, time], 1 (or true) for tokens that count as targets, 0 for others: by default, all count
 * @returns a scalar; NaN where no target counts
 * @throws {RangeError} for fewer than two tokens; {TypeError} where the shapes do not fit
 * @example
 * import { nextTokenLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const tokens = tf.tensor2d([[1, 2, 0]], [1, 3], "int32");
 * const logits = tf.zeros([1, 3, 4]); // each of four tokens is as likely: the loss is log 4
 * nextTokenLoss(logits, tokens).dataSync()[0].toFixed(4); // => "1.3863"
 */
export function nextTokenLoss(logits: Tensor, tokens: Tensor, { mask }: { mask?: Tensor } = {}): Scalar {
  const [batch, time] = tokens.shape;
  if (logits.rank !== 3 || tokens.shape.join() !== logits.shape.slice(0, 2).join()) {
    const rule = `logits [batch, time, vocabulary] go with tokens [batch, time]`;
    throw new TypeError(`Cannot take the loss as ${rule}: got [${logits.shape}] and [${tokens.shape}]`);
  }
  if (mask && mask.shape.join() !== tokens.shape.join())
    throw new TypeError(`Cannot take the loss as the mask must be [${tokens.shape}]: got [${mask.shape}]`);
  if (time < 2) throw new RangeError(`Cannot take the loss as a next token needs at least two: got ${time}`);
  // The last position has no target: a label of 0 that does not count is cheaper than cutting the logits.
  const counts = mask ? mask.cast("float32") : tensorflow().ones([batch, time]);
  const weights = advance(counts); // [batch, time]
  const losses = crossEntropy(logits, advance(tokens)); // [batch, time]
  return losses.mul(weights.div(weights.sum())).sum<Scalar>();
}

/** Each row one position earlier, with a 0 at its end. */
function advance(rows: Tensor): Tensor {
  const [batch, time] = rows.shape;
  const rest = rows.slice([0, 1], [batch, time - 1]) as Tensor2D;
  return tensorflow().concat([rest, tensorflow().zeros([batch, 1], rows.dtype as "int32") as Tensor2D], 1);
}
