// A convolution that knows where it is (CoordConv, Liu et al. 2018, arXiv:1807.03247): the image gets two more channels, each
// pixel's row and column from -1 to 1, before it is convolved. As these two are the same for every image, their share is
// computed once and added to each: the same numbers up to rounding, without a copy of the image.
import type { Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import {
  type ConvolutionParameters,
  convolution,
  createConvolution,
  fanInUniform,
  tensorflow,
  upsampleBilinear,
} from "../../../tensor";

export type CoordinateConvolution = Required<ConvolutionParameters<Variable>>;

/**
 * Makes the parameters: those of a convolution with two inputs more, the last ones.
 *
 * @param options.gain what PyTorch's initial values are multiplied by: 1
 */
export function createCoordinateConvolution(
  inputs: number,
  outputs: number,
  { kernel, rng, gain = 1 }: { kernel: 1 | 3; rng: Random; gain?: number },
): CoordinateConvolution {
  const plain = fanInUniform((inputs + 2) * kernel * kernel, rng);
  const draw = () => gain * plain();
  return createConvolution(inputs + 2, outputs, { kernel, rng, draw }) as CoordinateConvolution;
}

/**
 * @param input [batch, height, width, inputs]
 * @param options.doubled whether the image is first doubled by `upsampleBilinear`; kernels of one pixel alone, which may as
 *   well come before it, on a quarter of the pixels
 * @returns [batch, height, width, outputs], or twice as high and wide
 */
export function coordinateConvolution(
  { weight, bias }: CoordinateConvolution,
  input: Tensor,
  { doubled = false }: { doubled?: boolean } = {},
): Tensor4D {
  const [kernel, , channels, outputs] = weight.shape as number[];
  if (doubled && kernel !== 1)
    throw new RangeError(
      `Cannot convolve before an image is doubled as the kernel must be of one pixel: got ${kernel}`,
    );
  const inputs = channels - 2;
  const padding = (kernel - 1) / 2;
  const share = (from: number, count: number) =>
    weight.slice([0, 0, from, 0], [kernel, kernel, count, outputs]);
  const ofImage = convolution({ weight: share(0, inputs) }, input, { padding });
  const maps = doubled ? upsampleBilinear(ofImage) : ofImage;
  const [, height, width] = maps.shape;
  const ofPlace = convolution({ weight: share(inputs, 2), bias }, coordinates(height, width), { padding });
  return maps.add(ofPlace);
}

/** @returns [1, height, width, 2], row and column */
function coordinates(height: number, width: number): Tensor {
  // torch.linspace, whose single place is the first.
  const along = (place: number, count: number) => (count === 1 ? -1 : (2 * place) / (count - 1) - 1);
  const values = Float32Array.from({ length: height * width * 2 }, (_, i) => {
    const pixel = i >> 1;
    return i % 2 === 0 ? along(Math.floor(pixel / width), height) : along(pixel % width, width);
  });
  return tensorflow().tensor4d(values, [1, height, width, 2]);
}
