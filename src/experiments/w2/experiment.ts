// W2, causal intervention on training: does a network's history decide its state at the same λ? Source document 000; its
// dual-gradient training is in src/train/dual-gradient.ts, the phases of a seed in phases.ts. A unit is a seed.
import { loadCifar10 } from "../../data";
import type { ImageDataset } from "../../data/image-dataset";
import type { Experiment, SavedRun } from "../experiment";
import { claims } from "./claims";
import { createClassifier } from "./classifier";
import { type DecidingConfiguration, type W2Configuration, w2Source } from "./configuration";
import { type LabelNoiseExample, labelNoiseExamples } from "./label-noise-examples";
import { exampleFile, progressFiles, resultFiles, resultPictures } from "./result-files";
import type { EpochRow, SeedResult } from "./results";
import { readExamples, readRows } from "./saved-files";
import { summaryText } from "./summary";
import { factTable } from "./tables";
import { type SeedOutcome, seedSteps, seedStepsDone, trainSeed } from "./train-seed";

/** What a run works on. */
export interface W2Data {
  dataSource: string;
  synthetic: boolean;
  images: ImageDataset;
  /** The first training images, with the label noise of the first seed. */
  examples: LabelNoiseExample[];
}

/** A run and what it found so far. */
export interface W2Run extends Omit<SavedRun<DecidingConfiguration, SeedOutcome>, "units" | "rows"> {
  examples: LabelNoiseExample[];
  /** In the order of the seeds; fewer than the configuration's where the run has not ended. */
  results: SeedResult[];
  epochs: EpochRow[];
}

const seedOf = (key: string) => Number(key.replace("seed-", ""));
const keyOf = (seed: number) => `seed-${seed}`;

export const w2: Experiment<W2Configuration, W2Data, SeedOutcome, W2Run> = {
  ...w2Source,
  title: "W2: causal intervention on training",
  document: {
    number: "000",
    title: "W2: Causal Intervention (dual-gradient learning)",
    link: "https://github.com/HIDEKI-SQ/dual-gradient-learning",
  },
  notebook: "w2-causal-intervention",
  description: "causal intervention on training: does history decide the state at the same λ? (document 000)",
  label: "W2",
  reference: "w2-standard",
  undeciding: ["processes", "load"],
  counts: "steps",
  trainsConvolutions: true,

  async load(configuration, options) {
    const { data, images: trainingImages, testImages, seed, standIn } = configuration;
    if (data !== "cifar10" && !standIn)
      throw new RangeError(
        `Cannot run w2 at preset "${configuration.preset}" as its data are CIFAR-10 alone: got "${data}"; "standIn": true lets ` +
          "generated images stand in for it",
      );
    const images = await loadCifar10({ data, trainingImages, testImages, seed, ...options });
    const { source: dataSource, isSynthetic: synthetic } = images;
    return { dataSource, synthetic, images, examples: labelNoiseExamples(images, configuration) };
  },
  decide: (configuration, { synthetic }) => ({ ...configuration, data: synthetic ? "generated" : "cifar10" }),
  units: (configuration) =>
    Array.from({ length: configuration.seeds }, (_, i) => configuration.seed + i).map((seed) => ({
      key: keyOf(seed),
      title: `seed ${seed}`,
      cost: seedSteps(configuration, seed),
    })),
  costDone: ({ key }, configuration, folder) => seedStepsDone(configuration, folder, seedOf(key)),
  begin({ processes: _, load: __, ...configuration }, { images, dataSource }) {
    const classifier = createClassifier(configuration, images);
    return {
      run: ({ key }, context) =>
        trainSeed(classifier, images, configuration, seedOf(key), { dataSource, ...context }),
      dispose: classifier.dispose,
    };
  },

  outcome: ({ rows, units: _, ...run }) => ({
    ...run,
    examples: readExamples(run.folder),
    results: rows.map(({ result }) => result),
    epochs: rows.flatMap(({ epochs }) => epochs),
  }),
  readRows: (folder) => new Map(readRows(folder).map((row) => [keyOf(row.result.seed), row])),
  startFiles: (_, { examples }) => [exampleFile(examples)],
  progressFiles: ({ results, epochs }) => progressFiles(results, epochs),
  resultFiles,
  pictures: resultPictures,
  pictureFormats: ["png", "pdf"],
  summary: (run) =>
    [
      summaryText(run.results, run.configuration),
      ...factTable(run).map(({ fact, value }) => `${fact}: ${value}`),
    ].join("\n"),
  claims,
};
