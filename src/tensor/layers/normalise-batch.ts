// Two versions of batch normalisation's training step: one in plain operations, one with TensorFlow's fused kernel FusedBatchNormV3
// with its own gradient, which TensorFlow.js has but does not use in training. The same values up to rounding.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

export interface BatchNormalisation {
  /** [channels] */
  weight: Tensor;
  /** [channels] */
  bias: Tensor;
  /** What follows the batch's statistics; each [channels]. */
  running: { mean: Variable; variance: Variable };
  momentum: number;
  epsilon: number;
}

/** @param input [..., channels] */
export function normaliseBatch(input: Tensor, options: BatchNormalisation): Tensor {
  const { weight, bias, running, momentum, epsilon } = options;
  const tf = tensorflow();
  const axes = input.shape.slice(0, -1).map((_, axis) => axis);
  const count = input.size / weight.size;
  const { mean, variance } = tf.moments(input, axes); // [channels]
  tf.tidy(() => {
    follow(running.mean, mean, momentum);
    follow(running.variance, variance.mul(count / (count - 1)), momentum);
  });
  return input.sub(mean).mul(variance.add(epsilon).rsqrt().mul(weight)).add(bias);
}

const follow = (running: Variable, batch: Tensor, momentum: number) =>
  running.assign(running.mul(1 - momentum).add(batch.mul(momentum)));

interface NativeBackend {
  binding: Record<"TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT", number>;
  executeMultipleOutputs(op: string, attributes: object[], inputs: Tensor[], outputs: number): Tensor[];
}

/** The same on the native backend, as one kernel forwards and one backwards. @param input [..., channels] */
export function normaliseBatchFused(input: Tensor, options: BatchNormalisation): Tensor {
  const { weight, bias, running, momentum, epsilon } = options;
  const tf = tensorflow();
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];
  const factor = { name: "exponential_avg_factor", type: binding.TF_ATTR_FLOAT, value: momentum };
  const normalise = tf.customGrad((...given) => {
    const [image, scale, offset] = given as Tensor[];
    const save = given[3] as unknown as (tensors: Tensor[]) => void;
    const inputs = [image, scale, offset, running.mean, running.variance];
    const outputs = backend.executeMultipleOutputs("FusedBatchNormV3", [...attributes, factor], inputs, 6);
    const [value, mean, variance, ...reserved] = outputs;
    running.mean.assign(mean);
    running.variance.assign(variance);
    save([image, scale, ...reserved]);
    return {
      value,
      gradFunc: (upstream: Tensor, saved: Tensor[]) => {
        const given = [upstream, ...saved];
        const gradients = backend.executeMultipleOutputs("FusedBatchNormGradV3", attributes, given, 5);
        return gradients.slice(0, 3).map((gradient) => onlyOnce(gradient, upstream, image, scale));
      },
    };
  });
  const image = input.rank === 4 ? input : input.reshape([-1, 1, 1, input.shape[input.rank - 1]]);
  const result = normalise(image, weight, bias);
  return input.rank === 4 ? result : result.reshape(input.shape);
}

/** Passes a gradient on, and refuses to differentiate it: the kernel's own gradient would be missing without a word. */
function onlyOnce(gradient: Tensor, ...inputs: Tensor[]): Tensor {
  const pass = tensorflow().customGrad((...given) => ({
    value: (given[0] as Tensor).clone(),
    gradFunc: () => {
      const cure = "normalise with the running statistics (training: false)";
      throw new Error(
        `Cannot differentiate a batch normalisation in training twice as its kernel has no such gradient: ${cure}`,
      );
    },
  }));
  return pass(gradient, ...inputs);
}
