// A convolutional variational autoencoder (Kingma & Welling 2013, "Auto-Encoding Variational Bayes") of square images:
// strided convolutions down to 4 x 4, a dense layer to a normal distribution's mean and log-variance, and a mirror image
// of it that enlarges by repeating pixels (Odena, Dumoulin & Olah 2016). Each hidden convolution has no bias, a batch
// normalisation and ReLU. Names and layouts of the variables are those of the PyTorch module in
// bench/peers/conv_vae.py, whose flattened images have their channels first.
import type { Tensor, Tensor2D, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import {
  batchNorm,
  type ConvolutionParameters,
  convolution,
  createBatchNorm,
  createConvolution,
  createDense,
  type DenseParameters,
  dense,
  prefixNames,
  relu,
  resizeConvolution,
} from "../../tensor";
import { requireLayer } from "../../tensor/layers/layer-settings";
import type { Gaussian } from "./gaussian";

/** Height and width of the smallest feature maps. */
const core = 4;

type Convolution = ConvolutionParameters<Variable>;
type Dense = DenseParameters<Variable>;
interface Block {
  convolution: Convolution;
  norm: ReturnType<typeof createBatchNorm>;
}

export interface ConvVae {
  /** Height and width of the images. */
  readonly size: number;
  readonly encoder: readonly Block[];
  readonly mean: Dense;
  readonly logVariance: Dense;
  readonly expand: Dense;
  readonly decoder: readonly Block[];
  readonly image: Convolution;
}

/**
 * Makes the parameters of an autoencoder, initialised as PyTorch does.
 *
 * @param options.widths channels of the encoder's convolutions, each of which halves the image: four for 64 x 64
 *   pixels, two for 16 x 16. The decoder has them in reverse, the first one twice
 * @param options.latents dimensions of the code
 * @param options.colours channels of the images
 * @throws {RangeError} where a setting is no whole number above 0, or there is no width
 * @example
 * import { convVaeLoss, createConvVae, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const vae = createConvVae({ widths: [4, 8], latents: 2, rng: createRandom(0) });
 * const images = tf.fill([3, 16, 16, 3], 0.5);
 * const { kl } = convVaeLoss(vae, images, tf.tensor1d([0, 1], "int32"), { training: true });
 * kl.shape; // => [3]
 */
export function createConvVae(options: {
  widths?: readonly number[];
  latents?: number;
  colours?: number;
  rng: Random;
}): ConvVae {
  const { widths = [32, 64, 128, 256], latents = 64, colours = 3, rng } = options ?? {};
  requireLayer("an autoencoder", {}, options, ["widths", "latents", "colours", "rng"]);
  if (
    !(widths.length > 0 && [...widths, latents, colours].every((each) => Number.isInteger(each) && each > 0))
  ) {
    const got = `widths [${widths}], latents ${latents}, colours ${colours}`;
    throw new RangeError(`Cannot make an autoencoder as its sizes must be whole numbers above 0: got ${got}`);
  }
  const block = (inputs: number, outputs: number, kernel: number): Block => ({
    convolution: createConvolution(inputs, outputs, { kernel, rng, bias: false }),
    norm: createBatchNorm(outputs),
  });
  const widest = widths[widths.length - 1];
  const narrowing = [...widths].reverse();
  return {
    size: core * 2 ** widths.length,
    encoder: widths.map((outputs, index) => block(index === 0 ? colours : widths[index - 1], outputs, 4)),
    mean: createDense(widest * core ** 2, latents, { rng }),
    logVariance: createDense(widest * core ** 2, latents, { rng }),
    expand: createDense(latents, widest * core ** 2, { rng }),
    decoder: narrowing.map((inputs, index) => block(inputs, narrowing[index + 1] ?? widths[0], 3)),
    image: createConvolution(widths[0], colours, { kernel: 3, rng }),
  };
}

/**
 * Names the variables as PyTorch does, as `toStateDict` takes them; running statistics are not `trainable`.
 *
 * @param vae what `createConvVae` makes
 * @example
 * import { convVaeVariables, createConvVae, createRandom } from "dolab";
 * const vae = createConvVae({ widths: [4, 8], latents: 2, rng: createRandom(0) });
 * convVaeVariables(vae)["mean.weight"].shape; // => [2, 128]
 */
export function convVaeVariables(vae: ConvVae): Record<string, Variable> {
  const named = (name: string, blocks: readonly Block[], first: number) =>
    blocks.map(({ convolution, norm }, index) => ({
      ...prefixNames(`${name}.${index}.${first}`, convolution),
      ...prefixNames(`${name}.${index}.${first + 1}`, norm),
    }));
  return Object.assign(
    {},
    ...named("encoder", vae.encoder, 0),
    prefixNames("mean", vae.mean),
    prefixNames("log_variance", vae.logVariance),
    prefixNames("expand", vae.expand),
    ...named("decoder", vae.decoder, 1), // 0 is the enlargement
    prefixNames("image", vae.image),
  );
}

/**
 * Encodes images as normal distributions of codes: q(z | x).
 *
 * @param vae what `createConvVae` makes
 * @param images [batch, size, size, colours]
 * @param options.training whether batches are normalised with their own statistics, which the running ones follow
 * @returns mean and logVariance, each [batch, latents]
 * @throws {TypeError} where the images are of another shape
 * @example
 * import { createConvVae, createRandom, encodeConvVae, tensorflow } from "dolab";
 * const vae = createConvVae({ widths: [4, 8], latents: 2, rng: createRandom(0) });
 * encodeConvVae(vae, tensorflow().zeros([3, 16, 16, 3]), { training: false }).mean.shape; // => [3, 2]
 */
export function encodeConvVae(vae: ConvVae, images: Tensor, { training }: { training: boolean }): Gaussian {
  const { shape } = images;
  if (shape.length !== 4 || shape[1] !== vae.size || shape[2] !== vae.size) {
    const rule = `the autoencoder takes images [batch, ${vae.size}, ${vae.size}, colours]`;
    throw new TypeError(`Cannot encode as ${rule}: got [${shape}]`);
  }
  const maps = vae.encoder.reduce((hidden, { convolution: parameters, norm }) => {
    const smaller = convolution(parameters, hidden, { stride: 2, padding: 1 }); // [batch, height / 2, width / 2, outputs]
    return relu(batchNorm(norm, smaller, { training }));
  }, images);
  const features = maps.transpose([0, 3, 1, 2]).reshape([shape[0], -1]); // [batch, widest core core]
  return {
    mean: dense(vae.mean, features) as Tensor2D,
    logVariance: dense(vae.logVariance, features) as Tensor2D,
  };
}

/**
 * Decodes codes to images, before the sigmoid.
 *
 * @param vae what `createConvVae` makes
 * @param codes [batch, latents]
 * @param options.training as in `encodeConvVae`
 * @returns logits [batch, size, size, colours]; their sigmoid is the image, from 0 to 1
 * @throws {TypeError} where the codes have another length
 * @example
 * import { createConvVae, createRandom, decodeConvVae, tensorflow } from "dolab";
 * const vae = createConvVae({ widths: [4, 8], latents: 2, rng: createRandom(0) });
 * decodeConvVae(vae, tensorflow().zeros([3, 2]), { training: false }).shape; // => [3, 16, 16, 3]
 */
export function decodeConvVae(vae: ConvVae, codes: Tensor, { training }: { training: boolean }): Tensor4D {
  const features = dense(vae.expand, codes); // [batch, widest core core]
  const maps = features.reshape([codes.shape[0], -1, core, core]).transpose([0, 2, 3, 1]);
  const hidden = vae.decoder.reduce((maps, { convolution: parameters, norm }) => {
    const larger = resizeConvolution(parameters, maps); // [batch, 2 height, 2 width, outputs]
    return relu(batchNorm(norm, larger, { training }));
  }, maps);
  return convolution(vae.image, hidden, { padding: 1 });
}
