// One stage of a seed: a trainer that is fed batches of rows for so many steps, in a folder of its own, so that it goes on from
// its newest checkpoint and, once finished, is not trained again.
import { join } from "node:path";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import { shuffledBatches } from "../../../data";
import type { Progress, ProgressReporter } from "../../../io";
import { createRandom } from "../../../random";
import { tensorflow } from "../../../tensor";
import { checkpointSteps, type LossWithMetrics, type StepResult, type Trainer, train } from "../../../train";
import type { UnitContext } from "../../experiment";

export interface Stage {
  /** Its folder, and its name in curves. */
  name: string;
  steps: number;
  /** What decides it beside the run's configuration. */
  seed: number;
  /** How many rows there are to learn from. */
  rows: number;
  batchSize: number;
  trainer: Trainer<Tensor[], LossWithMetrics>;
  /** The trainer's tensors for some rows. @param seed for random numbers, int32 [2] */
  inputs(rows: Int32Array, seed: Tensor1D): Tensor[];
}

export interface StagePlace extends Omit<UnitContext, "onProgress"> {
  /** What decides the run: a checkpoint of another is refused. */
  config: object;
  onProgress: (done: number, metrics: Readonly<Record<string, number>>) => void;
}

/** A point of a training curve: means over the steps since the last one. */
export interface CurvePoint {
  stage: string;
  step: number;
  loss: number;
}

const CURVE_POINTS = 60;

/** The folder of one seed's stages. */
export const stagesFolder = (folder: string, seed: number) => join(folder, "checkpoints", `seed-${seed}`);

/** Steps of stages that their checkpoints hold. */
export const stepsKept = (folder: string, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (checkpointSteps(join(folder, name)).pop() ?? 0), 0);

/** Trains a stage, or goes on with it. @returns its curve, or undefined where the signal paused it */
export async function runStage(
  { name, steps, seed, rows, batchSize, trainer, inputs }: Stage,
  { folder, config, onProgress, signal }: StagePlace,
): Promise<{ curve: CurvePoint[]; seconds: number } | undefined> {
  const rng = createRandom(seed).split(`${name}, order`);
  const batches = shuffledBatches(rows, Math.min(batchSize, rows), { rng, dropLast: true });
  const outcome = await train({
    variables: trainer.variables,
    folder: join(folder, name),
    steps,
    stepsPerEpoch: batches.perEpoch,
    seed,
    signal,
    config: { ...config, stage: name, seed },
    step: ({ epoch, batch, seed: words }) =>
      trainer.step(...inputs(batches.at(epoch, batch), tensorflow().tensor1d(words, "int32"))) as StepResult,
    log: { every: Math.max(1, Math.floor(steps / CURVE_POINTS)) },
    checkpoint: { keep: 1, everyMinutes: 1 },
    progress: reportTo(onProgress),
  });
  if (outcome.status !== "finished") return undefined;
  const curve = outcome.metrics.map(({ step, values }) => ({ stage: name, step, loss: values.loss }));
  return { curve, seconds: outcome.seconds };
}

/** The loop's bar as a part of the one bar of a run. */
function reportTo(onProgress: StagePlace["onProgress"]): ProgressReporter {
  return (total): Progress => ({
    update: (done, { loss } = {}) => onProgress(done, typeof loss === "number" ? { loss } : {}),
    finish: () => onProgress(total, {}),
    fail() {},
  });
}
