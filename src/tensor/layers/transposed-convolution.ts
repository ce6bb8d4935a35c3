// Transposed convolution of images (Zeiler et al. 2010), torch.nn.ConvTranspose2d without groups and dilation: the
// gradient of a convolution with respect to its image. Weights are [height, width, outputs, inputs], as TensorFlow's
// kernel wants them; PyTorch's [inputs, outputs, height, width] is the same permutation away as a convolution's, so
// `fromPyTorchWeight`, `toPyTorchWeight` and state dicts hold for both.
import type { Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../backend";
import { drawVariable, fanInUniform } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface TransposedConvolutionParameters<Value extends Tensor = Tensor> {
  /** [height, width, outputs, inputs] */
  weight: Value;
  /** [outputs] */
  bias?: Value;
}

/**
 * Makes the parameters of a transposed convolution with a square kernel.
 *
 * @param inputs channels of the images
 * @param outputs channels of the result
 * @param options.kernel height and width of the kernel
 * @param options.rng draws the initial values
 * @param options.bias whether it has one: by default, yes
 * @param options.draw draws each element: by default as PyTorch, whose fan-in is here outputs kernel^2, that of the
 *   convolution which is transposed
 * @example
 * import { createRandom, createTransposedConvolution, tensorflow, transposedConvolution } from "dolab";
 * const layer = createTransposedConvolution(3, 8, { kernel: 4, rng: createRandom(1) });
 * const options = { stride: 2, padding: 1 };
 * transposedConvolution(layer, tensorflow().zeros([2, 4, 4, 3]), options).shape; // => [2, 8, 8, 8]
 */
export function createTransposedConvolution(
  inputs: number,
  outputs: number,
  options: { kernel: number; rng: Random; bias?: boolean; draw?: () => number },
): TransposedConvolutionParameters<Variable> {
  const kernel = options?.kernel;
  requireLayer("a transposed convolution", { inputs, outputs, kernel }, options, [
    "kernel",
    "rng",
    "bias",
    "draw",
  ]);
  const { rng, bias = true, draw = fanInUniform(outputs * kernel * kernel, rng) } = options;
  const weight = drawVariable([kernel, kernel, outputs, inputs], draw);
  return bias ? { weight, bias: drawVariable([outputs], draw) } : { weight };
}

export interface TransposedConvolutionOptions {
  /** How far apart neighbours come to lie, from 1. */
  stride?: number;
  /** How much is cut off every side, from 0. */
  padding?: number;
  /** Rows and columns added below and to the right, from 0 and below the stride. */
  outputPadding?: number;
}

/**
 * Spreads each pixel over a kernel's area and sums where areas overlap.
 *
 * @param parameters what `createTransposedConvolution` makes
 * @param input [batch, height, width, inputs]
 * @param options stride and padding, see `TransposedConvolutionOptions`
 * @returns [batch, height', width', outputs], height' = (height - 1) stride - 2 padding + kernel + outputPadding
 * @throws {TypeError} where the channels differ; {RangeError} where an option is out of its range or no pixel is left
 * @example
 * import { tensorflow, transposedConvolution } from "dolab";
 * const tf = tensorflow();
 * const weight = tf.ones([2, 2, 1, 1]); // each pixel becomes four
 * transposedConvolution({ weight }, tf.ones([1, 1, 1, 1]), { stride: 2 }).dataSync(); // => [1, 1, 1, 1]
 */
export function transposedConvolution(
  parameters: TransposedConvolutionParameters,
  input: Tensor,
  { stride = 1, padding = 0, outputPadding = 0 }: TransposedConvolutionOptions = {},
): Tensor4D {
  requireLayerCall("transposedConvolution(layer, input)", parameters, ["weight"], input);
  const { weight, bias } = parameters;
  const [height, width, outputs, inputs] = weight.shape;
  const { shape } = input as { shape: number[] };
  if (shape.length !== 4 || shape[3] !== inputs) {
    const rule = `weight [${weight.shape}] takes images [batch, height, width, ${inputs}]`;
    throw new TypeError(`Cannot convolve as ${rule}: got [${shape}]`);
  }
  requireWhole("stride", stride, { from: 1 });
  requireWhole("padding", padding, { from: 0 });
  requireWhole("outputPadding", outputPadding, { from: 0, below: stride });
  const tall = (shape[1] - 1) * stride + height + outputPadding;
  const wide = (shape[2] - 1) * stride + width + outputPadding;
  const cut = 2 * padding;
  if (tall <= cut || wide <= cut) {
    const rule = `the padding must leave some of ${tall} x ${wide} pixels`;
    throw new RangeError(`Cannot convolve as ${rule}: got ${padding} on every side`);
  }
  const tf = tensorflow();
  const spread = (size: [number, number], padded: "same" | "valid") =>
    tf.conv2dTranspose(
      input as Tensor4D,
      weight as Tensor4D,
      [shape[0], ...size, outputs],
      stride,
      padded,
    ) as Tensor4D;
  // "Same" padding cuts kernel - stride or less off, evenly where that is an even number: then the kernel does it all.
  const same =
    outputPadding === 0 && [height, width].every((kernel) => kernel > cut && kernel - cut <= stride);
  const result = same
    ? spread([tall - cut, wide - cut], "same")
    : spread([tall, wide], "valid").slice(
        [0, padding, padding, 0],
        [shape[0], tall - cut, wide - cut, outputs],
      );
  return bias ? result.add(bias) : result;
}

function requireWhole(
  what: string,
  value: number,
  { from, below = Infinity }: { from: number; below?: number },
): void {
  if (Number.isInteger(value) && value >= from && value < below) return;
  const range = `whole, at least ${from}${below < Infinity ? ` and below ${below}` : ""}`;
  throw new RangeError(`Cannot convolve as ${what} must be ${range}: got ${value}`);
}
