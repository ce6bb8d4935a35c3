// The document's own command, `scaling.py`: its configuration in our words, and the file of test metrics that it writes.
import { z } from "zod";
import { formatCsv } from "../../../io";
import type { PlainObject } from "../../../io/plain-data";
import { resolveConfiguration } from "../../configuration";
import type { TextFile } from "../../result-file";
import type { ModelKind, WscrlConfiguration } from "../configuration";
import { wscrl } from "../experiment";
import type { WscrlRow } from "../training/unit";

const schedule = (...types: [string, ...string[]]) =>
  z.strictObject({
    type: z.enum(["constant", ...types]),
    initial: z.number(),
    final: z.number(),
    initial_constant_epochs: z.int(),
    decay_epochs: z.int(),
  });
const constant = z.strictObject({
  type: z.literal("constant"),
  initial: z.number(),
  final: z.number(),
  initial_constant_epochs: z.int(),
  decay_epochs: z.int(),
});

const composed = z.strictObject({
  general: z.strictObject({
    exp_name: z.coerce.string(),
    base_dir: z.string(),
    exp_dir: z.string(),
    seed: z.int(),
  }),
  data: z.strictObject({
    dim_z: z.int(),
    samples: z.strictObject({ train: z.int(), dci_train: z.int(), test: z.int() }),
    nature: z.strictObject({ mode: z.enum(["random", "full", "chain", "empty"]), seed: z.int() }),
  }),
  model: z.strictObject({
    type: z.string(),
    scm: z.strictObject({ type: z.string(), adjacency_matrix: z.string().nullable() }),
  }),
  training: z.strictObject({
    batchsize: z.int(),
    epochs: z.int(),
    clip_grad_norm: z.number(),
    pretrain_epochs: z.int(),
    pretrain_beta: z.number(),
    model_interventions_after_epoch: z.int(),
    deterministic_intervention_encoder_after_epoch: z.int(),
    lr_schedule: z.strictObject({
      type: z.enum(["constant", "cosine_restarts_reset"]),
      initial: z.number(),
      minimal: z.number(),
      restart_every_epochs: z.int(),
    }),
    beta_schedule: schedule("constant_linear_constant"),
    z_regularization_schedule: schedule("constant_linear_constant"),
    consistency_regularization_schedule: constant,
    intervention_entropy_regularization_schedule: constant,
    intervention_encoder_offset_schedule: schedule("constant_exponential_constant"),
    log_every_n_steps: z.int(),
  }),
  eval: z.strictObject({ iwae_samples: z.int(), enco_lambda: z.number() }),
});

/** A run of the document's command. */
export interface DocumentRun {
  configuration: WscrlConfiguration;
  /** `general.exp_dir`: where everything goes. */
  folder: string;
}

/**
 * Reads a composed configuration.
 *
 * @throws {RangeError} naming each value that is of the wrong type or out of range, and schedules that cannot be had together
 */
