// A batch of images for training: gather, random crop, random flip, scale, normalise, in one pass over the bytes. As
// torchvision's RandomCrop(size, padding), RandomHorizontalFlip(), ToTensor(), Normalize(mean, standard deviation) in
// this order, to the last bit: the padding is black, so that padded pixels become (0 - mean) / standard deviation.
import { requireKnownOptions } from "../io/known-options";
import type { Random } from "../random";

/** Images as bytes. */
export interface ByteImages {
  /** [count, height, width, channels] */
  shape: readonly number[];
  data: Uint8Array;
}

export interface AugmentOptions {
  /** Drawn from three times an image where there is a crop or a flip, and then needed. */
  rng?: Random;
  /** Crops of the image's own size out of the image with so many black pixels on each side. */
  crop?: { padding: number };
  /** Whether half of the images are mirrored, left to right. */
  flip?: boolean;
  /** The mean of each channel, where bytes run from 0 to 1; by default 0. */
  mean?: readonly number[];
  /** The standard deviation of each channel; by default 1. */
  standardDeviation?: readonly number[];
}

/**
 * Makes a batch of some images.
 *
 * @param images bytes, [count, height, width, channels]
 * @param indices which images, [batch]
 * @param options how they are cropped, flipped and normalised
 * @returns [batch, height, width, channels]
 * @throws {RangeError} for an index that is no image's, or options out of their range; {TypeError} where `data` does not
 *   have the elements of `shape`
 * @example
 * const images = { shape: [2, 1, 2, 1], data: Uint8Array.of(0, 51, 102, 255) };
 * augmentImages(images, [1], { mean: [0.4], standardDeviation: [0.5] }); // => Float32Array.of(0, 1.2)
 */
export function augmentImages(
  images: ByteImages,
  indices: ArrayLike<number>,
  options: AugmentOptions = {},
): Float32Array {
  requireKnownOptions("make a batch of images", options, [
    "rng",
    "crop",
    "flip",
    "mean",
    "standardDeviation",
  ]);
  const { rng, crop, flip = false, mean, standardDeviation } = options;
  const [count, height, width, channels] = requireImages(images);
  const padding = crop?.padding ?? 0;
  if (!Number.isInteger(padding) || padding < 0) throw refuse("padding is a whole number from 0", padding);
  if ((crop || flip) && !rng) throw refuse("a random crop or flip needs an rng", rng);
  const table = valueTable(channels, mean, standardDeviation); // [channels, 256]
  const size = height * width * channels;
  const batch = new Float32Array(indices.length * size); // [batch, height, width, channels]
  for (let place = 0; place < indices.length; place++) {
    const index = indices[place];
    if (!(index >= 0 && index < count && Number.isInteger(index)))
      throw refuse(`there are images 0 to ${count - 1}`, index);
    let [top, left, mirrored] = [0, 0, false];
    if (rng && (crop || flip)) {
      top = rng.integer(0, 2 * padding + 1) - padding;
      left = rng.integer(0, 2 * padding + 1) - padding;
      mirrored = rng.uniform() < 0.5 && flip;
    }
    const source = images.data.subarray(index * size, (index + 1) * size);
    const target = batch.subarray(place * size, (place + 1) * size);
    drawImage(source, target, { height, width, channels, top, left, mirrored, table });
  }
  return batch;
}

interface Drawing {
  height: number;
  width: number;
  channels: number;
  /** The crop's first row and column in the image; what lies outside is black. */
  top: number;
  left: number;
  mirrored: boolean;
  table: Float32Array;
}

function drawImage(source: Uint8Array, target: Float32Array, drawing: Drawing): void {
  const { height, width, channels, top, left, mirrored, table } = drawing;
  const first = Math.max(0, -left); // columns of the crop that lie in the image: first to end - 1
  const end = Math.min(width, width - left);
  const step = mirrored ? -channels : channels;
  for (let y = 0; y < height; y++) {
    const inside = y + top >= 0 && y + top < height;
    const rowStart = (y * width + (mirrored ? width - 1 : 0)) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const entries = channel * 256;
      const black = table[entries];
      let to = rowStart + channel;
      let x = 0;
      if (inside) {
        for (; x < first; x++, to += step) target[to] = black;
        let from = ((y + top) * width + x + left) * channels + channel;
        for (; x < end; x++, to += step, from += channels) target[to] = table[entries + source[from]];
      }
      for (; x < width; x++, to += step) target[to] = black;
    }
  }
}

/** What each byte becomes in each channel, rounded to float32 after each operation as torchvision does. */
function valueTable(
  channels: number,
  mean: readonly number[] = Array(channels).fill(0),
  standardDeviation: readonly number[] = Array(channels).fill(1),
): Float32Array {
  for (const [what, values] of Object.entries({ mean, standardDeviation }))
    if (values.length !== channels)
      throw refuse(`${what} has a number for each of ${channels} channels`, values.length);
  const wrong = standardDeviation.find((value) => !(value > 0));
  if (wrong !== undefined) throw refuse("standardDeviation is above 0", wrong);
  const { fround } = Math;
  return Float32Array.from({ length: channels * 256 }, (_, entry) => {
    const channel = entry >> 8;
    return fround(fround((entry & 255) / 255) - fround(mean[channel])) / fround(standardDeviation[channel]);
  });
}

function requireImages({ shape, data }: ByteImages): readonly number[] {
  const elements = shape.reduce((product, length) => product * length, 1);
  if (shape.length === 4 && elements === data.length) return shape;
  throw new TypeError(
    `Cannot make a batch as images are [count, height, width, channels]: got [${shape}] of ${data.length} bytes`,
  );
}

const refuse = (rule: string, got: unknown) => new RangeError(`Cannot make a batch as ${rule}: got ${got}`);
