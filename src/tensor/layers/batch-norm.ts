// Batch normalisation (Ioffe & Szegedy 2015) of the last axis: torch.nn.BatchNorm1d and 2d. Running statistics are
// variables: running = (1 - momentum) running + momentum batch, with the unbiased variance of the batch, though rows
// are divided by the biased one. PyTorch's num_batches_tracked is left out: nothing depends on it.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { fillVariable } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";
import { normaliseBatch, normaliseBatchFused } from "./normalise-batch";

export interface BatchNormParameters {
  /** [channels] */
  weight: Tensor;
  /** [channels] */
  bias: Tensor;
  /** [channels] */
  running_mean: Variable;
  /** [channels] */
  running_var: Variable;
}

/**
 * Makes the parameters of a batch normalisation, weight 1 and bias 0, and its running statistics, mean 0 and variance 1.
 *
 * @param channels length of the input's last axis
 * @example
 * import { batchNorm, createBatchNorm, tensorflow } from "dolab";
 * const layer = createBatchNorm(1);
 * const [[low]] = batchNorm(layer, tensorflow().tensor2d([[1], [3]]), { training: true }).arraySync();
 * low.toFixed(3); // => "-1.000"
 * layer.running_mean.dataSync()[0].toFixed(3); // => "0.200"
 */
export function createBatchNorm(channels: number) {
  requireLayer("a batch normalisation", { channels });
  return {
    weight: fillVariable([channels], 1),
    bias: fillVariable([channels], 0),
    running_mean: fillVariable([channels], 0, { trainable: false }),
    running_var: fillVariable([channels], 1, { trainable: false }),
  };
}

/**
 * Brings each channel to mean 0 and variance 1, then scales and shifts it.
 *
 * In training these are the statistics of the batch, which the running ones follow; else the running ones are used.
 *
 * @param parameters of `createBatchNorm`
 * @param input [..., channels]; images have their channels last
 * @param options.training which statistics are used
 * @param options.momentum the weight of the newest batch in the running statistics
 * @param options.epsilon is added to the variance
 * @returns [..., channels]
 * @throws {RangeError} where training has one value per channel, whose variance nobody knows;
 *   {Error} for second derivatives in training on the native backend
 * @example
 * import { batchNorm, createBatchNorm, tensorflow } from "dolab";
 * const [[value]] = batchNorm(createBatchNorm(1), tensorflow().tensor2d([[3]]), { training: false, epsilon: 0 }).arraySync();
 * value; // => 3
 */
export function batchNorm(
  parameters: BatchNormParameters,
  input: Tensor,
  { training, momentum = 0.1, epsilon = 1e-5 }: { training: boolean; momentum?: number; epsilon?: number },
): Tensor {
  requireLayerCall(
    "batchNorm(layer, input, { training })",
    parameters,
    ["weight", "bias", "running_mean", "running_var"],
    input,
  );
  const { weight, bias, running_mean, running_var } = parameters;
  if (!training) {
    const scale = weight.mul(running_var.add(epsilon).rsqrt()); // [channels]
    return input.mul(scale).add(bias.sub(running_mean.mul(scale)));
  }
  if (!(input.size > weight.size)) {
    const rule = "training needs more than one value per channel";
    throw new RangeError(`Cannot normalise a batch as ${rule}: got [${input.shape}]`);
  }
  const running = { mean: running_mean, variance: running_var };
  const fused = tensorflow().getBackend() === "tensorflow";
  return (fused ? normaliseBatchFused : normaliseBatch)(input, { weight, bias, running, momentum, epsilon });
}
