// The labels that g_s is computed from: source document 000's symmetric noise, drawn once for each seed.
import { injectLabelNoise } from "../../../data";
import type { ImageDataset } from "../../../data/image-dataset";
import type { DecidingConfiguration } from "../configuration";
import { orderedSeed } from "./phase-seeds";

/**
 * The labels that a seed trains on.
 *
 * @param images their training labels are left as they are
 * @param configuration.noiseRate share of labels that change, 0 to 1
 * @param configuration.noiseDraws "numpy" repeats the document's draws
 * @returns a copy with the noise, [images]
 */
export function noisyLabels(
  { training, classNames }: Pick<ImageDataset, "training" | "classNames">,
  { noiseRate, noiseDraws }: Pick<DecidingConfiguration, "noiseRate" | "noiseDraws">,
  seed: number,
): Uint8Array {
  const options = { seed: orderedSeed(seed), classes: classNames.length, draws: noiseDraws };
  return injectLabelNoise(training.labels, noiseRate, options).labels;
}
