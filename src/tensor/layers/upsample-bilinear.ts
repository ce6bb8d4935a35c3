// Images of twice the height and width, by linear interpolation between the centres of pixels:
// torch.nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False). TensorFlow.js's own resizeBilinear computes this too,
// with half-pixel centres, but its gradient leaves them out and is that of another map: here it is the right one.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { nativeBackend } from "../compile/native-backend";

/**
 * Doubles images.
 *
 * @param input [batch, height, width, channels]
 * @returns [batch, 2 height, 2 width, channels]
 * @throws {TypeError} where the input is no batch of images
 * @example
 * import { tensorflow, upsampleBilinear } from "dolab";
 * const row = tensorflow().tensor4d([0, 4], [1, 1, 2, 1]);
 * upsampleBilinear(row).dataSync(); // => [0, 1, 3, 4, 0, 1, 3, 4]
 */
export function upsampleBilinear(input: Tensor): Tensor4D {
  if (input.rank !== 4)
    throw new TypeError(
      `Cannot enlarge images as they must be [batch, height, width, channels]: got [${input.shape}]`,
    );
  return (nativeBackend() ? enlarge(input) : upsampleBilinearPlain(input)) as Tensor4D;
}

/** The same in plain operations: an even row is a quarter of the row before and three quarters of its own, an odd one of the next. */
export function upsampleBilinearPlain(input: Tensor): Tensor {
  const tf = tensorflow();
  const double = (maps: Tensor, axis: 1 | 2): Tensor => {
    const { shape } = maps;
    const length = shape[axis] as number;
    const part = (from: number, count: number) =>
      maps.slice(
        shape.map((_, i) => (i === axis ? from : 0)),
        shape.map((size, i) => (i === axis ? count : size)),
      );
    const before = tf.concat([part(0, 1), part(0, length - 1)], axis); // the edge is repeated
    const after = tf.concat([part(1, length - 1), part(length - 1, 1)], axis);
    const own = maps.mul(0.75);
    const both = tf.stack([own.add(before.mul(0.25)), own.add(after.mul(0.25))], axis + 1);
    return both.reshape(shape.map((size, i) => (i === axis ? 2 * size : size)));
  };
  return double(double(input, 1), 2);
}

/** By TensorFlow's kernel; its gradient is `reduce`, whose gradient is this again. */
function enlarge(input: Tensor): Tensor {
  const [batch, height, width, channels] = input.shape;
  const tf = tensorflow();
  const operation = tf.customGrad((...given) => {
    const size = tf.tensor1d([2 * height, 2 * width], "int32");
    const value = runKernel("ResizeBilinear", [given[0] as Tensor, size]);
    return {
      value,
      gradFunc: (upstream: Tensor) => reduce(upstream, [batch, height, width, channels]),
    };
  });
  return operation(input);
}

/** The transposed map. @param shape of what was enlarged */
function reduce(upstream: Tensor, shape: number[]): Tensor {
  const tf = tensorflow();
  const operation = tf.customGrad((...given) => ({
    value: runKernel("ResizeBilinearGrad", [given[0] as Tensor, tf.zeros(shape)]),
    gradFunc: (next: Tensor) => enlarge(next),
  }));
  return operation(upstream);
}

function runKernel(op: string, inputs: Tensor[]): Tensor {
  const backend = nativeBackend()!;
  const { TF_ATTR_TYPE: type, TF_ATTR_BOOL: flag, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: "T", type, value: TF_FLOAT },
    { name: "align_corners", type: flag, value: false },
    { name: "half_pixel_centers", type: flag, value: true },
  ];
  return backend.executeMultipleOutputs(op, attributes, inputs, 1)[0];
}
