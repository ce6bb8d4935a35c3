// A few training images with their clean and noisy labels: what is shown of the data, and kept beside the results so that
// saved results can be shown without the images.
import { IMAGE_SIDE, IMAGE_VALUES, type ImageDataset } from "../../../data/image-dataset";
import type { DecidingConfiguration } from "../configuration";
import { noisyLabels } from "../training/noisy-labels";

/** A training image with the label it came with and the one that is trained on. */
export interface LabelNoiseExample {
  clean: string;
  noisy: string;
  /** Red, green and blue, 0 to 255, base64. [32, 32, 3] */
  pixels: string;
}

const EXAMPLES = 12;

/** The first training images, with the noise of the first seed. */
export function labelNoiseExamples(
  images: ImageDataset,
  configuration: Pick<DecidingConfiguration, "noiseRate" | "noiseDraws" | "seed">,
): LabelNoiseExample[] {
  const { training, classNames } = images;
  const noisy = noisyLabels(images, configuration, configuration.seed);
  return Array.from({ length: Math.min(EXAMPLES, noisy.length) }, (_, index) => {
    const pixels = training.images.subarray(index * IMAGE_VALUES, (index + 1) * IMAGE_VALUES);
    return {
      clean: classNames[training.labels[index]],
      noisy: classNames[noisy[index]],
      pixels: Buffer.from(pixels).toString("base64"),
    };
  });
}

/** An example's rows of pixels. [32][32][3] */
export function pixelsOf({ pixels }: LabelNoiseExample): number[][][] {
  const bytes = Buffer.from(pixels, "base64");
  const side = Array.from({ length: IMAGE_SIDE }, (_, i) => i);
  return side.map((y) =>
    side.map((x) => Array.from(bytes.subarray(3 * (y * IMAGE_SIDE + x)).subarray(0, 3))),
  );
}
