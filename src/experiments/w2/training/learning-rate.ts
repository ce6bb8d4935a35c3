// The learning rate that goes with a width. Both gradients are reduced to unit norm, so that a step is as long as the learning
// rate, whatever the loss; what it does to a network depends on its length against the norm of the weights. He's initial values
// (He et al. 2015, arXiv:1502.01852) have variance 2 / fan-in, so that a layer's norm is √(2 · channels out) and the norm of
// all weights grows as √width. Source document 000 has rate 0.1 at width 64.
import type { W2Configuration } from "../configuration";

const document = { learningRate: 0.1, width: 64 };

/**
 * Gives the learning rate of the two checkpoints before their milestones.
 *
 * @param configuration.learningRate a number, which stays as it is, or "auto": 0.1 · √(width / 64)
 * @param configuration.width channels of ResNet-18's first stage, a whole number from 1 to 256
 * @throws {RangeError} for "auto" with another width
 * @example
 * import { w2 } from "dolab";
 * w2.learningRateOf({ learningRate: "auto", width: 16 }); // => 0.05
 * w2.learningRateOf({ learningRate: 0.2, width: 16 }); // => 0.2
 */
export function learningRateOf({
  learningRate,
  width,
}: Pick<W2Configuration, "learningRate" | "width">): number {
  if (learningRate !== "auto") return learningRate;
  if (!(Number.isInteger(width) && width >= 1 && width <= 256))
    throw new RangeError(
      `Cannot choose a learning rate as the width must be a whole number from 1 to 256: got ${width}`,
    );
  return document.learningRate * Math.sqrt(width / document.width);
}
