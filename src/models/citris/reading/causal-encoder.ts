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

/** @param options.channels of the feature maps, and features that the heads read */
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

export const causalEncoderVariables = ({ encoder, heads }: CausalEncoder): Record<string, Variable> => ({
  ...prefixNames("encoder", encoder.variables),
  ...factorHeadVariables(heads),
});

/**
 * What factors frames show.
 *
 * @param images from -1 to 1. [rows, size, size, 3]
 * @returns for each factor [rows, outputs], see `readFactors`
 */
export function readCausalFactors(
  { encoder, heads }: CausalEncoder,
  images: Tensor,
  { training }: { training: boolean },
): Tensor[] {
  requireImages(images, encoder.size);
  return readFactors(heads, encoder.encode(images, { training }).mean);
}

/** The sum of all factors' losses. @param truth [rows, factors] */
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
