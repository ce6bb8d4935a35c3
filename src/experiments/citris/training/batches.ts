// Rows of a sequence as the tensors that trainers take: codes or frames of two frames in a row, with the targets between them.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";
import { framesTensor } from "../scenes/pixels";

/** How many codes set up a flow's ActNorms. */
export const FIRST_ROWS = 1000;

/** @returns the whole numbers from `from` to below `to` */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** @param values [count, width] @returns the chosen rows, one after the other, [rows, width] */
export function gather(
  values: Float32Array | Uint8Array,
  width: number,
  rows: ArrayLike<number>,
): Float32Array {
  const found = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    found.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return found;
}

/** Codes of a frame and of the next. @param codes [frames, width] @returns [rows, 2, width] */
export function codePairs(codes: Float32Array, width: number, rows: Int32Array): Tensor {
  const pairs = new Float32Array(rows.length * 2 * width);
  for (const [i, row] of rows.entries())
    pairs.set(codes.subarray(row * width, (row + 2) * width), i * 2 * width);
  return tensorflow().tensor3d(pairs, [rows.length, 2, width]);
}

/** A frame and the next. @param images [frames, size, size, 3] @returns [rows, 2, size, size, 3] */
export function framePairs(images: Uint8Array, size: number, rows: Int32Array): Tensor {
  const places = Array.from(rows).flatMap((row) => [row, row + 1]);
  return framesTensor(images, size, places).reshape([rows.length, 2, size, size, 3]);
}

/** What was intervened upon after each frame. @param targets [frames - 1, factors] @returns [rows, factors] */
export const targetsOf = (targets: Uint8Array, factors: number, rows: Int32Array): Tensor =>
  tensorflow().tensor2d(gather(targets, factors, rows), [rows.length, factors]);
