// What both variants of CITRIS are trained on: two frames in a row and the targets of the interventions between them.
import type { Tensor } from "@tensorflow/tfjs-node";

/** @throws {TypeError} where frames are not [rows, 2, ...tail] and targets not [rows, factors] */
export function requireFramePairs(
  frames: Tensor,
  targets: Tensor,
  { tail, factors }: { tail: readonly number[]; factors: number },
): void {
  const wanted = `[rows, 2, ${tail}]`;
  if (frames.shape.length !== 2 + tail.length || frames.shape.slice(1).join() !== [2, ...tail].join())
    throw new TypeError(`Cannot take the loss as frames must be ${wanted}: got [${frames.shape}]`);
  if (targets.shape.join() !== [frames.shape[0], factors].join()) {
    const rule = `targets must be [${frames.shape[0]}, ${factors}]`;
    throw new TypeError(`Cannot take the loss as ${rule}: got [${targets.shape}]`);
  }
}
