// All phases of one seed, in order, and what they found.
import { join } from "node:path";
import type { ImageDataset } from "../../data/image-dataset";
import { checkpointSteps } from "../../train";
import type { Classifier } from "./classifier";
import type { DecidingConfiguration } from "./configuration";
import { noisyLabels } from "./label-noise-examples";
import { controlName, interventionName, phasesOf, sweepLambdas, sweepName } from "./phases";
import type { Branch, EpochRow, SeedResult } from "./results";
import { type PhaseOutcome, stepsPerEpoch, trainPhase } from "./train-phase";

export interface SeedOutcome {
  result: SeedResult;
  epochs: EpochRow[];
}

export interface SeedOptions {
  /** The run's folder. */
  folder: string;
  dataSource: string;
  /** Told of the steps of this seed that are done, in all phases, and of what is going on. */
  onProgress: (done: number, facts: Readonly<Record<string, number | string>>) => void;
  signal?: AbortSignal;
}

/** The folder of a seed's phases; the two checkpoints of the document are in its folders ordered and collapse. */
const seedFolder = (folder: string, seed: number) =>
  join(folder, "checkpoints", `seed${String(seed).padStart(2, "0")}`);

/** Steps of all phases of one seed. */
export function seedSteps(configuration: DecidingConfiguration, seed: number): number {
  const steps = stepsPerEpoch(configuration.images, configuration.batchSize);
  return phasesOf(configuration, seed).reduce((sum, { epochs }) => sum + epochs * steps, 0);
}

/** Steps of one seed that its checkpoints hold. */
export function seedStepsDone(configuration: DecidingConfiguration, folder: string, seed: number): number {
  return phasesOf(configuration, seed).reduce((sum, { name }) => {
    const steps = checkpointSteps(join(seedFolder(folder, seed), name));
    return sum + (steps[steps.length - 1] ?? 0);
  }, 0);
}

/** Trains what is not trained yet. @returns nothing where the signal paused it */
export async function trainSeed(
  classifier: Classifier,
  images: ImageDataset,
  configuration: DecidingConfiguration,
  seed: number,
  { folder, dataSource, onProgress, signal }: SeedOptions,
): Promise<SeedOutcome | undefined> {
  const { batchSize, targets, preset, ...rest } = configuration;
  const { replicates: _, level: __, ...deciding } = rest; // what trains
  const outcomes = new Map<string, PhaseOutcome>();
  const steps = stepsPerEpoch(configuration.images, batchSize);
  let before = 0;
  for (const phase of phasesOf(configuration, seed)) {
    const outcome = await trainPhase(classifier, phase, {
      ...{ folder: seedFolder(folder, seed), batchSize, signal },
      ...{ clean: images.training.labels, noisy: noisyLabels(images, configuration, seed) },
      config: { ...deciding, batchSize, seed },
      onProgress: (done, metrics) =>
        onProgress(before + done, { at: `seed ${seed}, ${phase.name.replaceAll("-", " ")}`, ...metrics }),
    });
    if (!outcome.finished) return undefined;
    outcomes.set(phase.name, outcome);
    before += phase.epochs * steps;
  }
  const of = (name: string) => outcomes.get(name) as PhaseOutcome;
  const interventions = targets.map((target) => {
    const [ordered, collapse] = (["ordered", "collapse"] as const).map(
      (source): Branch => ({ source, ...errorsOf(of(interventionName(target, source)), target) }),
    );
    const final_gap = collapse.final_error - ordered.final_error;
    return { target_lambda: target, ordered, collapse, final_gap };
  });
  const sources = configuration.hysteresis.length > 0 ? (["ordered", "collapse"] as const) : [];
  return {
    result: {
      ...{ seed, interventions },
      ordered_init_error: lastError(of("ordered")),
      collapse_init_error: lastError(of("collapse")),
      time_seconds: Array.from(outcomes.values()).reduce((sum, { seconds }) => sum + seconds, 0),
      experiment_id: `W2-seed${String(seed).padStart(2, "0")}`,
      control: configuration.control
        ? targets.map((target) => errorsOf(of(controlName(target)), target))
        : [],
      hysteresis: sources.map((source) => ({
        source,
        points: sweepLambdas(configuration, source).map((target_lambda, i) => {
          return { target_lambda, error: of(sweepName(source)).trajectory[i + 1].error };
        }),
      })),
      ...{ preset, data_source: dataSource, date: new Date().toISOString() },
    },
    epochs: Array.from(outcomes.values(), ({ epochs }) => epochs.map((row) => ({ seed, ...row }))).flat(),
  };
}

const lastError = ({ trajectory }: PhaseOutcome) => trajectory[trajectory.length - 1].error;

function errorsOf(outcome: PhaseOutcome, target_lambda: number) {
  const { initError: init_error, trajectory } = outcome;
  return { target_lambda, init_error, final_error: lastError(outcome), trajectory };
}
