// The loss that the image autoencoder of Brehmer et al. 2022 (arXiv:2203.16437) is trained with: their ILCM's in permanent
// pretraining, a beta-VAE of pairs whose decoder has standard deviation 1, with squared codes and squared errors on top.
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";
import { gaussianLogDensity, standardNormalLogDensity } from "../gaussian-likelihood";
import { type LossWeight, requireNoise } from "../observation-pair";
import { decodeImages, encodeImages, type ImageAutoencoder } from "./image-autoencoder";

export interface ImageVaeLossOptions {
  /** Weight of the divergence: 0.1. */
  beta?: LossWeight;
  /** Weight of the squared codes: 0.1. */
  codeRegularisation?: LossWeight;
  /** Weight of the squared error, beside the half of it that the likelihood has: 0.05. */
  consistency?: LossWeight;
}

/** Sums over pixels or codes of both halves of a pair, means over the batch. */
export interface ImageVaeLoss {
  loss: Scalar;
  squaredError: Scalar;
  /** log q(e | x) - log N(e) */
  divergence: Scalar;
  /** |e|^2 */
  squaredCodes: Scalar;
}

/**
 * Evaluates the loss of a batch of pairs of pictures.
 *
 * @param model as `createImageAutoencoder` makes it
 * @param pair pictures before and after an intervention, from 0 to 1, both [batch, size, size, 3]
 * @param noise [2, batch, latents], standard normal
 * @param options.beta weight of the divergence: by default 0.1
 * @param options.codeRegularisation weight of the squared codes: by default 0.1
 * @param options.consistency weight of the squared error, beside the half that the likelihood has: by default 0.05
 * @returns the loss and its terms, all means over the batch
 * @throws {TypeError} where shapes do not fit
 * @example
 * import { createImageAutoencoder, createRandom, imageVaeLoss, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const model = createImageAutoencoder({ size: 8, width: 4, latents: 3, hidden: 8, rng: createRandom(0) });
 * const pair = { before: tf.zeros([2, 8, 8, 3]), after: tf.ones([2, 8, 8, 3]) };
 * const { squaredError } = imageVaeLoss(model, pair, tf.zeros([2, 2, 3]));
 * squaredError.dataSync()[0] > 0; // => true
 */
export function imageVaeLoss(
  model: ImageAutoencoder,
  { before, after }: { before: Tensor; after: Tensor },
  noise: Tensor,
  { beta = 0.1, codeRegularisation = 0.1, consistency = 0.05 }: ImageVaeLossOptions = {},
): ImageVaeLoss {
  if (before.shape.join() !== after.shape.join())
    throw new TypeError(
      `Cannot take the loss as before and after must be of one shape: got [${before.shape}] and [${after.shape}]`,
    );
  const batch = before.shape[0];
  requireNoise("noise of the pairs", noise, [2, batch, model.latents]);
  const images = tensorflow().concat([before, after], 0); // [2 batch, size, size, 3]
  const { mean, standardDeviation } = encodeImages(model, images); // [2 batch, latents]
  const difference = standardDeviation.mul(noise.reshape(mean.shape));
  const codes = mean.add(difference);
  const overPairs = (terms: Tensor) => terms.sum().div(batch) as Scalar;
  const squaredError = overPairs(decodeImages(model, codes).sub(images).square());
  const divergence = overPairs(
    gaussianLogDensity(difference, standardDeviation).sub(standardNormalLogDensity(codes)),
  );
  const squaredCodes = overPairs(codes.square());
  const half = typeof consistency === "number" ? consistency + 0.5 : consistency.add(0.5);
  const loss = squaredError
    .mul(half)
    .add(divergence.mul(beta))
    .add(squaredCodes.mul(codeRegularisation)) as Scalar;
  return { loss, squaredError, divergence, squaredCodes };
}
