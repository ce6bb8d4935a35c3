// Bytes of frames as the networks take them, from -1 to 1, and back.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";

/**
 * Some frames as a tensor.
 *
 * @param images 0 to 255, [count, size, size, 3]
 * @param chosen places of the frames; by default all
 * @returns from -1 to 1, [chosen, size, size, 3]
 */
export function framesTensor(images: Uint8Array, size: number, chosen?: ArrayLike<number>): Tensor4D {
  const values = size * size * 3;
  const count = chosen?.length ?? images.length / values;
  const pixels = new Float32Array(count * values);
  for (let row = 0; row < count; row++) {
    const from = (chosen?.[row] ?? row) * values;
    for (let i = 0; i < values; i++) pixels[row * values + i] = images[from + i] / 127.5 - 1;
  }
  return tensorflow().tensor4d(pixels, [count, size, size, 3]);
}

/** @param images from -1 to 1 @returns 0 to 255 */
export const pixelsOf = (images: Tensor): Uint8Array =>
  Uint8Array.from(images.dataSync<"float32">(), (value) =>
    Math.min(255, Math.max(0, (value + 1) * 127.5 + 0.5)),
  );

/** Frames that go through a network at once where nothing is trained. */
export const CHUNK = 256;

/**
 * Runs a network over many rows, some at a time.
 *
 * @param rows how many there are
 * @param run from a range of rows to a tensor with that many rows of `width` numbers; it runs within tf.tidy
 * @returns [rows, width]
 */
export function inChunks(
  rows: number,
  width: number,
  run: (from: number, to: number) => Tensor,
): Float32Array {
  const found = new Float32Array(rows * width);
  for (let from = 0; from < rows; from += CHUNK) {
    const to = Math.min(rows, from + CHUNK);
    tensorflow().tidy(() => found.set(run(from, to).dataSync<"float32">(), from * width));
  }
  return found;
}
