// The document's two commands of CausalCircuit, `causalcircuit_reduce_dim.py` and `causalcircuit.py`, in our words: what their
// configurations mean, and the files that they leave behind.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type CircuitPairs,
  firstCircuitPairs,
  readCircuitFolder,
  syntheticCircuitPairs,
} from "../../../data";
import { formatCsv, type ProgressReporter, writeFileAtomically, writeSafetensors } from "../../../io";
import type { PlainObject } from "../../../io/plain-data";
import { imageAutoencoderVariables } from "../../../models/lcm";
import { tensorflow, toStateDict } from "../../../tensor";
import { resolveConfiguration } from "../../configuration";
import type { TextFile } from "../../result-file";
import { documentTracking, generalWords } from "../document/general-words";
import {
  constantWords,
  modelKindOf,
  modelWords,
  trainingOf,
  trainingWords,
} from "../document/training-words";
import { encodePairs, loadCodes, saveCodes, saveCodesSource } from "./circuit-codes";
import { circuitMetrics } from "./circuit-metrics";
import type { CircuitModelRow } from "./circuit-unit";
import type { CircuitConfiguration } from "./configuration";
import { causalCircuit } from "./experiment";
import { autoencoderCoder } from "./picture-coder";
import {
  type AutoencoderSettings,
  autoencoderSteps,
  createAutoencoderOf,
  trainAutoencoder,
} from "./train-autoencoder";

const reducing = z.strictObject({
  general: generalWords,
  data: z.strictObject({
    dataset: z.string(),
    dim_x: z.tuple([z.int(), z.int(), z.literal(3)]),
    dim_z: z.literal(4),
    data_dir: z.string().nullable(),
    samples: z.strictObject({ train: z.int().min(1), test: z.int().min(1) }).nullable(),
    seed: z.int().nullable(),
  }),
  model: z.strictObject({
    type: z.literal("intervention_noise_vae"),
    dim_z: z.int().min(1),
    encoder: z.strictObject({ hidden_channels: z.int(), initial_gain: z.number().gt(0) }),
  }),
  training: z.strictObject({
    batchsize: z.int().min(1),
    epochs: z.int().min(1),
    clip_grad_norm: z.number().gt(0),
    pretrain_epochs: z.int(),
    pretrain_beta: z.number().min(0),
    lr_schedule: z.strictObject({ type: z.literal("cosine"), initial: z.number(), minimal: z.number() }),
    z_regularization_schedule: constantWords,
    consistency_regularization_schedule: constantWords,
  }),
});

const learning = z.strictObject({
  general: generalWords,
  data: z.strictObject({
    dataset: z.string(),
    dim_x: z.int().min(1),
    dim_z: z.literal(4),
    data_dir: z.string(),
  }),
  model: modelWords,
  training: trainingWords,
  eval: z.strictObject({ iwae_samples: z.int(), enco_lambda: z.number() }),
});

