// A unit of the experiment of source document 004: one model of one kind and dimension, trained and evaluated with one seed of
// its own on the data of one data seed.
import { join } from "node:path";
import {
  createNature,
  drawSplits,
  type Nature,
  type PairedInterventions,
  type PairedSplits,
} from "../../../data";
import { checkpointSteps, type MetricsRow } from "../../../train";
import type { Unit, UnitContext, UnitWorker } from "../../experiment";
import type { ModelKind, WscrlConfiguration } from "../configuration";
import { dciOf, type Evaluation, evaluateModel } from "../evaluation/evaluate-model";
import { createModel } from "./model";
import { stepsOf, trainModel } from "./train-model";

/** Which model on which data. */
export interface UnitPlace {
  model: ModelKind;
  dimension: number;
  modelSeed: number;
  dataSeed: number;
}

/** A point of the learning curves. */
export interface CurvePoint {
  step: number;
  /** Mean over the steps since the last point; null where a step's was not finite. */
  loss: number | null;
  /** DCI disentanglement on the first held-out pairs; null where there is one variable. */
  disentanglement: number | null;
}

/** What a unit finds. */
export interface WscrlRow extends UnitPlace {
  evaluation: Evaluation;
  curve: CurvePoint[];
  /** Time of training in seconds, on one thread. */
  seconds: number;
}

export interface PlacedUnit extends Unit, UnitPlace {}

/** All units: model seeds, then data seeds, then dimensions, then models: a run that is not at its end has seen each graph. */
export function placedUnits(configuration: WscrlConfiguration): PlacedUnit[] {
  const { models, dimensions, modelSeeds, dataSeeds } = configuration;
  const cost = stepsOf(configuration);
  return modelSeeds.flatMap((modelSeed) =>
    dataSeeds.flatMap((dataSeed) =>
      dimensions.flatMap((dimension) =>
        models.map((model) => ({
          model,
          dimension,
          modelSeed,
          dataSeed,
          cost,
          key: unitKey({ model, dimension, modelSeed, dataSeed }),
          title: `${model} of dimension ${dimension}, model seed ${modelSeed}, data seed ${dataSeed}`,
        })),
      ),
    ),
  );
}

export const unitKey = ({ model, dimension, modelSeed, dataSeed }: UnitPlace): string =>
  `${model}-dim${dimension}-model${modelSeed}-data${dataSeed}`;

/** Where a unit keeps its checkpoints within a run's folder. */
export const checkpointsOf = (folder: string, { key }: Pick<Unit, "key">): string =>
  join(folder, "checkpoints", key);

/** Steps that a unit's checkpoints hold. */
export const stepsDone = (unit: Unit, folder: string): number =>
  Math.max(0, ...checkpointSteps(checkpointsOf(folder, unit)));

/** The nature and the pairs of a data seed, the same for every model. */
export function unitData(
  { dimension, dataSeed: seed }: Pick<UnitPlace, "dimension" | "dataSeed">,
  { graph, trainPairs: train, dciPairs: dci, testPairs: test }: WscrlConfiguration,
): { nature: Nature; pairs: PairedSplits } {
  const nature = createNature(dimension, { graph, seed });
  return { nature, pairs: drawSplits(nature, { train, dci, test, validation: 1 }, { seed }) };
}

/** Does units one after the other; those in a row with the same data share them. */
export function unitWorker(configuration: WscrlConfiguration): UnitWorker<WscrlRow> {
  const places = new Map(placedUnits(configuration).map((unit) => [unit.key, unit]));
  let kept: { name: string; data: ReturnType<typeof unitData> } | undefined;
  return {
    async run(unit, context) {
      const place = places.get(unit.key);
      if (!place) throw new RangeError(`Cannot do unit "${unit.key}" as the run has no such unit`);
      const name = `${place.dimension} ${place.dataSeed}`;
      if (kept?.name !== name) kept = { name, data: unitData(place, configuration) };
      return runUnit(place, kept.data, configuration, context);
    },
    dispose() {},
  };
}

/** Pairs of a point of the learning curves. */
const CURVE_PAIRS = 2000;

async function runUnit(
  { model: kind, dimension, modelSeed, dataSeed, key }: PlacedUnit,
  { nature, pairs }: ReturnType<typeof unitData>,
  configuration: WscrlConfiguration,
  { folder, signal, onProgress }: Pick<UnitContext, "folder" | "signal" | "onProgress">,
): Promise<WscrlRow | undefined> {
  const model = createModel(kind, dimension, { ...configuration, seed: modelSeed });
  try {
    const [some, held] = [firstPairs(pairs.dci, CURVE_PAIRS), firstPairs(pairs.test, CURVE_PAIRS)];
    const outcome = await trainModel(model, pairs.train, configuration, {
      folder: checkpointsOf(folder, { key }),
      seed: modelSeed,
      signal,
      onProgress: (steps) => onProgress(steps),
      evaluate:
        dimension > 1 ? () => ({ disentanglement: dciOf(model, some, held).disentanglement }) : undefined,
    });
    if (outcome.status !== "finished") return undefined;
    return {
      model: kind,
      dimension,
      modelSeed,
      dataSeed,
      evaluation: evaluateModel(model, pairs, nature, configuration, { seed: modelSeed }),
      curve: outcome.metrics.map(curvePoint),
      seconds: outcome.seconds,
    };
  } finally {
    for (const variable of Object.values(model.parameters)) variable.dispose();
  }
}

function curvePoint({ step, values: { loss, disentanglement } }: MetricsRow): CurvePoint {
  const finite = (value: number | undefined) => (Number.isFinite(value) ? (value as number) : null);
  return { step, loss: finite(loss), disentanglement: finite(disentanglement) };
}

function firstPairs(all: PairedInterventions, most: number): PairedInterventions {
  const pairs = Math.min(all.pairs, most);
  const rows = (values: Float32Array) => values.subarray(0, pairs * all.variables);
  return {
    pairs,
    variables: all.variables,
    before: rows(all.before),
    after: rows(all.after),
    causalBefore: rows(all.causalBefore),
    causalAfter: rows(all.causalAfter),
    intervention: all.intervention.subarray(0, pairs),
  };
}
