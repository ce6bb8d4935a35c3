// W2, causal intervention on training: does a network's history decide its state at the same λ? Source document 000; its
// dual-gradient training is in src/train/dual-gradient.ts, the phases of a seed in phases.ts. A unit is a seed, or a network that
// helps to find the boundary (works.ts).
import { loadCifar10 } from "../../data";
import type { ImageDataset } from "../../data/image-dataset";
import type { Experiment, SavedRun } from "../experiment";
import { claims } from "./claims";
import { type DecidingConfiguration, type W2Configuration, w2Source } from "./configuration";
import type { BoundaryRow } from "./results/boundary";
import { readDocumentFolder } from "./results/document-folder";
import { type LabelNoiseExample, labelNoiseExamples } from "./results/label-noise-examples";
import { exampleFile, progressFiles, resultFiles, resultPictures } from "./results/result-files";
import { readBoundary, readExamples, readRows } from "./results/saved-files";
import type { EpochRow, SeedResult } from "./results/seed-result";
import { summaryText } from "./summary";
import { factTable } from "./tables";
import { createClassifier } from "./training/classifier";
import { boundaryKey, isSeed, seedKey, type W2Row, workOf, worksOf } from "./training/units";

/** What a run works on. */
export interface W2Data {
  dataSource: string;
  synthetic: boolean;
  images: ImageDataset;
  /** The first training images, with the label noise of the first seed. */
  examples: LabelNoiseExample[];
}

/** A run and what it found so far. */
export interface W2Run
  extends Omit<SavedRun<DecidingConfiguration, W2Row>, "units" | "rows" | "output" | "recorded" | "assumed"> {
  examples: LabelNoiseExample[];
  /** In the order of the seeds; fewer than the configuration's where the run has not ended. */
  results: SeedResult[];
  epochs: EpochRow[];
  /** Fresh networks by λ; none where the configuration asks for none. */
  boundary: BoundaryRow[];
}

export const w2: Experiment<W2Configuration, W2Data, W2Row, W2Run> = {
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
    const { data, difficulty, images: trainingImages, testImages, seed } = configuration;
    const images = await loadCifar10({ data, difficulty, trainingImages, testImages, seed, ...options });
    const { source: dataSource, isSynthetic: synthetic } = images;
    return { dataSource, synthetic, images, examples: labelNoiseExamples(images, configuration) };
  },
  units: (configuration) => worksOf(configuration).map(({ unit }) => unit),
  costDone: ({ key }, configuration, folder) => workOf(configuration, key).done(folder),
  begin({ processes: _, load: __, track: ___, ...configuration }, { images, dataSource }) {
    const classifier = createClassifier(configuration, images);
    return {
      run: ({ key }, context) =>
        workOf(configuration, key).train(classifier, images, { dataSource, ...context }),
      dispose: classifier.dispose,
    };
  },

  outcome: ({ rows, units: _, output: __, recorded: ___, assumed: ____, ...run }) => ({
    ...run,
    examples: readExamples(run.folder),
    results: rows.filter(isSeed).map(({ result }) => result),
    epochs: rows.filter(isSeed).flatMap(({ epochs }) => epochs),
    boundary: rows.flatMap((row) => (isSeed(row) ? [] : [row])),
  }),
  readDocumentFolder,
  readRows: (folder) =>
    new Map<string, W2Row>([
      ...readRows(folder).map((row) => [seedKey(row.result.seed), row] as const),
      ...readBoundary(folder).map((row) => [boundaryKey(row), row] as const),
    ]),
  startFiles: (_, { examples }) => [exampleFile(examples)],
  progressFiles,
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
