// Pictures of a few held-out pairs with their reconstructions, as JPEGs that a run's rows can hold.
import { encode } from "jpeg-js";
import { type CircuitPairs, circuitImages, type PairHalf } from "../../../data";
import { decodeJpeg, jpegSize } from "../../../data/causal-circuit/jpeg-image";
import type { PictureCoder } from "./picture-coder";

export interface ExamplePair {
  /** 0: none, k: variable k - 1 */
  intervention: number;
  /** The true variables, in the order of `circuitVariables`. */
  causalBefore: number[];
  causalAfter: number[];
  /** JPEGs as base64: the pictures, and what their codes decode to. */
  before: string;
  after: string;
  decodedBefore: string;
  decodedAfter: string;
}

const QUALITY = 95;

/** One pair of each intervention, the first ones that there are. @param codes of all pairs, [pairs, latents] */
export function examplePairs(
  coder: PictureCoder,
  pairs: CircuitPairs,
  codes: { before: Float32Array; after: Float32Array },
): ExamplePair[] {
  const chosen = [0, 1, 2, 3, 4]
    .map((label) => pairs.intervention.indexOf(label))
    .filter((pair) => pair >= 0);
  const decoded = (rows: Float32Array) =>
    coder.decode(
      Float32Array.from(
        chosen.flatMap((pair) => Array.from(rows.subarray(pair * coder.latents, (pair + 1) * coder.latents))),
      ),
    );
  const shown = (half: PairHalf) => circuitImages(pairs, chosen, half);
  return packExamples(pairs, chosen, {
    before: shown("before"),
    after: shown("after"),
    decodedBefore: decoded(codes.before),
    decodedAfter: decoded(codes.after),
  });
}

/** @param images each 0 to 255, [chosen, size, size, 3] */
function packExamples(
  { size, intervention, causalBefore, causalAfter }: Omit<CircuitPairs, "draw">,
  chosen: readonly number[],
  images: Record<"before" | "after" | "decodedBefore" | "decodedAfter", Uint8Array>,
): ExamplePair[] {
  const bytes = size * size * 3;
  const jpeg = (all: Uint8Array, i: number) => toJpeg(all.subarray(i * bytes, (i + 1) * bytes), size);
  return chosen.map((pair, i) => ({
    intervention: intervention[pair],
    causalBefore: Array.from(causalBefore.subarray(4 * pair, 4 * pair + 4)),
    causalAfter: Array.from(causalAfter.subarray(4 * pair, 4 * pair + 4)),
    before: jpeg(images.before, i),
    after: jpeg(images.after, i),
    decodedBefore: jpeg(images.decodedBefore, i),
    decodedAfter: jpeg(images.decodedAfter, i),
  }));
}

/** @param pixels [size, size, 3] */
function toJpeg(pixels: Uint8Array, size: number): string {
  const rgba = new Uint8Array(size * size * 4).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++)
    for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = pixels[3 * pixel + c];
  return encode({ width: size, height: size, data: rgba }, QUALITY).data.toString("base64");
}

/** @returns 0 to 255, [size, size, 3] */
export const examplePicture = (jpeg: string, size: number): Uint8Array =>
  decodeJpeg(Buffer.from(jpeg, "base64"), size);

/** Height and width of an example's pictures. */
export const exampleSize = ({ before }: ExamplePair): number => jpegSize(Buffer.from(before, "base64")).width;
