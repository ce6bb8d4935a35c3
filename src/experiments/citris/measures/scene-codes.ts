// Codes that networks give to frames, and how well frames come back from them.
import type { Tensor } from "@tensorflow/tfjs-node";
import { encodeScenes, type SceneAutoencoder } from "../../../models/citris";
import { tensorflow } from "../../../tensor";
import { CHUNK, framesTensor, inChunks, pixelsOf } from "../scenes/pixels";

/** The place of each frame of a chunk. */
const places = (from: number, to: number) => Array.from({ length: to - from }, (_, row) => from + row);

/**
 * What a network says of frames, some frames at a time.
 *
 * @param images 0 to 255, [count, size, size, 3]
 * @param width numbers that it says of each
 * @param encode from frames, from -1 to 1, [rows, size, size, 3], to [rows, width]
 * @returns [count, width]
 */
export const encodeFrames = (
  images: Uint8Array,
  size: number,
  width: number,
  encode: (frames: Tensor) => Tensor,
): Float32Array =>
  inChunks(images.length / (size * size * 3), width, (from, to) =>
    encode(framesTensor(images, size, places(from, to))),
  );

/** The codes of an autoencoder. @param images [count, size, size, 3] @returns [count, latents] */
export const codesOf = (model: SceneAutoencoder, images: Uint8Array): Float32Array =>
  encodeFrames(images, model.encoder.size, model.latents, (frames) =>
    encodeScenes(model, frames, { training: false }),
  );

/** Mean squared difference of frames and their reconstructions without noise, in shares of the range; of 1,024 at most. */
export function reconstructionError(model: SceneAutoencoder, images: Uint8Array): number {
  const { size } = model.encoder;
  const values = size * size * 3;
  const count = Math.min(images.length / values, 4 * CHUNK);
  let squares = 0;
  for (let from = 0; from < count; from += CHUNK)
    tensorflow().tidy(() => {
      const frames = framesTensor(images, size, places(from, Math.min(count, from + CHUNK)));
      const codes = encodeScenes(model, frames, { training: false });
      const drawn = pixelsOf(model.decoder.decode(codes, { training: false }));
      for (const [i, value] of drawn.entries()) squares += ((value - images[from * values + i]) / 255) ** 2;
    });
  return squares / (count * values);
}
