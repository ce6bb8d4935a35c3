import type { Tensor1D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";

/** Another seed for another draw of the same step. @param seed int32 [2] @param draw 1, 2, ... */
export const seedFor = (seed: Tensor1D, draw: number): Tensor1D =>
  seed.add(
    tensorflow().tensor1d(
      [0x9e3779b9 * draw, draw].map(Math.trunc).map((word) => word | 0),
      "int32",
    ),
  );
