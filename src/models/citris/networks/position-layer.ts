// Features of a pixel's place, added to an image: a linear map of its row and column, each from -1 to 1 (the position
// layer of CITRIS's published networks, as in Slot Attention, Locatello et al. 2020).
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { createDense, type DenseParameters, dense, tensorflow } from "../../../tensor";

export type PositionLayer = DenseParameters<Variable>;

export const createPositionLayer = (channels: number, rng: Random): PositionLayer =>
  createDense(2, channels, { rng });

/** @param images [batch, height, width, channels] @returns the same shape */
export function positionLayer(layer: PositionLayer, images: Tensor): Tensor {
  const [, height, width] = images.shape;
  return images.add(dense(layer, positionGrid(height, width)));
}

/** Row, then column of each pixel, from -1 to 1. @returns [height, width, 2] */
function positionGrid(height: number, width: number): Tensor {
  const grid = Float32Array.from({ length: height * width * 2 }, (_, place) => {
    const pixel = place >> 1;
    const row = place % 2 === 0;
    return row ? along(Math.floor(pixel / width), height) : along(pixel % width, width);
  });
  return tensorflow().tensor3d(grid, [height, width, 2]);
}

const along = (place: number, count: number) => (2 * place) / (count - 1) - 1;
