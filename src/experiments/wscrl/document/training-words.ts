// How the document's configurations speak of a model and its training, in our words: what its commands `scaling` and
// `causalcircuit` share.
import { z } from "zod";
import type { ModelKind, TrainingConfiguration } from "../configuration";

const schedule = (...types: [string, ...string[]]) =>
  z.strictObject({
    type: z.enum(["constant", ...types]),
    initial: z.number(),
    final: z.number(),
    initial_constant_epochs: z.int(),
    decay_epochs: z.int(),
  });

/** A schedule that never changes. */
export const constantWords = z.strictObject({
  type: z.literal("constant"),
  initial: z.number(),
  final: z.number(),
  initial_constant_epochs: z.int(),
  decay_epochs: z.int(),
});

/** The group `training` of a causal model. */
export const trainingWords = z.strictObject({
  batchsize: z.int(),
  epochs: z.int(),
  clip_grad_norm: z.number(),
  pretrain_epochs: z.int(),
  pretrain_beta: z.number(),
  model_interventions_after_epoch: z.int(),
  deterministic_intervention_encoder_after_epoch: z.int(),
  fix_topological_order_epoch: z.int().optional(),
  lr_schedule: z.strictObject({
    type: z.enum(["constant", "cosine_restarts_reset"]),
    initial: z.number(),
    minimal: z.number(),
    restart_every_epochs: z.int(),
  }),
  beta_schedule: schedule("constant_linear_constant"),
  z_regularization_schedule: schedule("constant_linear_constant"),
  consistency_regularization_schedule: constantWords,
  intervention_entropy_regularization_schedule: constantWords,
  intervention_encoder_offset_schedule: schedule("constant_exponential_constant"),
  log_every_n_steps: z.int(),
});

/**
 * A training in our words.
 *
 * @throws {RangeError} for schedules that cannot be had together
 */
export function trainingOf(
  training: z.infer<typeof trainingWords>,
): Omit<TrainingConfiguration, "trainPairs"> {
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
  return {
    batchSize: training.batchsize,
    epochs: training.epochs,
    clipNorm: training.clip_grad_norm,
    pretrainingEpochs: training.pretrain_epochs,
    pretrainingBeta: training.pretrain_beta,
    interventionsAfter: training.model_interventions_after_epoch,
    deterministicAfter: training.deterministic_intervention_encoder_after_epoch,
    ...(training.fix_topological_order_epoch === undefined
      ? {}
      : { fixOrderAfter: training.fix_topological_order_epoch }),
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
  };
}

/** The group `model` of a causal model. */
export const modelWords = z.strictObject({
  type: z.string(),
  scm: z.strictObject({ type: z.string(), adjacency_matrix: z.string().nullable() }),
});

/** What the published configurations call the models. @throws {RangeError} naming those that there are */
export function modelKindOf({ type, scm }: z.infer<typeof modelWords>): ModelKind {
  const known: Record<string, ModelKind> = {
    "intervention_noise_vae mlp none": "ilcm",
    "intervention_noise_vae mlp none_trivial": "dvae",
    "causal_vae unstructured null": "betavae",
    "causal_vae mlp fixed_order": "elcm_fixed_order",
    "causal_vae mlp enco": "elcm_enco",
    "causal_vae mlp dds": "elcm_dds",
  };
  const found = known[`${type} ${scm.type} ${scm.adjacency_matrix}`];
  if (found) return found;
  throw new RangeError(
    `Cannot configure wscrl as model.type, model.scm.type and model.scm.adjacency_matrix must be one of ${Object.keys(known).join("; ")}: got ${type} ${scm.type} ${scm.adjacency_matrix}`,
  );
}
