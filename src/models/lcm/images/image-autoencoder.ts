// The image autoencoder of Brehmer et al. 2022 (arXiv:2203.16437), which reduces the pictures of CausalCircuit to eight numbers
// before causal models are trained on these: residual blocks that halve the picture down to one pixel, an MLP to means and
// standard deviations, and a mirror image of it that doubles; every convolution has coordinates, none a normalisation. Names
// in `imageAutoencoderVariables` are the published ones. Published for 64 and 512 pixels; here for any power of two, with
// channels by the rule that gives both.
import type { Tensor, Tensor2D, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import {
  createDense,
  type DenseParameters,
  dense,
  leakyRelu,
  prefixNames,
  tensorflow,
  upsampleBilinear,
} from "../../../tensor";
import type { GaussianEncoding } from "../gaussian-encoder";
import {
  type CoordinateConvolution,
  coordinateConvolution,
  createCoordinateConvolution,
} from "./coordinate-convolution";

/** Two convolutions of 3 x 3 beside one of a single pixel. */
interface ResidualBlock {
  first: CoordinateConvolution;
  second: CoordinateConvolution;
  pointWise: CoordinateConvolution;
}

export interface ImageAutoencoder {
  /** Height and width of the pictures. */
  readonly size: number;
  readonly latents: number;
  readonly encoder: {
    blocks: ResidualBlock[];
    last: CoordinateConvolution;
    mlp: DenseParameters<Variable>[];
  };
  readonly decoder: {
    blocks: ResidualBlock[];
    last: CoordinateConvolution;
    mlp: DenseParameters<Variable>[];
  };
}

export interface ImageAutoencoderOptions {
  /** Height and width of the pictures, a power of two from 8: 64. */
  size?: number;
  /** Channels after the first block, an even number from 4: 32. */
  width?: number;
  /** Numbers that a picture becomes: 8. */
  latents?: number;
  /** Width of the MLPs between convolutions and codes: 128. */
  hidden?: number;
  /**
   * What PyTorch's initial values of convolutions are multiplied by: 1, as published. The square root of 6 makes He et al.'s
   * of them (2015, arXiv:1502.01852): codes then differ from the first step on, and short trainings learn to use them.
   */
  gain?: number;
  rng: Random;
}

const LEAST_STANDARD_DEVIATION = 1e-3;

/** Widths of the encoder's blocks in multiples of the first: doubled up to 8 for small pictures, to 32 from 128 pixels on. */
const multiples = (size: number): number[] =>
  Array.from({ length: Math.log2(size) }, (_, block) => Math.min(2 ** block, size <= 64 ? 8 : 32));

/**
 * Makes the parameters of an autoencoder, initialised as PyTorch does.
 *
 * @param options the pictures' size, the model's width, latents and hidden width, and a generator; see `ImageAutoencoderOptions`
 * @returns the model; its variables are those of `imageAutoencoderVariables`
 * @throws {RangeError} where the size is no power of two from 8, the width not even and from 4, or another size below 1
 * @example
 * import { createImageAutoencoder, createRandom, decodeImages, encodeImages, tensorflow } from "dolab";
 * const model = createImageAutoencoder({ size: 16, width: 4, latents: 3, hidden: 8, rng: createRandom(0) });
 * const { mean } = encodeImages(model, tensorflow().zeros([5, 16, 16, 3]));
 * mean.shape; // => [5, 3]
 * decodeImages(model, mean).shape; // => [5, 16, 16, 3]
 */
export function createImageAutoencoder({
  size = 64,
  width = 32,
  latents = 8,
  hidden = 128,
  gain = 1,
  rng,
}: ImageAutoencoderOptions): ImageAutoencoder {
  const refuse = (rule: string, got: number) =>
    new RangeError(`Cannot make an image autoencoder as ${rule}: got ${got}`);
  if (!(Number.isInteger(Math.log2(size)) && size >= 8))
    throw refuse("pictures must be 8, 16, 32, ... pixels wide", size);
  if (!(Number.isInteger(width / 2) && width >= 4)) throw refuse("its width must be even and from 4", width);
  if (!(gain > 0)) throw refuse("its initial values must be multiplied by a number above 0", gain);
  for (const [name, value] of Object.entries({ latents, hidden }))
    if (!(Number.isInteger(value) && value >= 1))
      throw refuse(`${name} must be a whole number from 1`, value);
  const widths = multiples(size).map((multiple) => multiple * width);
  const widest = widths[widths.length - 1];
  const narrowing = [...[...widths].reverse().slice(1), width / 2];
  const block = (inputs: number, outputs: number): ResidualBlock => ({
    first: createCoordinateConvolution(inputs, Math.floor(outputs / 2), { kernel: 3, rng, gain }),
    second: createCoordinateConvolution(Math.floor(outputs / 2), outputs, { kernel: 3, rng, gain }),
    pointWise: createCoordinateConvolution(inputs, outputs, { kernel: 1, rng, gain }),
  });
  return {
    size,
    latents,
    encoder: {
      blocks: widths.map((outputs, i) => block(i === 0 ? 3 : widths[i - 1], outputs)),
      last: createCoordinateConvolution(widest, hidden, { kernel: 1, rng, gain }),
      mlp: [createDense(hidden, hidden, { rng }), createDense(hidden, 2 * latents, { rng })],
    },
    decoder: {
      blocks: narrowing.map((outputs, i) => block(i === 0 ? hidden : narrowing[i - 1], outputs)),
      last: createCoordinateConvolution(width / 2, 3, { kernel: 1, rng, gain }),
      mlp: [createDense(latents, hidden, { rng }), createDense(hidden, hidden, { rng })],
    },
  };
}

/**
 * Names the parameters as the published code does, to be trained and saved.
 *
 * @param autoencoder as `createImageAutoencoder` makes it
 * @returns variables by name, such as `encoder.net.0.conv1.conv.weight`
 * @example
 * import { createImageAutoencoder, createRandom, imageAutoencoderVariables } from "dolab";
 * const model = createImageAutoencoder({ size: 8, width: 4, latents: 3, hidden: 8, rng: createRandom(0) });
 * imageAutoencoderVariables(model)["decoder.mlp.0.weight"].shape; // => [8, 3]
 */
export function imageAutoencoderVariables({ encoder, decoder }: ImageAutoencoder): Record<string, Variable> {
  const named = (name: string, half: ImageAutoencoder["encoder"], firstDense: number) =>
    Object.assign(
      {},
      ...half.blocks.map(({ first, second, pointWise }, i) => ({
        ...prefixNames(`${name}.net.${i}.conv1.conv`, first),
        ...prefixNames(`${name}.net.${i}.conv2.conv`, second),
        ...prefixNames(`${name}.net.${i}.point_wise.conv`, pointWise),
      })),
      prefixNames(`${name}.net.${half.blocks.length}.conv`, half.last),
      ...half.mlp.map((layer, i) => prefixNames(`${name}.mlp.${firstDense + 2 * i}`, layer)),
    );
  return { ...named("encoder", encoder, 1), ...named("decoder", decoder, 0) };
}

/**
 * Encodes pictures as normal distributions of codes.
 *
 * @param autoencoder as `createImageAutoencoder` makes it
 * @param images from 0 to 1. [batch, size, size, 3]
 * @returns mean and standard deviation, both [batch, latents]
 * @throws {TypeError} where the pictures are of another shape
 * @example
 * import { createImageAutoencoder, createRandom, encodeImages, tensorflow } from "dolab";
 * const model = createImageAutoencoder({ size: 8, width: 4, latents: 3, hidden: 8, rng: createRandom(0) });
 * encodeImages(model, tensorflow().zeros([2, 8, 8, 3])).standardDeviation.shape; // => [2, 3]
 */
export function encodeImages({ size, encoder }: ImageAutoencoder, images: Tensor): GaussianEncoding {
  const { shape } = images;
  if (images.rank !== 4 || shape[1] !== size || shape[2] !== size || shape[3] !== 3)
    throw new TypeError(
      `Cannot encode pictures as they must be [batch, ${size}, ${size}, 3]: got [${shape}]`,
    );
  const halve = (maps: Tensor) => tensorflow().avgPool(maps as Tensor4D, 2, 2, "valid");
  const maps = encoder.blocks.reduce<Tensor>((maps, { first, second, pointWise }) => {
    const skip = coordinateConvolution(pointWise, halve(maps));
    const inner = halve(leakyRelu(coordinateConvolution(first, maps)));
    return leakyRelu(coordinateConvolution(second, inner).add(skip)); // [batch, height / 2, width / 2, outputs]
  }, images);
  const features = coordinateConvolution(encoder.last, maps).reshape([shape[0], -1]); // [batch, hidden]
  const outputs = encoder.mlp.reduce<Tensor>((values, layer) => dense(layer, leakyRelu(values)), features);
  const [mean, raw] = tensorflow().split(outputs, 2, -1); // [batch, latents]
  return { mean, standardDeviation: raw.softplus().add(LEAST_STANDARD_DEVIATION) };
}

/**
 * Draws the pictures that codes stand for.
 *
 * @param autoencoder as `createImageAutoencoder` makes it
 * @param codes [batch, latents]
 * @returns the means of pixels, about 0 to 1. [batch, size, size, 3]
 * @example
 * import { createImageAutoencoder, createRandom, decodeImages, tensorflow } from "dolab";
 * const model = createImageAutoencoder({ size: 8, width: 4, latents: 3, hidden: 8, rng: createRandom(0) });
 * decodeImages(model, tensorflow().zeros([2, 3])).shape; // => [2, 8, 8, 3]
 */
export function decodeImages({ decoder }: ImageAutoencoder, codes: Tensor): Tensor4D {
  const features = decoder.mlp.reduce<Tensor>((values, layer) => leakyRelu(dense(layer, values)), codes);
  const [batch, hidden] = (features as Tensor2D).shape;
  const maps = decoder.blocks.reduce<Tensor>(
    (maps, { first, second, pointWise }) => {
      const skip = coordinateConvolution(pointWise, maps, { doubled: true });
      const inner = upsampleBilinear(leakyRelu(coordinateConvolution(first, maps)));
      return leakyRelu(coordinateConvolution(second, inner).add(skip)); // [batch, 2 height, 2 width, outputs]
    },
    features.reshape([batch, 1, 1, hidden]),
  );
  return coordinateConvolution(decoder.last, maps);
}
