// The images that a run works on, and the examples of noisy labels that it shows; or the folder of saved results that is
// shown instead, which needs no images.
import { existsSync } from "node:fs";
import { loadCifar10 } from "../../data";
import type { ImageDataset } from "../../data/image-dataset";
import { inProject } from "../../environment/paths.mjs";
import type { ProgressReporter } from "../../io";
import type { W2Configuration } from "./configuration";
import { type LabelNoiseExample, labelNoiseExamples } from "./label-noise-examples";
import { loadShownRun, type W2Run } from "./saved-run";

export interface RunData {
  /** Where the images come from, in a sentence for the first line of notebook, report and index. */
  dataSource: string;
  synthetic: boolean;
  /** The first training images, with the label noise of the first seed. */
  examples: LabelNoiseExample[];
  /** Absent where saved results are shown. */
  images?: ImageDataset;
  saved?: W2Run;
}

/** Presets whose numbers are about CIFAR-10: nothing stands in for it there, silently or not. */
const cifar10Presets: readonly string[] = ["standard", "paper"];

/**
 * Loads the images of a run, or the saved results that `load` names.
 *
 * @throws {RangeError} at presets standard and paper where `data` is not "cifar10"; where no seed of saved results is done
 * @throws {DatasetMissingError} where `data` is "cifar10" and the images cannot be had
 */
export async function loadRunData(
  configuration: W2Configuration,
  { progress, signal }: { progress?: ProgressReporter; signal?: AbortSignal } = {},
): Promise<RunData> {
  const { data, preset, load, images: trainingImages, testImages, seed } = configuration;
  if (load !== "") {
    const saved = loadShownRun(existsSync(load) ? load : inProject(load)); // a notebook's kernel runs in its own folder
    const { dataSource, synthetic, examples } = saved;
    return { dataSource: `${dataSource} (results saved in ${load})`, synthetic, examples, saved };
  }
  if (data !== "cifar10" && cifar10Presets.includes(preset))
    throw new RangeError(
      `Cannot run w2 at preset "${preset}" as its data are CIFAR-10 alone: got "${data}"; other images take preset ` +
        `"quick", with the keys of "${preset}" where these are wanted`,
    );
  const images = await loadCifar10({ data, trainingImages, testImages, seed, progress, signal });
  return {
    ...{ dataSource: images.source, synthetic: images.isSynthetic, images },
    examples: labelNoiseExamples(images, configuration),
  };
}
