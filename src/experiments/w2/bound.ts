// What a notebook calls of W2 beside its figures and tables.
import { bindExperiment, type LoadedData } from "../bound-experiment";
import type { W2Configuration } from "./configuration";
import { type W2Data, w2 } from "./experiment";
import type { LabelNoiseExample } from "./results/label-noise-examples";
import { readExamples } from "./results/saved-files";
import type { W2Row } from "./training/units";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } = bindExperiment(w2);

/**
 * Gives the noisy labels that a run shows, from its images or as its folder keeps them.
 *
 * @param loaded what `load` gave
 * @returns none where a saved run keeps none
 * @example
 * import { w2 } from "dolab";
 * const { configuration } = w2.parameters({ load: "results/reference/w2-standard" });
 * w2.examplesOf(await w2.load(configuration)).length; // => 12
 */
export const examplesOf = ({
  data,
  saved,
}: LoadedData<W2Data, W2Configuration, W2Row>): LabelNoiseExample[] =>
  data ? data.examples : readExamples(saved.folder);
