// A larger image without the checkerboard of transposed convolutions (Odena, Dumoulin & Olah 2016): every pixel repeated,
// then a convolution of the same size; torch.nn.Upsample(mode="nearest") followed by torch.nn.Conv2d.
// Pixels are repeated by stacking: the gradient of TensorFlow.js's own resizing is wrong on its plain JavaScript backend.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { type ConvolutionParameters, convolution } from "./convolution";

/**
 * Enlarges images, then convolves them.
 *
 * @param parameters those of a convolution with an odd kernel (see `createConvolution`)
 * @param input [batch, height, width, inputs]
 * @param options.factor how often each pixel is repeated along both axes, a whole number
 * @returns [batch, factor height, factor width, outputs]
 * @throws {RangeError} for a factor that is not whole and at least 1, or an even kernel
 */
export function resizeConvolution(
  parameters: ConvolutionParameters,
  input: Tensor,
  { factor = 2 }: { factor?: number } = {},
): Tensor4D {
  const kernel = parameters.weight.shape[0];
  if (!Number.isInteger(factor) || factor < 1)
    throw new RangeError(`Cannot enlarge an image as the factor must be whole and at least 1: got ${factor}`);
  if (kernel % 2 === 0)
    throw new RangeError(`Cannot keep an image's size as the kernel must be odd: got ${kernel}`);
  return convolution(parameters, repeatPixels(input, factor), { padding: (kernel - 1) / 2 });
}

/** @param input [batch, height, width, channels] */
function repeatPixels(input: Tensor, factor: number): Tensor {
  const [batch, height, width, channels] = input.shape;
  const copies = (image: Tensor) => Array.from({ length: factor }, () => image);
  const tall = tensorflow().stack(copies(input), 2); // [batch, height, factor, width, channels]
  const rows = tall.reshape([batch, height * factor, width, channels]);
  const wide = tensorflow().stack(copies(rows), 3); // [batch, height factor, width, factor, channels]
  return wide.reshape([batch, height * factor, width * factor, channels]);
}
