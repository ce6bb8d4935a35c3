// Convolution of images, torch.nn.Conv2d, with TensorFlow's layouts: images [batch, height, width, channels], weights
// [height, width, inputs, outputs]. Padding is PyTorch's: so many zeros on every side, also where a stride leaves
// "same" padding lopsided.
import type { Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../backend";
import { drawVariable, fanInUniform } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface ConvolutionParameters<Value extends Tensor = Tensor> {
  /** [height, width, inputs, outputs] */
  weight: Value;
  /** [outputs] */
  bias?: Value;
}

/**
 * Makes the parameters of a convolution with a square kernel.
 *
 * @param inputs channels of the images
 * @param outputs channels of the result
 * @param options.kernel height and width of the kernel
 * @param options.rng draws the initial values
 * @param options.bias whether it has one: by default, yes
 * @param options.draw draws each element: by default as PyTorch, U(-1/sqrt(fanIn), 1/sqrt(fanIn))
 * @example
 * import { convolution, createConvolution, createRandom, tensorflow } from "dolab";
 * const layer = createConvolution(3, 8, { kernel: 3, rng: createRandom(1) });
 * convolution(layer, tensorflow().zeros([2, 16, 16, 3]), { stride: 2, padding: 1 }).shape; // => [2, 8, 8, 8]
 */
export function createConvolution(
  inputs: number,
  outputs: number,
  options: { kernel: number; rng: Random; bias?: boolean; draw?: () => number },
): ConvolutionParameters<Variable> {
  const kernel = options?.kernel;
  requireLayer("a convolution", { inputs, outputs, kernel }, options, ["kernel", "rng", "bias", "draw"]);
  const { rng, bias = true, draw = fanInUniform(inputs * kernel * kernel, rng) } = options;
  const weight = drawVariable([kernel, kernel, inputs, outputs], draw);
  return bias ? { weight, bias: drawVariable([outputs], draw) } : { weight };
}

/**
 * Convolves images (cross-correlation, as all libraries of the field).
 *
 * @param parameters what `createConvolution` makes
 * @param input [batch, height, width, inputs]
 * @param options.stride from 1
 * @param options.padding zeros on every side, from 0
 * @returns [batch, height', width', outputs], height' = floor((height + 2 padding - kernel) / stride) + 1
 * @throws {TypeError} where the channels differ; {RangeError} where the padded image is smaller than the kernel
 * @example
 * import { convolution, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const weight = tf.ones([2, 2, 1, 1]); // sums of four pixels
 * convolution({ weight }, tf.ones([1, 2, 2, 1])).dataSync(); // => [4]
 */
export function convolution(
  parameters: ConvolutionParameters,
  input: Tensor,
  { stride = 1, padding = 0 }: { stride?: number; padding?: number } = {},
): Tensor4D {
  requireLayerCall("convolution(layer, input)", parameters, ["weight"], input);
  const { weight, bias } = parameters;
  const [height, width, inputs] = weight.shape;
  const { shape } = input as { shape: number[] };
  if (shape.length !== 4 || shape[3] !== inputs) {
    const rule = `weight [${weight.shape}] takes images [batch, height, width, ${inputs}]`;
    throw new TypeError(`Cannot convolve as ${rule}: got [${shape}]`);
  }
  if (shape[1] + 2 * padding < height || shape[2] + 2 * padding < width) {
    const rule = `the image with its padding of ${padding} must hold the kernel of ${height} x ${width}`;
    throw new RangeError(`Cannot convolve as ${rule}: got [${shape}]`);
  }
  const tf = tensorflow();
  const same = stride === 1 && height === width && 2 * padding === height - 1;
  const sides: [number, number][] = [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ];
  const image = (same || padding === 0 ? input : input.pad(sides)) as Tensor4D;
  const result = tf.conv2d(image, weight as Tensor4D, stride, same ? "same" : "valid");
  return bias ? result.add(bias) : result;
}

/**
 * Turns PyTorch's weight [outputs, inputs, height, width] into ours [height, width, inputs, outputs].
 *
 * @param weight PyTorch's, of a convolution or a transposed one
 * @example
 * import { fromPyTorchWeight, tensorflow } from "dolab";
 * fromPyTorchWeight(tensorflow().zeros([8, 3, 5, 5])).shape; // => [5, 5, 3, 8]
 */
export const fromPyTorchWeight = (weight: Tensor): Tensor4D => weight.transpose([2, 3, 1, 0]);

/**
 * Turns our weight [height, width, inputs, outputs] into PyTorch's [outputs, inputs, height, width].
 *
 * @param weight ours
 * @example
 * import { toPyTorchWeight, tensorflow } from "dolab";
 * toPyTorchWeight(tensorflow().zeros([5, 5, 3, 8])).shape; // => [8, 3, 5, 5]
 */
export const toPyTorchWeight = (weight: Tensor): Tensor4D => weight.transpose([3, 2, 0, 1]);
