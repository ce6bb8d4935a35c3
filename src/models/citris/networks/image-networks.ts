// The two pairs of networks between images and codes that CITRIS has, under one interface: residual ones for any size, and
// simple ones for 32 x 32 pixels.
import type { Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { createResidualDecoder, createResidualEncoder } from "./residual-networks";
import { createSimpleDecoder, createSimpleEncoder } from "./simple-networks";

export interface NetworkOptions {
  /** Height and width of the images. */
  size: number;
  /** Channels of the feature maps: c_hid. */
  channels: number;
  /** Dimensions of a code: M. */
  latents: number;
  rng: Random;
}

export interface ImageEncoder {
  /** Height and width of the images that it takes. */
  readonly size: number;
  /**
   * @param images from -1 to 1. [batch, size, size, 3]
   * @param mode.training whether batches are normalised with their own statistics, which the running ones follow
   * @returns the codes and, of a variational encoder, the logarithm of their standard deviation; each [batch, latents]
   */
  encode(images: Tensor, mode: { training: boolean }): { mean: Tensor; logDeviation?: Tensor };
  /** The variables by the published names. */
  readonly variables: Readonly<Record<string, Variable>>;
}

export interface ImageDecoder {
  /** @param codes [batch, latents] @returns images from -1 to 1. [batch, size, size, 3] */
  decode(codes: Tensor, mode: { training: boolean }): Tensor4D;
  readonly variables: Readonly<Record<string, Variable>>;
}

export type NetworkKind = "residual" | "simple";

export interface ImageNetworkOptions extends NetworkOptions {
  /** "residual", or "simple" for images of 32 x 32; by default simple for these and residual for others. */
  kind?: NetworkKind;
  /** Whether the encoder has standard deviations. */
  variational?: boolean;
  /** Residual blocks after each doubling of the image. */
  blocks?: number;
}

/**
 * Makes an encoder and a decoder of one size.
 *
 * @throws {RangeError} for images that are not 8, 16, 32, ... pixels wide, simple networks of another size than 32, or
 *   sizes below 1
 */
export function createImageNetworks(options: ImageNetworkOptions): {
  encoder: ImageEncoder;
  decoder: ImageDecoder;
} {
  const { size, channels, latents, variational = false, blocks = 1 } = options;
  const kind = options.kind ?? (size === 32 ? "simple" : "residual");
  if (!(Number.isInteger(Math.log2(size)) && size >= 8))
    throw new RangeError(`Cannot make networks of images as their width must be 8, 16, 32, ...: got ${size}`);
  for (const [name, value] of Object.entries({ channels, latents, blocks }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(
        `Cannot make networks of images as ${name} must be a whole number from 1: got ${value}`,
      );
  if (kind === "simple") {
    if (size !== 32)
      throw new RangeError(`Cannot make simple networks as they take images 32 wide: got ${size}`);
    return {
      encoder: createSimpleEncoder({ ...options, variational }),
      decoder: createSimpleDecoder(options),
    };
  }
  return {
    encoder: createResidualEncoder({ ...options, variational }),
    decoder: createResidualDecoder({ ...options, blocks }),
  };
}
