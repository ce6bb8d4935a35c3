// The rectifier with TensorFlow's own gradient kernel: the derivative that TensorFlow.js makes of half a dozen operations
// takes three times as long, several per cent of a convolutional network's step. Differentiable as often as one likes.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { nativeBackend } from "../compile/native-backend";

type Save = (tensors: Tensor[]) => void;

/**
 * max(x, 0); its derivative at 0 is 0, as PyTorch's.
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
 * x sigmoid(x) (SiLU or swish, Elfwing et al. 2018): torch.nn.functional.silu.
 *
 * @param input a tensor, whatever its shape
 * @example
 * import { silu, tensorflow } from "dolab";
 * silu(tensorflow().scalar(0)).dataSync()[0]; // => 0
 */
export const silu = <Input extends Tensor>(input: Input): Input => input.mul(input.sigmoid());

function runKernel(op: string, inputs: Tensor[]): Tensor {
  const backend = nativeBackend()!;
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding;
  return backend.executeMultipleOutputs(op, [{ name: "T", type, value }], inputs, 1)[0];
}
