// A larger image without the checkerboard of transposed convolutions (Odena, Dumoulin & Olah 2016): every pixel repeated,
// then a convolution of the same size; torch.nn.Upsample(mode="nearest") followed by torch.nn.Conv2d.
// The larger image is never made. Repeating is a transposed convolution with ones, so the two together are one whose
// kernel is the convolution's, turned by 180 degrees and summed over factor x factor shifts: the same numbers up to
// rounding, with 4/9 of the products for a 3 x 3 kernel and factor 2, in half the time.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import type { ConvolutionParameters } from "./convolution";
import { requireLayerCall } from "./layer-settings";
import { transposedConvolution } from "./transposed-convolution";

/**
 * Enlarges images, then convolves them.
 *
 * @param parameters those of a convolution with an odd kernel (see `createConvolution`)
 * @param input [batch, height, width, inputs]
 * @param options.factor how often each pixel is repeated along both axes, a whole number
 * @returns [batch, factor height, factor width, outputs]
 * @throws {RangeError} for a factor that is not whole and at least 1, or an even kernel; {TypeError} where the channels
 *   differ
 * @example
 * import { createConvolution, createRandom, resizeConvolution, tensorflow } from "dolab";
 * const layer = createConvolution(3, 8, { kernel: 3, rng: createRandom(1) });
 * resizeConvolution(layer, tensorflow().zeros([2, 4, 4, 3])).shape; // => [2, 8, 8, 8]
 */
export function resizeConvolution(
  parameters: ConvolutionParameters,
  input: Tensor,
  { factor = 2 }: { factor?: number } = {},
): Tensor4D {
  requireLayerCall("resizeConvolution(layer, input)", parameters, ["weight"], input);
  const { weight, bias } = parameters;
  const kernel = weight.shape[0];
  if (!Number.isInteger(factor) || factor < 1)
    throw new RangeError(`Cannot enlarge an image as the factor must be whole and at least 1: got ${factor}`);
  if (kernel % 2 === 0)
    throw new RangeError(`Cannot keep an image's size as the kernel must be odd: got ${kernel}`);
  const turned = weight.reverse([0, 1]).transpose([0, 1, 3, 2]); // [kernel, kernel, outputs, inputs]
  const summed = sumOfShifts(sumOfShifts(turned, factor, 0), factor, 1); // [kernel + factor - 1, the same, ...]
  const options = { stride: factor, padding: (kernel - 1) / 2 };
  return transposedConvolution({ weight: summed, bias }, input, options);
}

/** The sum of copies that are shifted by 0, 1, ..., count - 1 along one axis, which gets count - 1 longer. */
function sumOfShifts(weight: Tensor, count: number, axis: number): Tensor {
  const shifted = Array.from({ length: count }, (_, shift) => {
    const sides = weight.shape.map((): [number, number] => [0, 0]);
    sides[axis] = [shift, count - 1 - shift];
    return weight.pad(sides);
  });
  return shifted.reduce((sum, each) => sum.add(each));
}
