// The cross-entropy of a softmax with integer labels, torch.nn.functional.cross_entropy(reduction="none"): in plain
// operations, and as TensorFlow's kernel SparseSoftmaxCrossEntropyWithLogits, which gives loss and gradient at once and
// which TensorFlow.js does not use. The same values up to rounding.
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { nativeBackend } from "../compile/native-backend";

/**
 * Takes -log softmax(logits)[label] of each row, in nats.
 *
 * On the native backend labels out of range are an error of the op; elsewhere they are not checked, as a traced step must
 * not read them, and count as logits of 0.
 *
 * @param logits [..., classes]
 * @param labels [...], int32, each from 0 to below the number of classes
 * @returns [...]
 * @throws {TypeError} for labels that are not int32 or not of the logits' leading shape
 * @example
 * import { crossEntropy, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const loss = crossEntropy(tf.zeros([1, 4]), tf.tensor1d([2], "int32"));
 * Math.abs(loss.dataSync()[0] - Math.log(4)) < 1e-6; // => true
 */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const leading = logits.shape.slice(0, -1);
  if (labels.dtype !== "int32" || logits.rank === 0 || labels.shape.join() !== leading.join()) {
    const rule = `logits [${logits.shape}] take int32 labels [${leading}]`;
    throw new TypeError(`Cannot compare with labels as ${rule}: got ${labels.dtype} [${labels.shape}]`);
  }
  const classes = logits.shape[logits.rank - 1];
  const rows = logits.reshape<Tensor2D>([-1, classes]);
  const compare = nativeBackend() ? crossEntropyFused : crossEntropyPlain;
  return compare(rows, labels.flatten()).reshape(leading);
}

/** @param logits [rows, classes] @param labels [rows] */
export function crossEntropyPlain(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const tf = tensorflow();
  const compare = tf.customGrad((...given) => {
    const [rows] = given as Tensor[];
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    const targets = tf.oneHot(labels, rows.shape[1] as number); // [rows, classes]
    save([rows, targets]);
    return {
      value: tf.logSumExp(rows, -1).sub(rows.mul(targets).sum(-1)),
      gradFunc: (upstream: Tensor, saved: Tensor[]) =>
        saved[0].softmax().sub(saved[1]).mul(upstream.expandDims(-1)),
    };
  });
  return compare(logits) as Tensor1D;
}

/** The same on the native backend, as one kernel. @param logits [rows, classes] @param labels [rows] */
export function crossEntropyFused(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const tf = tensorflow();
  const backend = nativeBackend()!;
  const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
  const attributes = [
    { name: "T", type, value: TF_FLOAT },
    { name: "Tlabels", type, value: TF_INT32 },
  ];
  const compare = tf.customGrad((...given) => {
    const [rows] = given as Tensor[];
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    const inputs = [rows, labels];
    const outputs = backend.executeMultipleOutputs(
      "SparseSoftmaxCrossEntropyWithLogits",
      attributes,
      inputs,
      2,
    );
    const [value, residual] = outputs; // [rows], [rows, classes]: softmax(logits) - oneHot(labels)
    save([rows, residual]);
    return {
      value,
      gradFunc: (upstream: Tensor, [saved, known]: Tensor[]) =>
        residualOf(saved, known).mul(upstream.expandDims(-1)),
    };
  });
  return compare(logits) as Tensor1D;
}

/** The residual softmax(logits) - oneHot(labels), known already, as a function of the logits: for second derivatives. */
function residualOf(logits: Tensor, known: Tensor): Tensor {
  const residual = tensorflow().customGrad((...given) => {
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    save([given[0] as Tensor]);
    return {
      value: known.clone(),
      gradFunc: (upstream: Tensor, [rows]: Tensor[]) => {
        const probabilities = rows.softmax();
        return probabilities.mul(upstream.sub(probabilities.mul(upstream).sum(-1, true)));
      },
    };
  });
  return residual(logits);
}
