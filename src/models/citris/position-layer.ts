// Features of a pixel's place, added to an image: a linear map of its row and column, each from -1 to 1 (the position
// layer of CITRIS's published networks, as in Slot Attention, Locatello et al. 2020).
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { createDense, type DenseParameters, dense, tensorflow } from "../../tensor";

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
  const tf = tensorflow();
  const rows = tf.linspace(-1, 1, height).reshape([height, 1]).tile([1, width]);
  const columns = tf.linspace(-1, 1, width).reshape([1, width]).tile([height, 1]);
  return tf.stack([rows, columns], 2);
}
