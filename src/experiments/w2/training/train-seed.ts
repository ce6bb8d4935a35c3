// All phases of one seed, in order, and what they found; and a network of the boundary, which is a phase by itself.
import { join } from "node:path";
import type { ImageDataset } from "../../../data/image-dataset";
import { checkpointSteps } from "../../../train";
import type { DecidingConfiguration } from "../configuration";
import type { BoundaryRow } from "../results/boundary";
import type { Branch, EpochRow, SeedResult, Stay, Sweep } from "../results/seed-result";
import type { Classifier } from "./classifier";
import { noisyLabels } from "./noisy-labels";
import { boundaryPhase, checkpointNames, type Phase, type PhaseKind, sweepLambdas } from "./phases";
import { phasesOf } from "./seed-plan";
import { type PhaseOutcome, stepsPerEpoch, trainPhase } from "./train-phase";

export interface SeedOutcome {
  result: SeedResult;
  epochs: EpochRow[];
}

export interface SeedOptions {
  /** The run's folder. */
  folder: string;
  dataSource: string;
  /** It is told how many steps of this seed are done, in all phases, and what is going on. */
  onProgress: (done: number, facts: Readonly<Record<string, number | string>>) => void;
  signal?: AbortSignal;
}

/** The folder of a seed's phases; the two checkpoints of the document are in its folders ordered and collapse. */
const seedFolder = (folder: string, seed: number) =>
  join(folder, "checkpoints", `seed${String(seed).padStart(2, "0")}`);

const stepsOf = ({ images, batchSize }: DecidingConfiguration, phases: readonly Phase[]) =>
  phases.reduce((sum, { epochs }) => sum + epochs * stepsPerEpoch(images, batchSize), 0);

const stepsDone = (folder: string, phases: readonly Phase[]) =>
  phases.reduce((sum, { name }) => {
    const steps = checkpointSteps(join(folder, name));
    return sum + (steps[steps.length - 1] ?? 0);
  }, 0);

/** Steps of all phases of one seed. */
export const seedSteps = (configuration: DecidingConfiguration, seed: number): number =>
  stepsOf(configuration, phasesOf(configuration, seed));

/** Steps of one seed that its checkpoints hold. */
export const seedStepsDone = (configuration: DecidingConfiguration, folder: string, seed: number): number =>
  stepsDone(seedFolder(folder, seed), phasesOf(configuration, seed));

/** Trains what is not trained yet. @returns nothing where the signal paused it */
export async function trainSeed(
  classifier: Classifier,
  images: ImageDataset,
  configuration: DecidingConfiguration,
  seed: number,
  options: SeedOptions,
): Promise<SeedOutcome | undefined> {
  const phases = phasesOf(configuration, seed);
  const outcomes = await trainPhases(classifier, images, configuration, { seed, phases }, options);
  if (!outcomes) return undefined;
  return {
    result: seedResult(outcomes, configuration, { seed, ...options }),
    epochs: epochsOf(outcomes, seed),
  };
}

/** Steps of a network of the boundary. */
export const boundarySteps = (configuration: DecidingConfiguration, seed: number, lambda: number): number =>
  stepsOf(configuration, [boundaryPhase(configuration, seed, lambda)]);

/** Steps of it that its checkpoints hold. */
export const boundaryStepsDone = (
  configuration: DecidingConfiguration,
  folder: string,
  { seed, lambda }: { seed: number; lambda: number },
): number => stepsDone(seedFolder(folder, seed), [boundaryPhase(configuration, seed, lambda)]);

/** Trains a fresh network at one λ. @returns nothing where the signal paused it */
export async function trainBoundary(
  classifier: Classifier,
  images: ImageDataset,
  configuration: DecidingConfiguration,
  { seed, lambda }: { seed: number; lambda: number },
  options: SeedOptions,
): Promise<BoundaryRow | undefined> {
  const phases = [boundaryPhase(configuration, seed, lambda)];
  const outcomes = await trainPhases(classifier, images, configuration, { seed, phases }, options);
  return outcomes && { seed, lambda, error: lastError(outcomes[0]) };
}

