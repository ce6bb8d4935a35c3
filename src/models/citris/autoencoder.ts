// The autoencoder under CITRIS-NF (Lippe et al. 2022, arXiv:2202.03169, section 4.3): it codes images without caring which
// code holds what. Noise on the codes keeps images whose codes are near alike, so that a flow can turn the codes.
// loss = mean squared error + codeWeight mean(codes^2).
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { statelessNormal } from "../../tensor";
import {
  createImageNetworks,
  type ImageDecoder,
  type ImageEncoder,
  type NetworkKind,
} from "./networks/image-networks";

export interface SceneAutoencoder {
  readonly encoder: ImageEncoder;
  readonly decoder: ImageDecoder;
  /** Dimensions of a code: M. */
  readonly latents: number;
}

export interface SceneAutoencoderOptions {
  /** Height and width of the images: 8, 16, 32, ... */
  size?: number;
  /** Channels of the feature maps: c_hid. */
  channels?: number;
  latents?: number;
  /** Residual blocks after each doubling of the image. */
  blocks?: number;
  /** By default simple networks for 32 x 32 pixels and residual ones for others. */
  kind?: NetworkKind;
  rng: Random;
}

/**
 * Makes an autoencoder of square colour images; the defaults are the published ones.
 *
 * @param options size of the images, channels, latents, blocks, kind of networks, and a generator; see
 *   `SceneAutoencoderOptions`
 * @returns encoder and decoder; their variables are those of `sceneAutoencoderVariables`
 * @throws {RangeError} where a setting is out of its range
 * @example
 * import { createRandom, createSceneAutoencoder, sceneAutoencoderLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createSceneAutoencoder({ size: 32, channels: 4, latents: 6, rng: createRandom(0) });
 * const { codes } = sceneAutoencoderLoss(model, tf.zeros([2, 32, 32, 3]), tf.tensor1d([0, 1], "int32"), { training: true });
 * codes.shape; // => [2, 6]
 */
export function createSceneAutoencoder({
  size = 64,
  channels = 64,
  latents = 32,
  blocks = 2,
  kind,
  rng,
}: SceneAutoencoderOptions): SceneAutoencoder {
  return { ...createImageNetworks({ size, channels, latents, blocks, kind, rng }), latents };
}

/**
 * Names the variables as the published code does, with `encoder.` and `decoder.` before them.
 *
 * @param autoencoder as `createSceneAutoencoder` makes it
 * @returns variables by name, running statistics among them
 * @example
 * import { createRandom, createSceneAutoencoder, sceneAutoencoderVariables } from "dolab";
 * const model = createSceneAutoencoder({ size: 8, channels: 4, latents: 3, blocks: 1, rng: createRandom(0) });
 * const names = Object.keys(sceneAutoencoderVariables(model));
 * names.every((name) => /^(encoder|decoder)\./.test(name)); // => true
 */
export const sceneAutoencoderVariables = ({ encoder, decoder }: SceneAutoencoder): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries({ encoder, decoder }).flatMap(([part, { variables }]) =>
      Object.entries(variables).map(([name, variable]) => [`${part}.${name}`, variable]),
    ),
  );

/**
 * Codes images, without noise.
 *
 * @param autoencoder as `createSceneAutoencoder` makes it
 * @param images from -1 to 1. [batch, size, size, 3]
 * @param mode.training whether batches are normalised with their own statistics, which the running ones follow
 * @returns [batch, latents]
 * @throws {TypeError} where the images are of another size
 * @example
 * import { createRandom, createSceneAutoencoder, encodeScenes, tensorflow } from "dolab";
 * const model = createSceneAutoencoder({ size: 8, channels: 4, latents: 3, blocks: 1, rng: createRandom(0) });
 * encodeScenes(model, tensorflow().zeros([2, 8, 8, 3]), { training: false }).shape; // => [2, 3]
 */
export function encodeScenes(
  { encoder }: SceneAutoencoder,
  images: Tensor,
  { training }: { training: boolean },
): Tensor {
  requireImages(images, encoder.size);
  return encoder.encode(images, { training }).mean;
}

/**
 * Decodes codes to images.
 *
 * @param autoencoder as `createSceneAutoencoder` makes it
 * @param codes [batch, latents]
 * @param mode.training whether batches are normalised with their own statistics, which the running ones follow
 * @returns images from -1 to 1. [batch, size, size, 3]
 * @example
 * import { createRandom, createSceneAutoencoder, decodeScenes, tensorflow } from "dolab";
 * const model = createSceneAutoencoder({ size: 8, channels: 4, latents: 3, blocks: 1, rng: createRandom(0) });
 * decodeScenes(model, tensorflow().zeros([2, 3]), { training: false }).shape; // => [2, 8, 8, 3]
 */
export const decodeScenes = (
  { decoder }: SceneAutoencoder,
  codes: Tensor,
  { training }: { training: boolean },
): Tensor4D => decoder.decode(codes, { training });

export interface SceneAutoencoderLoss {
  loss: Scalar;
  /** Mean over all values of the images. */
  squaredError: Scalar;
  /** Before the noise. [batch, latents] */
  codes: Tensor;
  /** [batch, size, size, 3] */
  reconstruction: Tensor4D;
}

/**
 * Codes images, adds noise to the codes and decodes them.
 *
 * @param model as `createSceneAutoencoder` makes it
 * @param images from -1 to 1. [batch, size, size, 3]
 * @param seed of the noise, int32 [2]: pass another one in each step
 * @param options.training whether batches are normalised with their own statistics, which the running ones follow
 * @param options.noise standard deviation of the noise on the codes: .05
 * @param options.codeWeight weight of the mean squared code: 1e-6
 * @returns the loss, the squared error in it, and codes and images that were made
 * @throws {TypeError} where the images are of another size
 * @example
 * import { createRandom, createSceneAutoencoder, sceneAutoencoderLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createSceneAutoencoder({ size: 8, channels: 4, latents: 3, blocks: 1, rng: createRandom(0) });
 * const options = { training: false, codeWeight: 0 };
 * const { loss, squaredError } = sceneAutoencoderLoss(model, tf.zeros([2, 8, 8, 3]), tf.tensor1d([0, 1], "int32"), options);
 * loss.sub(squaredError).dataSync(); // => [0]
 */
export function sceneAutoencoderLoss(
  model: SceneAutoencoder,
  images: Tensor,
  seed: Tensor1D,
  { training, noise = 0.05, codeWeight = 1e-6 }: { training: boolean; noise?: number; codeWeight?: number },
): SceneAutoencoderLoss {
  const codes = encodeScenes(model, images, { training });
  const noisy = noise === 0 ? codes : codes.add(statelessNormal(codes.shape, seed).mul(noise));
  const reconstruction = decodeScenes(model, noisy, { training });
  const squaredError = reconstruction.sub(images).square().mean().asScalar();
  const loss = squaredError.add(codes.square().mean().mul(codeWeight)).asScalar();
  return { loss, squaredError, codes, reconstruction };
}

/** @throws {TypeError} where images are not [batch, size, size, 3] */
export function requireImages({ shape }: Tensor, size: number): void {
  if (shape.length === 4 && shape[1] === size && shape[2] === size && shape[3] === 3) return;
  throw new TypeError(
    `Cannot encode images as the encoder takes [batch, ${size}, ${size}, 3]: got [${shape}]`,
  );
}
