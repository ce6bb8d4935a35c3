// Random tensors as a pure function of a seed tensor, for eager code and compiled steps alike: TensorFlow's stateless
// ops on the native backend (the same numbers with and without XLA, as XLA leaves them out), philox.ts on the others.
import type { Rank, ShapeMap, Tensor } from "@tensorflow/tfjs-node";
import { refuseSurplus } from "../../io/known-options";
import { tensorflow } from "../backend";
import { nativeBackend } from "./native-backend";
import { type Distribution, philoxSample } from "./philox";

const ops: Record<Distribution, string> = {
  uniform: "StatelessRandomUniform",
  normal: "StatelessRandomNormal",
  truncatedNormal: "StatelessTruncatedNormal",
};

/**
 * Draws float32 numbers uniformly from [0, 1).
 *
 * @param shape the shape that the result gets
 * @param seed int32 [2]; the same seed gives the same numbers, so pass another one in each call
 * @throws {TypeError} where the seed is not an int32 tensor of shape [2]
 * @example
 * import { statelessUniform, tensorflow } from "dolab";
 * const seed = tensorflow().tensor1d([7, 0], "int32");
 * const same = statelessUniform([3], seed).sub(statelessUniform([3], seed)).abs().max().dataSync()[0]; // => 0
 */
export function statelessUniform<R extends Rank>(
  shape: ShapeMap[R],
  seed: Tensor,
  ...surplus: never[]
): Tensor<R> {
  refuseSurplus("statelessUniform(shape, seed)", surplus);
  return draw("uniform", shape, seed);
}

/**
 * Draws float32 numbers from the standard normal distribution.
 *
 * @param shape the shape that the result gets
 * @param seed int32 [2]; the same seed gives the same numbers, so pass another one in each call
 * @throws {TypeError} where the seed is not an int32 tensor of shape [2]
 * @example
 * import { statelessNormal, tensorflow } from "dolab";
 * const seed = tensorflow().tensor1d([7, 0], "int32");
 * statelessNormal([2, 3], seed).shape; // => [2, 3]
 */
export function statelessNormal<R extends Rank>(
  shape: ShapeMap[R],
  seed: Tensor,
  ...surplus: never[]
): Tensor<R> {
  refuseSurplus("statelessNormal(shape, seed)", surplus);
  return draw("normal", shape, seed);
}

/**
 * Draws float32 numbers from the standard normal distribution cut off at -2 and 2.
 *
 * @param shape the shape that the result gets
 * @param seed int32 [2]; the same seed gives the same numbers, so pass another one in each call
 * @throws {TypeError} where the seed is not an int32 tensor of shape [2]
 * @example
 * import { statelessTruncatedNormal, tensorflow } from "dolab";
 * const seed = tensorflow().tensor1d([7, 0], "int32");
 * statelessTruncatedNormal([2, 3], seed).shape; // => [2, 3]
 */
export function statelessTruncatedNormal<R extends Rank>(
  shape: ShapeMap[R],
  seed: Tensor,
  ...surplus: never[]
): Tensor<R> {
  refuseSurplus("statelessTruncatedNormal(shape, seed)", surplus);
  return draw("truncatedNormal", shape, seed);
}

function draw<R extends Rank>(distribution: Distribution, shape: ShapeMap[R], seed: Tensor): Tensor<R> {
  const tf = tensorflow();
  if (seed?.dtype !== "int32" || seed.shape.join() !== "2") {
    const got = seed?.shape ? `${seed.dtype} [${seed.shape}]` : `${seed}`;
    throw new TypeError(
      `Cannot draw random numbers as the seed must be an int32 tensor of shape [2]: got ${got}`,
    );
  }
  const backend = nativeBackend();
  if (!backend) {
    const count = tf.util.sizeFromShape(shape);
    return tf.tensor(philoxSample(distribution, seed.dataSync(), count), shape, "float32");
  }
  const { TF_FLOAT, TF_INT32, TF_ATTR_TYPE: type } = backend.binding;
  const attributes = [
    { name: "dtype", type, value: TF_FLOAT },
    { name: "T", type, value: TF_INT32 },
    { name: "Tseed", type, value: TF_INT32 },
  ];
  return tf.tidy(() => {
    const size = tf.tensor1d(shape as number[], "int32");
    return backend.executeMultipleOutputs(ops[distribution], attributes, [size, seed], 1)[0] as Tensor<R>;
  });
}
