// Observations before and after an intervention, and what both losses do with them: encode both in one go.
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";
import { type GaussianEncoder, type GaussianEncoding, gaussianEncoder } from "./gaussian-encoder";

export interface ObservationPair {
  /** [batch, features] */
  before: Tensor2D;
  /** [batch, features] */
  after: Tensor2D;
}

/** What a loss term is multiplied by; a tensor where it changes from step to step of a compiled step. */
export type LossWeight = number | Scalar;

/**
 * Encodes the observations of both halves of a pair in one pass.
 *
 * @param encoder that of an autoencoder or a model
 * @param pair observations before and after an intervention, both [batch, features]
 * @returns mean and standard deviation of the noise encodings, both [2, batch, latents], before first
 * @throws {TypeError} where the shapes differ
 * @example
 * import { createAutoencoder, createRandom, encodePair, tensorflow } from "dolab";
 * const { encoder } = createAutoencoder(2, { rng: createRandom(0), features: 5 });
 * const pair = { before: tensorflow().zeros([3, 5]), after: tensorflow().ones([3, 5]) };
 * encodePair(encoder, pair).mean.shape; // => [2, 3, 2]
 */
export function encodePair(encoder: GaussianEncoder, { before, after }: ObservationPair): GaussianEncoding {
  if (before.rank !== 2 || before.shape.join() !== after.shape.join()) {
    const rule = "before and after must both be [batch, features]";
    throw new TypeError(`Cannot encode a pair as ${rule}: got [${before.shape}] and [${after.shape}]`);
  }
  const { mean, standardDeviation } = gaussianEncoder(encoder, tensorflow().concat([before, after], 0));
  const shape = [2, before.shape[0], mean.shape[1] as number];
  return { mean: mean.reshape(shape), standardDeviation: standardDeviation.reshape(shape) };
}

/** @throws {TypeError} where noise is not of the shape that the pair needs */
export function requireNoise(what: string, noise: Tensor, shape: readonly number[]): void {
  if (noise.shape.join() === shape.join()) return;
  throw new TypeError(
    `Cannot take the loss as the ${what} must be of shape [${shape}]: got [${noise.shape}]`,
  );
}
