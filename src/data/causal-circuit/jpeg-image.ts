// Decodes JPEG images with jpeg-js, after a look at their head: what it declares is checked before any pixel is made, so that an
// image of another size, or one that unfolds to gigabytes, costs nothing. (Where an image stores colours at half its resolution,
// jpeg-js repeats them where libjpeg interpolates: pixels at coloured edges differ by a few grey levels.)
import { decode } from "jpeg-js";

/** Memory of the decoder for one image of at most 4 megapixels. */
const MOST_MEGABYTES = 256;
const MOST_PIXELS = 2048;

/** Baseline, extended and progressive frames; others (lossless, arithmetic) are not decoded. */
const isFrame = (marker: number) => marker === 0xc0 || marker === 0xc1 || marker === 0xc2;

/**
 * What a JPEG's head declares.
 *
 * @throws {SyntaxError} where the bytes are no JPEG, or of a kind that is not decoded
 */
export function jpegSize(bytes: Uint8Array): { height: number; width: number; channels: number } {
  const refuse = (found: string) =>
    new SyntaxError(`Cannot decode a JPEG as it must be a baseline or progressive one: got ${found}`);
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8)
    throw refuse(bytes.length === 0 ? "no bytes" : "other bytes at its start");
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw refuse(`byte ${bytes[at]} where a marker should be`);
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    if (isFrame(marker)) {
      if (length < 8 || at + 10 > bytes.length) throw refuse("a frame cut short");
      const [height, width] = [5, 7].map((offset) => bytes[at + offset] * 256 + bytes[at + offset + 1]);
      return { height, width, channels: bytes[at + 9] };
    }
    if (marker === 0xda || marker === 0xd9) throw refuse("no frame before its data");
    if ((marker & 0xf0) === 0xc0 && marker !== 0xc4 && marker !== 0xcc)
      throw refuse(`a frame of kind ${marker.toString(16)}`);
    if (length < 2) throw refuse(`a segment of ${length} bytes`);
    at += 2 + length;
  }
  throw refuse("no frame");
}

/**
 * Decodes an image of a size that is known.
 *
 * @returns red, green and blue, 0 to 255. [size, size, 3]
 * @throws {SyntaxError} where it is of another size or not in three colours, or damaged
 */
export function decodeJpeg(bytes: Uint8Array, size: number): Uint8Array {
  const { height, width, channels } = jpegSize(bytes);
  if (height !== size || width !== size || channels !== 3 || size > MOST_PIXELS) {
    const most = Math.min(size, MOST_PIXELS);
    throw new SyntaxError(
      `Cannot decode a JPEG as it must be of ${most} x ${most} pixels in 3 colours: got ${width} x ${height} in ${channels}`,
    );
  }
  try {
    const { data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: (MOST_PIXELS * MOST_PIXELS) / 1e6,
      maxMemoryUsageInMB: MOST_MEGABYTES,
    });
    if (data.length !== size * size * 3) throw new Error(`${data.length} bytes of pixels`);
    return data;
  } catch (error) {
    throw new SyntaxError(`Cannot decode a JPEG as it must be whole: got ${(error as Error).message}`);
  }
}