async function trainPhases(
  classifier: Classifier,
  images: ImageDataset,
  configuration: DecidingConfiguration,
  { seed, phases }: { seed: number; phases: readonly Phase[] },
  { folder, onProgress, signal }: SeedOptions,
): Promise<PhaseOutcome[] | undefined> {
  const { replicates: _, level: __, preset: ___, targets: ____, ...deciding } = configuration; // what trains
  const noisy = noisyLabels(images, configuration, seed);
  const outcomes: PhaseOutcome[] = [];
  let before = 0;
  for (const phase of phases) {
    const at = `seed ${seed}, ${phase.name.replaceAll("-", " ")}`;
    const outcome = await trainPhase(classifier, phase, {
      folder: seedFolder(folder, seed),
      clean: images.training.labels,
      noisy,
      batchSize: configuration.batchSize,
      config: { ...deciding, seed },
      onProgress: (done, metrics) => onProgress(before + done, { at, ...metrics }),
      signal,
    });
    if (!outcome.finished) return undefined;
    outcomes.push(outcome);
    before += stepsOf(configuration, [phase]);
  }
  return outcomes;
}

const epochsOf = (outcomes: readonly PhaseOutcome[], seed: number): EpochRow[] =>
  outcomes.flatMap(({ epochs }) => epochs.map((row) => ({ seed, ...row })));

/** Puts the outcomes of a seed's phases together, by what each phase is about. */
function seedResult(
  outcomes: readonly PhaseOutcome[],
  configuration: DecidingConfiguration,
  { seed, dataSource }: { seed: number; dataSource: string },
): SeedResult {
  const ofKind = (kind: PhaseKind) => outcomes.filter(({ phase }) => phase.kind === kind);
  const the = (kind: PhaseKind, matches: (phase: Phase) => boolean): PhaseOutcome => {
    const [outcome] = ofKind(kind).filter(({ phase }) => matches(phase));
    return outcome;
  };
  const interventions = configuration.targets.map((target) => {
    const [ordered, collapse] = checkpointNames.map((source) =>
      branchOf(the("intervention", (phase) => phase.history === source && phase.target === target)),
    );
    const final_gap = collapse.final_error - ordered.final_error;
    return { target_lambda: target, ordered, collapse, final_gap };
  });
  const sweepOf = ({ phase, trajectory }: PhaseOutcome): Sweep => {
    const source = sourceOf(phase);
    const points = sweepLambdas(configuration, source).map((target_lambda, i) => {
      return { target_lambda, error: trajectory[i + 1].error };
    });
    return { source, points };
  };
  return {
    seed,
    interventions,
    ordered_init_error: lastError(the("checkpoint", ({ history }) => history === "ordered")),
    collapse_init_error: lastError(the("checkpoint", ({ history }) => history === "collapse")),
    time_seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
    experiment_id: `W2-seed${String(seed).padStart(2, "0")}`,
    longer: ofKind("longer").map(branchOf),
    control: ofKind("control").map(stayOf),
    hysteresis: ofKind("sweep").map(sweepOf),
    speed: ofKind("speed").map((outcome) => ({ hold: outcome.phase.evaluateEvery, ...sweepOf(outcome) })),
    lifetime: ofKind("lifetime").map(stayOf),
    escapes: ofKind("escape").map((outcome) => ({
      learning_rate: outcome.phase.learningRate(0),
      ...stayOf(outcome),
    })),
    preset: configuration.preset,
    data_source: dataSource,
    date: new Date().toISOString(),
  };
}

const sourceOf = ({ history }: Phase) => (history === "ordered" ? "ordered" : "collapse");

const branchOf = (outcome: PhaseOutcome): Branch => ({
  source: sourceOf(outcome.phase),
  ...stayOf(outcome),
});

const lastError = ({ trajectory }: PhaseOutcome) => trajectory[trajectory.length - 1].error;

function stayOf(outcome: PhaseOutcome): Stay {
  const { phase, initError: init_error, trajectory } = outcome;
  return { target_lambda: Number(phase.target), init_error, final_error: lastError(outcome), trajectory };
}
