// One phase: one run of the training loop in a folder of its own, so that it goes on from its newest checkpoint and, once
// finished, is not trained again. The order of images and their augmentation come from streams of the phase's seed and the
// step: PyTorch's shuffles are not repeated on purpose, so that a run can go on at any step.
import { join } from "node:path";
import { shuffledBatches } from "../../../data";
import type { Progress, ProgressReporter } from "../../../io";
import { createRandom } from "../../../random";
import { tensorflow } from "../../../tensor";
import { checkpointFile, type MetricsRow, train } from "../../../train";
import type { EpochRow, TrajectoryPoint } from "../results/seed-result";
import type { Classifier } from "./classifier";
import type { Phase } from "./phases";

export interface PhaseOutcome {
  phase: Phase;
  finished: boolean;
  /** Test error before the first step. */
  initError: number;
  trajectory: TrajectoryPoint[];
  epochs: Omit<EpochRow, "seed">[];
  seconds: number;
}

export interface PhasePlace {
  /** The folder of the seed. */
  folder: string;
  /** Clean and noisy class of each training image. [images] */
  clean: Uint8Array;
  noisy: Uint8Array;
  batchSize: number;
  /** What decides the run: a checkpoint of another is refused. */
  config: object;
  onProgress: (done: number, metrics: Readonly<Record<string, number | string>>) => void;
  signal?: AbortSignal;
}

/** Steps of one epoch; the last batch may be shorter, as in the document. */
export const stepsPerEpoch = (images: number, batchSize: number) => Math.ceil(images / batchSize);

/** Trains a phase, or goes on with it. @throws {CheckpointError} where its newest checkpoint is damaged or of another run */
export async function trainPhase(
  classifier: Classifier,
  phase: Phase,
  { folder, clean, noisy, batchSize, config, onProgress, signal }: PhasePlace,
): Promise<PhaseOutcome> {
  const tf = tensorflow();
  const steps = stepsPerEpoch(clean.length, batchSize);
  const lastCheckpoint = (name: string, epochs: number) => checkpointFile(join(folder, name), epochs * steps);
  if (phase.from === undefined) classifier.beginFresh(phase.seed);
  else classifier.beginFrom(lastCheckpoint(phase.from.name, phase.from.epochs));
  const rng = createRandom(phase.seed);
  const batches = shuffledBatches(clean.length, batchSize, { rng: rng.split("order") });
  const augmentation = rng.split("augmentation");
  const labelsOf = (labels: Uint8Array, indices: Int32Array) =>
    tf.tensor1d(
      indices.map((index) => labels[index]),
      "int32",
    );
  let initError: number | undefined;
  const firstError = () => (initError ??= classifier.testError());
  const outcome = await train({
    variables: classifier.trainer.variables,
    folder: join(folder, phase.name),
    seed: phase.seed,
    signal,
    epochs: phase.epochs,
    stepsPerEpoch: steps,
    config: { ...config, phase: phase.name },
    state: {
      save: () => ({ initError: firstError() }),
      restore: (saved) => {
        initError = Number(saved.initError);
      },
    },
    step({ step, epoch, batch }) {
      if (step === 0) firstError();
      const began = performance.now();
      const indices = batches.at(epoch, batch);
      const images = classifier.trainingBatch(indices, augmentation.split(step));
      const [noisyLabels, cleanLabels] = [noisy, clean].map((labels) => labelsOf(labels, indices));
      const ready = performance.now();
      const settings = { lambda: phase.lambda(epoch), learningRate: phase.learningRate(epoch), step };
      const measured = classifier.trainer.step(images, noisyLabels, cleanLabels, settings);
      const done = performance.now();
      return {
        ...measured,
        dataSeconds: (ready - began) / 1000,
        stepSeconds: (done - ready) / 1000,
      };
    },
    log: { every: steps },
    evaluate: { every: phase.evaluateEvery * steps, run: () => ({ testError: classifier.testError() }) },
    checkpoint: { keep: 1, everyMinutes: 2 }, // one takes 134 MB at the document's width
    progress: reportTo(onProgress),
  });
  return {
    phase,
    finished: outcome.status === "finished",
    initError: firstError(),
    seconds: outcome.seconds,
    trajectory: [{ epoch: 0, error: firstError() }, ...trajectoryOf(outcome.metrics)],
    epochs: outcome.metrics.map((row) => epochRow(phase, row)),
  };
}

const trajectoryOf = (rows: readonly MetricsRow[]): TrajectoryPoint[] =>
  rows
    .filter(({ values }) => "testError" in values)
    .map(({ epoch, values }) => ({ epoch, error: values.testError }));

function epochRow(phase: Phase, { epoch, values }: MetricsRow): Omit<EpochRow, "seed"> {
  const { loss, cosine, noisyNorm, cleanNorm, dataSeconds, stepSeconds, testError = NaN } = values;
  return {
    phase: phase.name,
    kind: phase.kind,
    history: phase.history,
    target: phase.target ?? NaN,
    lambda: phase.lambda(epoch - 1),
    epoch,
    learning_rate: phase.learningRate(epoch - 1),
    loss,
    cosine,
    noisy_norm: noisyNorm,
    clean_norm: cleanNorm,
    test_error: testError,
    data_share: dataSeconds / (dataSeconds + stepSeconds),
  };
}

/** The loop's bar as a part of the one bar of all phases. */
function reportTo(onProgress: PhasePlace["onProgress"]): ProgressReporter {
  return (total): Progress => ({
    update: (done, { loss, testError } = {}) =>
      onProgress(done, {
        ...(loss === undefined ? {} : { loss }),
        ...(testError === undefined ? {} : { testError }),
      }),
    finish: () => onProgress(total, {}),
    fail() {},
  });
}
