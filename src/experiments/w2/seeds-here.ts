// Seeds one after the other in this process, which share one network and its graphs.
import type { ImageDataset } from "../../data/image-dataset";
import { createClassifier } from "./classifier";
import type { DecidingConfiguration } from "./configuration";
import { type SeedOutcome, trainSeed } from "./train-seed";

export interface SeedsOptions {
  folder: string;
  images: ImageDataset;
  dataSource: string;
  signal?: AbortSignal;
  /** Seeds at once. */
  processes: number;
  /** Told of the steps of a seed that are done. */
  onProgress: (seed: number, done: number, facts: Readonly<Record<string, number | string>>) => void;
  /** Told of each seed that is done. */
  onSeed: (outcome: SeedOutcome) => void;
}

/** Trains seeds until all are done or the signal pauses them. */
export async function trainHere(
  seeds: readonly number[],
  configuration: DecidingConfiguration,
  { images, onProgress, onSeed, ...options }: SeedsOptions,
): Promise<void> {
  if (seeds.length === 0) return;
  const classifier = createClassifier(configuration, images);
  try {
    for (const seed of seeds) {
      if (options.signal?.aborted) return;
      const outcome = await trainSeed(classifier, images, configuration, seed, {
        ...options,
        onProgress: (done, facts) => onProgress(seed, done, facts),
      });
      if (!outcome) return;
      onSeed(outcome);
    }
  } finally {
    classifier.dispose();
  }
}