function checked<Schema extends z.ZodType>(
  schema: Schema,
  groups: Record<string, PlainObject>,
): z.infer<Schema> {
  const read = schema.safeParse(groups);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`);
  throw new RangeError(`Cannot configure CausalCircuit as these values do not fit: ${problems.join("; ")}`);
}

/** A run of `causalcircuit_reduce_dim`. */
export interface ReduceDimRun {
  settings: AutoencoderSettings;
  seed: number;
  /** `general.exp_dir`: where everything goes. */
  folder: string;
  train: CircuitPairs;
  test: CircuitPairs;
  tracking: ReturnType<typeof documentTracking>;
}

/**
 * Reads a composed configuration of stage 1, and opens its pictures.
 *
 * @throws {RangeError} naming each value that does not fit, or where pictures lie that are missing
 */
export function reduceDimRun(groups: Record<string, PlainObject>): ReduceDimRun {
  const { general, data, model, training } = checked(reducing, groups);
  const refuse = (rule: string, got: unknown) =>
    new RangeError(`Cannot configure CausalCircuit as ${rule}: got ${got}`);
  const [size, width] = data.dim_x;
  if (size !== width) throw refuse("data.dim_x must be of square pictures", data.dim_x.join(" x "));
  if (training.pretrain_epochs < training.epochs)
    throw refuse(
      "stage 1 is pretraining throughout: training.pretrain_epochs must be at least training.epochs",
      `${training.pretrain_epochs} and ${training.epochs}`,
    );
  const settings: AutoencoderSettings = {
    size,
    width: model.encoder.hidden_channels,
    latents: model.dim_z,
    autoencoderGain: model.encoder.initial_gain,
    autoencoderEpochs: training.epochs,
    autoencoderBatch: training.batchsize,
    autoencoderRate: training.lr_schedule.initial,
    autoencoderLowestRate: training.lr_schedule.minimal,
    autoencoderClipNorm: training.clip_grad_norm,
    autoencoderBeta: training.pretrain_beta,
    codeRegularisation: training.z_regularization_schedule.final,
    autoencoderConsistency: training.consistency_regularization_schedule.final,
  };
  const { exp_dir: folder, seed } = general;
  const tracking = documentTracking(general, groups);
  if (data.dataset === "synthetic") {
    if (!data.samples || data.seed === null)
      throw refuse("synthetic pictures need data.samples and data.seed", "none");
    const draw = (purpose: "train" | "test") =>
      syntheticCircuitPairs({ pairs: data.samples![purpose], size, seed: data.seed as number, purpose });
    return { settings, seed, folder, tracking, train: draw("train"), test: draw("test") };
  }
  const hint =
    "download it (https://developer.qualcomm.com/software/ai-datasets/causalcircuit), give data.data_dir, or take data=causalcircuit_synthetic";
  if (!data.data_dir || !existsSync(data.data_dir))
    throw refuse(`the data set must be in data.data_dir; ${hint}`, `no folder ${data.data_dir}`);
  const { train, test } = readCircuitFolder(data.data_dir, { size });
  const { samples } = data;
  return {
    settings,
    seed,
    folder,
    tracking,
    train: samples ? firstCircuitPairs(train, samples.train) : train,
    test: samples ? firstCircuitPairs(test, samples.test) : test,
  };
}

/**
 * Trains the autoencoder, or goes on with it, and writes the codes of all pictures into the run's folder `data`, its weights into
 * `models`.
 *
 * @returns the folder of the codes, and the mean squared error of a pair at the end; undefined where the signal stopped it, and
 *   the same call goes on
 */
export async function reduceDimensions(
  { settings, seed, folder, train, test }: ReduceDimRun,
  { progress, signal }: { progress?: ProgressReporter; signal?: AbortSignal } = {},
): Promise<{ codes: string; squaredError: number } | undefined> {
  const model = createAutoencoderOf(settings, seed);
  const total = autoencoderSteps(train.pairs, settings);
  const shown = progress?.(total, { label: "causalcircuit_reduce_dim", unit: "steps" });
  try {
    const outcome = await trainAutoencoder(model, train, settings, {
      folder: join(folder, "checkpoints"),
      seed,
      signal,
      onProgress: (steps) => shown?.update(steps),
    });
    if (outcome.status !== "finished") return undefined;
    const codes = join(folder, "data");
    const coder = autoencoderCoder(model);
    for (const [part, pairs] of Object.entries({ train, test }))
      saveCodes(codes, part as "train" | "test", encodePairs(coder, pairs));
    saveCodesSource(codes, { source: train.source, synthetic: train.isSynthetic });
    writeSafetensors(
      join(folder, "models", "model.safetensors"),
      toStateDict(imageAutoencoderVariables(model)),
    );
    const last = outcome.metrics[outcome.metrics.length - 1];
    return { codes, squaredError: last?.values.squaredError ?? Number.NaN };
  } finally {
    shown?.finish();
    tensorflow().dispose(Object.values(imageAutoencoderVariables(model)));
  }
}

/** A run of `causalcircuit`. */
export interface CausalCircuitDocumentRun {
  configuration: CircuitConfiguration;
  /** `general.exp_dir`: where everything goes. */
  folder: string;
  tracking: ReturnType<typeof documentTracking>;
}

/** Reads a composed configuration of stage 2. @throws {RangeError} naming each value that does not fit */
export function causalCircuitRun(groups: Record<string, PlainObject>): CausalCircuitDocumentRun {
  const { general, data, model, training, eval: evaluation } = checked(learning, groups);
  const [train, test] = (["train", "test"] as const).map((part) => loadCodes(data.data_dir, part));
  if (train.features !== data.dim_x)
    throw new RangeError(
      `Cannot configure CausalCircuit as data.dim_x must be the ${train.features} numbers that a picture became: got ${data.dim_x}`,
    );
  const { configuration } = resolveConfiguration(causalCircuit, {
    models: [modelKindOf(model)],
    seeds: [general.seed],
    codes: data.data_dir,
    trainPairs: train.pairs,
    testPairs: test.pairs,
    dciPairs: Math.min(train.pairs, 10_000),
    processes: 1,
    ...trainingOf(training),
    nllSamples: evaluation.iwae_samples,
    encoSparsity: evaluation.enco_lambda,
    encoEpochs: 40,
    graphPairs: 2000,
    track: "mlflow",
  });
  return {
    configuration: configuration as CircuitConfiguration,
    folder: general.exp_dir,
    tracking: documentTracking(general, groups),
  };
}

/** `metrics/test_metrics.csv`, one row under the published columns that a model has, as pandas writes it. */
export function circuitMetricsFile(found: CircuitModelRow): TextFile {
  const row = { "": 0, ...circuitMetrics(found) };
  return {
    name: "metrics/test_metrics.csv",
    content: formatCsv(Object.keys(row), [row], { "": "integer" }),
  };
}

/** Writes files into a run's folder. */
export const writeInto = (folder: string, files: readonly TextFile[]): void => {
  for (const { name, content } of files) writeFileAtomically(join(folder, name), content);
};
