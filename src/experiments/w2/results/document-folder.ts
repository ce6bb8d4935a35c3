// A folder that source document 000's own code wrote: its W2_results.json (or, of a run that has not ended, W2_checkpoint.json)
// holds seeds, targets and trajectories, and no word on the configuration.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { W2Configuration } from "../configuration";
import { fileNames, readResults } from "./saved-files";

/**
 * What a folder of the document's files tells of its configuration; the document's own numbers stand for the rest.
 *
 * @returns undefined where neither file is there
 * @throws {SyntaxError} naming the file and the place where it is damaged
 */
export function readDocumentFolder(
  folder: string,
): { configuration: Partial<W2Configuration>; dataSource: string } | undefined {
  const name = [fileNames.results, fileNames.checkpoint].find((one) => existsSync(join(folder, one)));
  if (name === undefined) return undefined;
  const results = readResults(join(folder, name));
  const seeds = results.map(({ seed }) => seed);
  const interventions = results.flatMap((result) => result.interventions);
  const epochs = interventions.flatMap(({ ordered }) => ordered.trajectory.map(({ epoch }) => epoch));
  const first = Math.min(...seeds);
  return {
    configuration: {
      preset: "paper",
      seed: first,
      seeds: Math.max(...seeds) - first + 1,
      targets: Array.from(new Set(interventions.map(({ target_lambda }) => target_lambda))),
      interventionEpochs: Math.max(1, ...epochs),
      evaluateEvery: Math.max(1, Math.min(...epochs.filter((epoch) => epoch > 0))),
      control: results.some(({ control }) => control.length > 0),
    },
    dataSource:
      `${name}, in the document's format, without a record of its configuration: CIFAR-10, width 64 and all else that it ` +
      "does not tell are assumed to be the document's",
  };
}
