// Smaller images for smaller budgets: each pixel of the result is the mean of a square of pixels.
import type { ByteImages } from "./augment-images";

/**
 * Averages images down to a smaller side.
 *
 * @param images bytes, [count, height, width, channels]
 * @param factor how many pixels of a row, and of a column, become one: a divisor of height and width
 * @returns bytes, [count, height / factor, width / factor, channels], each mean rounded to the nearest; `images` itself at 1
 * @throws {RangeError} where the factor is no divisor of both
 * @example
 * const images = { shape: [1, 2, 2, 1], data: Uint8Array.of(0, 10, 20, 32) };
 * shrinkImages(images, 2).data; // => Uint8Array.of(16)
 */
export function shrinkImages(images: ByteImages, factor: number): ByteImages {
  if (factor === 1) return images;
  const [count, height, width, channels] = images.shape;
  if (!(Number.isInteger(factor) && factor > 0 && height % factor === 0 && width % factor === 0))
    throw new RangeError(
      `Cannot shrink images of ${height} x ${width} pixels as the factor must divide both: got ${factor}`,
    );
  const [rows, columns, area] = [height / factor, width / factor, factor * factor];
  const data = new Uint8Array(count * rows * columns * channels); // [count, rows, columns, channels]
  const sums = new Float64Array(columns * channels);
  for (let row = 0; row < count * rows; row++) {
    sums.fill(0);
    for (let y = 0; y < factor; y++) {
      const from = (row * factor + y) * width * channels;
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < channels; channel++)
          sums[Math.floor(x / factor) * channels + channel] += images.data[from + x * channels + channel];
    }
    for (let i = 0; i < sums.length; i++) data[row * sums.length + i] = Math.round(sums[i] / area);
  }
  return { shape: [count, rows, columns, channels], data };
}
