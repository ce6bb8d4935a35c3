// Rectifiers with TensorFlow's own gradient kernels: the derivative that TensorFlow.js makes of half a dozen operations
// takes three times as long, several per cent of a convolutional network's step. Differentiable as often as one likes.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { nativeBackend } from "../compile/native-backend";

type Save = (tensors: Tensor[]) => void;

/**
 * Takes max(x, 0) of each element; its derivative at 0 is 0, as PyTorch's.
 *
 * @param input a tensor, whatever its shape
 * @example
 * import { relu, tensorflow } from "dolab";
 * relu(tensorflow().tensor1d([-1, 2])).dataSync(); // => [0, 2]
 */
export function relu<Input extends Tensor>(input: Input): Input {
  const tf = tensorflow();
  if (!nativeBackend()) return tf.relu(input);
  const rectify = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [Tensor, Save];
    const value = runKernel("Relu", [x]);
    save([value]);
    return { value, gradFunc: (upstream: Tensor, [value]: Tensor[]) => passWherePositive(upstream, value) };
  });
  return rectify(input) as Input;
}

/** The upstream gradient where `value` is positive, else 0: linear in the one and constant in the other. */
function passWherePositive(upstream: Tensor, value: Tensor): Tensor {
  const pass = tensorflow().customGrad((...given) => {
    const [upstream, value, save] = given as unknown as [Tensor, Tensor, Save];
    save([value]);
    return {
      value: runKernel("ReluGrad", [upstream, value]),
      gradFunc: (next: Tensor, [value]: Tensor[]) => [passWherePositive(next, value), value.zerosLike()],
    };
  });
  return pass(upstream, value);
}

/**
 * Keeps x where it is positive, and else takes slope x: torch.nn.functional.leaky_relu.
 *
 * @param input a tensor, whatever its shape
 * @param slope below 0, above 0 itself so that the result has the input's sign; 0.01 as in PyTorch
 * @throws {RangeError} where the slope is not above 0
 * @example
 * import { leakyRelu, tensorflow } from "dolab";
 * leakyRelu(tensorflow().tensor1d([-1, 2]), 0.5).dataSync(); // => [-0.5, 2]
 */
export function leakyRelu<Input extends Tensor>(input: Input, slope = 0.01): Input {
  if (!(slope > 0)) throw new RangeError(`Cannot rectify as the slope below 0 must be above 0: got ${slope}`);
  const tf = tensorflow();
  if (!nativeBackend()) return tf.leakyRelu(input, slope);
  const rectify = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [Tensor, Save];
    const value = runKernel("LeakyRelu", [x], slope);
    save([value]);
    return { value, gradFunc: (upstream: Tensor, [value]: Tensor[]) => passLeaky(upstream, value, slope) };
  });
  return rectify(input) as Input;
}

/** The upstream gradient where `value` is positive, else slope times it. */
function passLeaky(upstream: Tensor, value: Tensor, slope: number): Tensor {
  const pass = tensorflow().customGrad((...given) => {
    const [upstream, value, save] = given as unknown as [Tensor, Tensor, Save];
    save([value]);
    return {
      value: runKernel("LeakyReluGrad", [upstream, value], slope),
      gradFunc: (next: Tensor, [value]: Tensor[]) => [passLeaky(next, value, slope), value.zerosLike()],
    };
  });
  return pass(upstream, value);
}

/**
 * Takes x sigmoid(x) of each element (SiLU or swish, Elfwing et al. 2018): torch.nn.functional.silu.
 *
 * @param input a tensor, whatever its shape
 * @example
 * import { silu, tensorflow } from "dolab";
 * silu(tensorflow().scalar(0)).dataSync()[0]; // => 0
 */
export const silu = <Input extends Tensor>(input: Input): Input => input.mul(input.sigmoid());

function runKernel(op: string, inputs: Tensor[], alpha?: number): Tensor {
  const backend = nativeBackend()!;
  const { TF_ATTR_TYPE: type, TF_ATTR_FLOAT: real, TF_FLOAT: value } = backend.binding;
  const attributes = [
    { name: "T", type, value },
    ...(alpha === undefined ? [] : [{ name: "alpha", type: real, value: alpha }]),
  ];
  return backend.executeMultipleOutputs(op, attributes, inputs, 1)[0];
}
