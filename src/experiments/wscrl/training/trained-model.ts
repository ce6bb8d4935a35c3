// The trained model of a unit, as its newest checkpoint in the run's folder has it.
import { checkpointFile, checkpointSteps, restoreCheckpoint } from "../../../train";
import type { WscrlRun } from "../experiment";
import { createModel, type LatentModel } from "./model";
import { checkpointsOf, type UnitPlace, unitKey } from "./unit";

/**
 * Says whether a run's folder has the model of a unit; a committed run has none.
 *
 * @param run a run
 * @param place which of its units
 * @example
 * import { wscrl } from "dolab";
 * const place = { model: "ilcm", dimension: 2, modelSeed: 4901, dataSeed: 301 };
 * wscrl.hasTrainedModel(wscrl.referenceRun(), place); // => false
 */
export const hasTrainedModel = ({ folder }: Pick<WscrlRun, "folder">, place: UnitPlace): boolean =>
  checkpointSteps(checkpointsOf(folder, { key: unitKey(place) })).length > 0;

/**
 * Reads the model of a unit.
 *
 * @param run a run whose folder has its checkpoints
 * @param place which of its units
 * @throws {RangeError} where the folder has none of that unit, as where a run is committed without them
 */
export function loadTrainedModel(
  { folder, configuration }: Pick<WscrlRun, "folder" | "configuration">,
  place: UnitPlace,
): LatentModel {
  const key = unitKey(place);
  const checkpoints = checkpointsOf(folder, { key });
  const steps = checkpointSteps(checkpoints);
  if (steps.length === 0)
    throw new RangeError(
      `Cannot read the model of ${key} as ${checkpoints} holds no checkpoint of it: "dolab wscrl run" in a new folder makes one`,
    );
  const model = createModel(place.model, place.dimension, { ...configuration, seed: place.modelSeed });
  const file = checkpointFile(checkpoints, Math.max(...steps));
  const { state } = restoreCheckpoint(file, model.parameters, { subset: true });
  const { order } = (state.caller ?? {}) as { order?: number[] };
  if (order && model.ilcm) model.ilcm.solutionFunctions.ancestors = order;
  return model;
}
