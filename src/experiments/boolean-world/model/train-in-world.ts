// A model of a world as a run's configuration says: its examples made, a model trained on them, and both found again when the
// same is asked for anew.
import {
  type BooleanRules,
  documentRules,
  formatState,
  generateWorldDataset,
  type State,
} from "../../../data";
import { tensorflow } from "../../../tensor";
import { resultsFolder as experimentsFolder } from "../../results-folder";
import { type BooleanWorldConfiguration, trainingConfiguration } from "../configuration";
import { type TrainedModel, type TrainModelOptions, trainModel } from "./train-model";

export interface TrainInWorldOptions extends Omit<TrainModelOptions, "resume" | "replace"> {
  /** The rules: by default the document's. */
  rules?: BooleanRules;
  /** States that the model must not read. */
  excluded?: readonly State[];
}

/**
 * Names the folder of a part of a run that names none itself: the same settings find it again.
 *
 * @param part such as "sweep"
 * @param settings what decides the results, as plain data
 * @example
 * import { booleanWorld } from "dolab";
 * const [one, two] = [1, 2].map((seed) => booleanWorld.resultsFolder("sweep", { seed }));
 * one === two; // => false
 */
export const resultsFolder = (part: string, settings: object): string =>
  experimentsFolder("boolean-world", part, settings);

/**
 * Generates the examples of a world and trains a model on them, or goes on with it, or finds it trained.
 *
 * @param configuration a whole one, as `parameters` gives it
 * @param options the rules, the held-out states, and what `trainModel` takes; without a folder, one of these settings under results/boolean-world
 * @throws {Error} where the signal stopped it before its end
 * @throws {RangeError} as `generateWorldDataset` does; {CheckpointError} where the checkpoint is damaged
 */
export async function trainInWorld(
  configuration: BooleanWorldConfiguration,
  { rules = documentRules, excluded = [], folder, ...options }: TrainInWorldOptions = {},
): Promise<TrainedModel> {
  const { seed, trainExamples: train, validExamples: valid, testExamples: test } = configuration;
  const sizes = { train, valid, test };
  const settings = trainingConfiguration(configuration);
  const without = excluded.map(formatState);
  const place = folder ?? resultsFolder("model", { settings, sizes, rules: rules.text, without });
  const dataset = generateWorldDataset(rules, { excluded, seed, sizes });
  const trained = await trainModel({ rules, excluded, ...dataset }, settings, { folder: place, ...options });
  const { status, step } = trained.outcome;
  if (status === "finished") return trained;
  tensorflow().dispose(Object.values(trained.model.parameters));
  throw new Error(`Paused after ${step} steps: run this again to go on from there`);
}
