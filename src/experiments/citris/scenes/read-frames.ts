// Frames of an .npz file of one's own, as the CITRIS tutorial keeps them: bytes, with or without an alpha channel.
import { readNpz } from "../../../io";

/**
 * Reads frames.
 *
 * @param file an .npz file with frames under "images" or "imgs", of bytes, with or without an alpha channel
 * @param size height and width that they must have
 * @returns frames one after the other, 0 to 255, [count, size, size, 3], and the axes before theirs
 * @throws {RangeError} where the file has no frames of that size, or values that are no bytes
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { citris, writeNpz } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/frames-`);
 * const file = `${folder}/frames.npz`;
 * writeNpz(file, { images: { shape: [2, 4, 4, 3], data: new Uint8Array(2 * 4 * 4 * 3) } });
 * citris.readFrames(file, 4).leading; // => [2]
 * rmSync(folder, { recursive: true });
 */
export function readFrames(file: string, size: number): { frames: Uint8Array; leading: number[] } {
  const arrays = readNpz(file, { keys: ["images", "imgs"] });
  const found = arrays.get("images") ?? arrays.get("imgs");
  const rule = `its frames, under "images" or "imgs", must be [..., ${size}, ${size}, 3 or 4]`;
  if (!found) throw new RangeError(`Cannot encode ${file} as ${rule}: got no such array`);
  const { shape, data } = found;
  const channels = shape[shape.length - 1];
  const fits = shape.length >= 3 && shape[shape.length - 2] === size && shape[shape.length - 3] === size;
  if (!fits || (channels !== 3 && channels !== 4))
    throw new RangeError(`Cannot encode ${file} as ${rule}, as the model's were: got [${shape}]`);
  const pixels = data.length / channels;
  const frames = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let colour = 0; colour < 3; colour++) {
      const value = data[pixel * channels + colour];
      if (!(Number.isInteger(value) && value >= 0 && value <= 255))
        throw new RangeError(
          `Cannot encode ${file} as its values must be whole numbers from 0 to 255: got ${value}`,
        );
      frames[pixel * 3 + colour] = value;
    }
  return { frames, leading: shape.slice(0, -3) };
}