export function documentRun(groups: Record<string, PlainObject>): DocumentRun {
  const read = composed.safeParse(groups);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`);
    throw new RangeError(`Cannot configure wscrl as these values do not fit: ${problems.join("; ")}`);
  }
  const { general, data, model, training, eval: evaluation } = read.data;
  const { lr_schedule: rate, beta_schedule: beta, z_regularization_schedule: noise } = training;
  const offset = training.intervention_encoder_offset_schedule;
  const changing = [beta, noise, offset].filter(({ type }) => type !== "constant");
  const [first] = changing;
  for (const { initial_constant_epochs: after, decay_epochs: epochs } of changing)
    if (after !== first.initial_constant_epochs || epochs !== first.decay_epochs)
      throw new RangeError(
        `Cannot configure wscrl as beta, z and offset schedules that change must do so in the same epochs: got ${after}, ${epochs} and ${first.initial_constant_epochs}, ${first.decay_epochs}`,
      );
  const startOf = ({ type, initial, final }: typeof beta | typeof offset) =>
    type === "constant" ? final : initial;
  const { configuration } = resolveConfiguration(wscrl, {
    models: [modelKind(model)],
    dimensions: [data.dim_z],
    graph: data.nature.mode,
    modelSeeds: [general.seed],
    dataSeeds: [data.nature.seed],
    processes: 1,
    trainPairs: data.samples.train,
    dciPairs: data.samples.dci_train,
    testPairs: data.samples.test,
    batchSize: training.batchsize,
    epochs: training.epochs,
    clipNorm: training.clip_grad_norm,
    pretrainingEpochs: training.pretrain_epochs,
    pretrainingBeta: training.pretrain_beta,
    interventionsAfter: training.model_interventions_after_epoch,
    deterministicAfter: training.deterministic_intervention_encoder_after_epoch,
    learningRate: rate.initial,
    lowestRate: rate.minimal,
    restartEpochs: rate.type === "constant" ? 0 : rate.restart_every_epochs,
    warmUpAfter: first?.initial_constant_epochs ?? 0,
    warmUpEpochs: first?.decay_epochs ?? 0,
    initialBeta: startOf(beta),
    beta: beta.final,
    initialNoiseRegularisation: startOf(noise),
    noiseRegularisation: noise.final,
    initialOffset: startOf(offset),
    offset: offset.final,
    consistency: training.consistency_regularization_schedule.final,
    entropy: training.intervention_entropy_regularization_schedule.final,
    evaluateEvery: training.log_every_n_steps,
    nllSamples: evaluation.iwae_samples,
    encoSparsity: evaluation.enco_lambda,
    encoEpochs: 40,
  });
  return { configuration: configuration as WscrlConfiguration, folder: general.exp_dir };
}

/** What the published configurations call the models. */
function modelKind({ type, scm }: z.infer<typeof composed>["model"]): ModelKind {
  const known: Record<string, ModelKind> = {
    "intervention_noise_vae mlp none": "ilcm",
    "intervention_noise_vae mlp none_trivial": "dvae",
    "causal_vae unstructured null": "betavae",
  };
  const found = known[`${type} ${scm.type} ${scm.adjacency_matrix}`];
  if (found) return found;
  throw new RangeError(
    `Cannot configure wscrl as model.type, model.scm.type and model.scm.adjacency_matrix must be one of ${Object.keys(known).join("; ")}: got ${type} ${scm.type} ${scm.adjacency_matrix}`,
  );
}

/** `metrics/test_metrics.csv`, one row under the published columns that a model has, as pandas writes it. */
export function testMetricsFile({ evaluation, dimension }: WscrlRow): TextFile {
  const { dci, interventions, graph, nll } = evaluation;
  const matrix = (name: string, values: readonly (readonly number[])[]) =>
    values.flatMap((row, i) => row.map((value, j) => [`${name}_${i}_${j}`, value] as const));
  const metrics: (readonly [string, number])[] = [
    ["causal_informativeness_train", dci.informativenessTrain],
    ["causal_informativeness_test", dci.informativenessTest],
    ["causal_disentanglement", dci.disentanglement],
    ["causal_completeness", dci.completeness],
    ...matrix("causal_importance_matrix", dci.importance),
    ...(graph?.enco ? matrix("enco_graph", graph.enco.adjacency) : []),
    ...(graph && dimension <= 5 ? matrix("implicit_graph", graph.latentEffects) : []),
    ...(interventions
      ? ([
          ["intervention_correct_log_posterior", interventions.meanLogPosterior],
          ["intervention_correct_posterior", interventions.meanPosterior],
          ["intervention_accuracy", interventions.accuracy],
        ] as const)
      : []),
    ["nll", nll],
  ];
  const row = { "": 0, ...Object.fromEntries(metrics) };
  return {
    name: "metrics/test_metrics.csv",
    content: formatCsv(Object.keys(row), [row], { "": "integer" }),
  };
}
