// What makes numbers of a picture and pictures of numbers: the trained autoencoder of stage 1, or, in its place where there is no
// time to train one, the pixels' leading principal components. The lights are linear in the pixels and so among these; the arm is
// not, and spreads over several.
import type { Tensor2D } from "@tensorflow/tfjs-node";
import { type CircuitPairs, circuitImages, type PairHalf } from "../../../data";
import { decodeImages, encodeImages, type ImageAutoencoder } from "../../../models/lcm";
import { createRandom } from "../../../random";
import { tensorflow } from "../../../tensor";

export interface PictureCoder {
  /** Numbers of a picture. */
  readonly latents: number;
  /** Height and width of a picture. */
  readonly size: number;
  /** @param images 0 to 255, [count, size, size, 3] @returns [count, latents] */
  encode(images: Uint8Array): Float32Array;
  /** @param codes [count, latents] @returns 0 to 255, [count, size, size, 3] */
  decode(codes: Float32Array): Uint8Array;
}

/** Pictures at once. */
const CHUNK = 128;

/** The codes of one half of every pair. @returns [pairs, latents] */
export function encodeHalf(coder: PictureCoder, pairs: CircuitPairs, half: PairHalf): Float32Array {
  const codes = new Float32Array(pairs.pairs * coder.latents);
  for (let first = 0; first < pairs.pairs; first += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, pairs.pairs - first) }, (_, i) => first + i);
    codes.set(coder.encode(circuitImages(pairs, rows, half)), first * coder.latents);
  }
  return codes;
}

/** The autoencoder's mean codes, and its decoder's means. */
export function autoencoderCoder(model: ImageAutoencoder): PictureCoder {
  const { size, latents } = model;
  const tf = tensorflow();
  return {
    size,
    latents,
    encode: (images) =>
      tf.tidy(() => {
        const pictures = tf.tensor4d(images, [images.length / (size * size * 3), size, size, 3], "int32");
        return encodeImages(model, pictures.cast("float32").div(255)).mean.dataSync<"float32">();
      }),
    decode: (codes) =>
      tf.tidy(() => {
        const pictures = decodeImages(model, tf.tensor2d(codes, [codes.length / latents, latents]));
        return Uint8Array.from(pictures.clipByValue(0, 1).mul(255).round().dataSync());
      }),
  };
}

/** Pictures that components are found from, and how often the subspace is turned towards them. */
const MOST_PICTURES = 1000;
const ITERATIONS = 30;

/**
 * The leading principal components of pixels, by orthogonal iteration, each scaled to variance 1.
 *
 * @param pairs whose pictures before interventions they are found from
 * @param options.latents how many
 * @param options.seed of where the iteration starts
 */
export function componentsCoder(
  pairs: CircuitPairs,
  { latents, seed }: { latents: number; seed: number },
): PictureCoder {
  const tf = tensorflow();
  const { size } = pairs;
  const pixels = size * size * 3;
  const count = Math.min(MOST_PICTURES, pairs.pairs);
  const rng = createRandom(seed).split("picture components");
  const images = circuitImages(
    pairs,
    Array.from({ length: count }, (_, i) => i),
    "before",
  );
  const { middle, directions, deviations } = tf.tidy(() => {
    const all = tf.tensor2d(images, [count, pixels], "int32").cast("float32").div<Tensor2D>(255);
    const mean = all.mean<Tensor2D>(0, true); // [1, pixels]
    const centred = all.sub<Tensor2D>(mean);
    let basis: Float32Array = Float32Array.from({ length: pixels * latents }, () => rng.normal()); // [latents, pixels]
    for (let i = 0; i < ITERATIONS; i++) {
      orthonormalise(basis, latents);
      basis = tf.tidy(() => {
        const found = centred.matMul(tf.tensor2d(basis, [latents, pixels]), false, true); // [count, latents]
        return found.matMul(centred, true).dataSync<"float32">().slice();
      });
    }
    orthonormalise(basis, latents);
    const found = centred.matMul(tf.tensor2d(basis, [latents, pixels]), false, true);
    return {
      middle: mean.dataSync<"float32">().slice(),
      directions: basis,
      deviations: found.square().mean(0).sqrt().dataSync<"float32">().slice(),
    } as never;
  }) as { middle: Float32Array; directions: Float32Array; deviations: Float32Array };
  return {
    size,
    latents,
    encode: (given) =>
      tf.tidy(() => {
        const rows = tf
          .tensor2d(given, [given.length / pixels, pixels], "int32")
          .cast("float32")
          .div(255)
          .sub<Tensor2D>(tf.tensor2d(middle, [1, pixels]));
        const found = rows.matMul(tf.tensor2d(directions, [latents, pixels]), false, true);
        return found.div(tf.tensor1d(deviations)).dataSync<"float32">();
      }),
    decode: (codes) =>
      tf.tidy(() => {
        const found = tf
          .tensor2d(codes, [codes.length / latents, latents])
          .mul<Tensor2D>(tf.tensor1d(deviations));
        const pictures = found.matMul(tf.tensor2d(directions, [latents, pixels])).add(tf.tensor1d(middle));
        return Uint8Array.from(pictures.clipByValue(0, 1).mul(255).round().dataSync());
      }),
  };
}

/** Gram and Schmidt's, in place. @param rows [count, length] */
function orthonormalise(rows: Float32Array, count: number): void {
  const length = rows.length / count;
  const row = (i: number) => rows.subarray(i * length, (i + 1) * length);
  const product = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += a[i] * b[i];
    return sum;
  };
  for (let i = 0; i < count; i++) {
    const own = row(i);
    for (let j = 0; j < i; j++) {
      const other = row(j);
      const share = product(own, other);
      for (let k = 0; k < length; k++) own[k] -= share * other[k];
    }
    const norm = Math.sqrt(product(own, own)) || 1;
    for (let k = 0; k < length; k++) own[k] /= norm;
  }
}
