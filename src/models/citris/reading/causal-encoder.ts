// CITRIS's causal encoder: a network that is taught the causal factors of frames with labels, and then says which factors a
// decoded frame shows (Lippe et al. 2022, arXiv:2202.03169, appendix C).
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { prefixNames } from "../../../tensor";
import { requireImages } from "../autoencoder";
import { createImageNetworks, type ImageEncoder, type NetworkKind } from "../networks/image-networks";
import {
  type CausalFactor,
  createFactorHeads,
  type FactorHeads,
  factorHeadVariables,
  factorLosses,
  readFactors,
} from "./causal-factors";

export interface CausalEncoder {
  readonly encoder: ImageEncoder;
  readonly heads: FactorHeads;
}

/**
 * Makes the parameters of a causal encoder.
 *
 * @param options.factors what it reads, column by column of the truth
 * @param options.size height and width of the frames: 64
 * @param options.channels of the feature maps, and features that the heads read: 64
 * @param options.kind by default simple networks for 32 x 32 pixels and residual ones for others
 * @param options.rng draws the weights
 * @returns the encoder; its variables are those of `causalEncoderVariables`
 * @throws {RangeError} where a size is out of its range
 * @example
 * import { createCausalEncoder, createRandom, readCausalFactors, tensorflow } from "dolab";
 * const factors = [{ name: "turn", kind: "angle" }, { name: "colour", kind: "category", classes: 3 }] as const;
 * const model = createCausalEncoder({ factors, size: 8, channels: 4, rng: createRandom(0) });
 * const readings = readCausalFactors(model, tensorflow().zeros([5, 8, 8, 3]), { training: false });
 * readings.map(({ shape }) => shape); // => [[5, 2], [5, 3]]
 */
export function createCausalEncoder({
  factors,
  size = 64,
  channels = 64,
  kind,
  rng,
}: {
  factors: readonly CausalFactor[];
  size?: number;
  channels?: number;
  kind?: NetworkKind;
  rng: Random;
}): CausalEncoder {
  const { encoder } = createImageNetworks({ size, channels, latents: channels, kind, rng });
  return { encoder, heads: createFactorHeads(factors, channels, rng) };
}

/**
 * Names the variables as the published code does.
 *
 * @param model as `createCausalEncoder` makes it
 * @returns variables by name, running statistics among them
 * @example
 * import { causalEncoderVariables, createCausalEncoder, createRandom } from "dolab";
 * const factors = [{ name: "turn", kind: "angle" }] as const;
 * const model = createCausalEncoder({ factors, size: 8, channels: 4, rng: createRandom(0) });
 * causalEncoderVariables(model)["pred_layers.turn.bias"].shape; // => [2]
 */
export const causalEncoderVariables = ({ encoder, heads }: CausalEncoder): Record<string, Variable> => ({
  ...prefixNames("encoder", encoder.variables),
  ...factorHeadVariables(heads),
});

/**
 * Reads the factors that frames show.
 *
 * @param model as `createCausalEncoder` makes it
 * @param images from -1 to 1. [rows, size, size, 3]
 * @param mode.training whether batches are normalised with their own statistics, which the running ones follow
 * @returns for each factor [rows, outputs]: a value, the sine and cosine of an angle, or logits of a category
 * @throws {TypeError} where the images are of another size
 * @example
 * import { createCausalEncoder, createRandom, factorValue, readCausalFactors, tensorflow } from "dolab";
 * const place = { name: "place", kind: "continuous", bound: 2 } as const;
 * const model = createCausalEncoder({ factors: [place], size: 8, channels: 4, rng: createRandom(0) });
 * const [reading] = readCausalFactors(model, tensorflow().zeros([1, 8, 8, 3]), { training: false });
 * Math.abs(factorValue(place, reading.dataSync())) < 2; // => true
 */
export function readCausalFactors(
  { encoder, heads }: CausalEncoder,
  images: Tensor,
  { training }: { training: boolean },
): Tensor[] {
  requireImages(images, encoder.size);
  return readFactors(heads, encoder.encode(images, { training }).mean);
}

/**
 * Sums all factors' losses: squared errors of values, 1 - cosine of angles, and cross-entropies of categories.
 *
 * @param model as `createCausalEncoder` makes it
 * @param images from -1 to 1. [rows, size, size, 3]
 * @param truth angles in radians, categories as their numbers. [rows, factors]
 * @param mode.training whether batches are normalised with their own statistics; then an angle's vector is kept long, too
 * @returns a scalar, a mean over the rows
 * @throws {TypeError} where the images are of another size
 * @example
 * import { causalEncoderLoss, createCausalEncoder, createRandom, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const factors = [{ name: "turn", kind: "angle" }] as const;
 * const model = createCausalEncoder({ factors, size: 8, channels: 4, rng: createRandom(0) });
 * const [images, truth] = [tf.zeros([2, 8, 8, 3]), tf.tensor2d([[0], [Math.PI]])]; // one picture, two opposite answers
 * causalEncoderLoss(model, images, truth, { training: false }).dataSync()[0].toFixed(4); // => "1.0000"
 */
export function causalEncoderLoss(
  model: CausalEncoder,
  images: Tensor,
  truth: Tensor,
  { training }: { training: boolean },
): Scalar {
  const readings = readCausalFactors(model, images, { training });
  const losses = Object.values(factorLosses(model.heads.factors, readings, truth, { training }));
  return losses.reduce((sum, loss) => sum.add(loss));
}
