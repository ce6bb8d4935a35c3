// The negative evidence lower bound of images under an autoencoder (Kingma & Welling 2013, equation 3, one draw), with the
// weight beta on the divergence (Higgins et al. 2017, "beta-VAE"). Sums over pixels and codes, means over images.
import type { Scalar, Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../../io/known-options";
import { type ConvVae, decodeConvVae, encodeConvVae } from "./conv-vae";
import { klFromStandardNormal, sampleGaussian } from "./gaussian";

export interface ConvVaeLossOptions {
  /** Whether batches are normalised with their own statistics, which the running ones follow. */
  training: boolean;
  /** The weight of the divergence, from 0: by default, 1. */
  beta?: number;
  /**
   * How images differ: "gaussian", by the sum of squared errors (by default), or "bernoulli", by the cross-entropy of
   * pixels from 0 to 1, in nats.
   */
  likelihood?: "gaussian" | "bernoulli";
}

export interface ConvVaeLoss {
  /** mean(error + beta kl) */
  loss: Scalar;
  /** How far each image is from its reconstruction. [batch] */
  error: Tensor1D;
  /** The divergence of each image's codes from the prior, in nats. [batch] */
  kl: Tensor1D;
  /** [batch, size, size, colours] */
  reconstruction: Tensor4D;
}

/**
 * Encodes images, draws their codes and decodes these.
 *
 * @param vae what `createConvVae` makes
 * @param images from 0 to 1. [batch, size, size, colours]
 * @param seed seeds the noise, int32 [2]: pass another one in each step
 * @param options see `ConvVaeLossOptions`
 * @throws {TypeError} where the images are of another shape; {RangeError} for a negative beta or an unknown likelihood
 * @example
 * import { convVaeLoss, createConvVae, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const vae = createConvVae({ widths: [4, 8], latents: 2, rng: createRandom(0) });
 * const seed = tf.tensor1d([0, 1], "int32");
 * const { loss, error } = convVaeLoss(vae, tf.zeros([3, 16, 16, 3]), seed, { training: true, beta: 0 });
 * Math.abs(loss.dataSync()[0] - error.mean().dataSync()[0]) < 1e-3; // => true
 */
export function convVaeLoss(
  vae: ConvVae,
  images: Tensor,
  seed: Tensor1D,
  options: ConvVaeLossOptions,
): ConvVaeLoss {
  requireKnownOptions("take an autoencoder's loss", options, ["training", "beta", "likelihood"]);
  const { training, beta = 1, likelihood = "gaussian" } = options;
  if (!(beta >= 0))
    throw new RangeError(`Cannot weigh the divergence as beta must be at least 0: got ${beta}`);
  const codes = encodeConvVae(vae, images, { training });
  const logits = decodeConvVae(vae, sampleGaussian(codes, seed), { training });
  const reconstruction = logits.sigmoid();
  const error = errorOf(images, { logits, reconstruction, likelihood });
  const kl = klFromStandardNormal(codes);
  const loss = error.add(kl.mul(beta)).mean().asScalar();
  return { loss, error, kl, reconstruction };
}

function errorOf(
  images: Tensor,
  { logits, reconstruction, likelihood }: { logits: Tensor; reconstruction: Tensor; likelihood: string },
): Tensor1D {
  if (likelihood === "gaussian") return reconstruction.sub(images).square().sum([1, 2, 3]);
  if (likelihood === "bernoulli") return logits.softplus().sub(logits.mul(images)).sum([1, 2, 3]);
  const rule = "the likelihood must be gaussian or bernoulli";
  throw new RangeError(`Cannot compare images as ${rule}: got ${likelihood}`);
}
