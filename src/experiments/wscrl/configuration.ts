// The parameters of source document 004 (weakly supervised causal representation learning), and what each preset makes of
// them. The defaults are the published values of the scaling experiment (training=scaling); epochs may be few and schedules
// constant, as in the published training=scaling_fast.
import { z } from "zod";
import { bootstrapParameters, commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";
import {
  distinct,
  epoch,
  isDistinct,
  pairs,
  publishedKinds,
  refuseConfiguration,
  requirePhases,
  seedValue,
  weight,
} from "./shared-parameters";

/** The published ones, and explicit latent causal models with each kind of graph. */
export const modelKinds = [...publishedKinds, "elcm_fixed_order", "elcm_enco", "elcm_dds"] as const;
export type ModelKind = (typeof modelKinds)[number];

/** All interventions are enumerated: a step's cost grows with the square of this. */
const MOST_DIMENSIONS = 30;

const seeds = z.array(seedValue).min(1).max(100).refine(isDistinct, distinct);

export const schema = z.object({
  ...commonParameters,
  seed: seedValue.default(0).describe("the seed of the bootstrap intervals alone"),
  models: z
    .array(z.enum(modelKinds))
    .min(1)
    .refine(isDistinct, distinct)
    .default([...publishedKinds])
    .describe(
      "which of ilcm, dvae (disentangled VAE), betavae, and explicit models: elcm_fixed_order, elcm_enco, elcm_dds",
    ),
  dimensions: z
    .array(z.int().min(1).max(MOST_DIMENSIONS))
    .min(1)
    .refine(isDistinct, distinct)
    .default([2, 3, 4])
    .describe(`numbers of causal variables, each from 1 to ${MOST_DIMENSIONS}: interventions are enumerated`),
  modelSeeds: seeds
    .default([4901])
    .describe("the seeds of initial weights, batches and noise; the document's general.seed"),
  dataSeeds: seeds
    .default([302])
    .describe("the seeds of graph, mechanisms and samples; the document's data.nature.seed"),
  graph: z
    .enum(["random", "full", "chain", "empty"])
    .default("random")
    .describe("which edges: each with probability 1/2, all, one to the next variable, or none"),
  trainPairs: pairs.default(100_000).describe("pairs before and after an intervention to train on"),
  dciPairs: pairs
    .default(10_000)
    .describe("pairs that the boosters of DCI are fitted to (published: 100000, the same scores to .01)"),
  testPairs: pairs.default(10_000).describe("held-out pairs"),
  batchSize: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe("pairs a step; what is left over of an epoch is dropped"),
  epochs: z.int().min(1).max(10_000).default(90).describe("epochs in all"),
  pretrainingEpochs: epoch.default(10).describe("epochs as a beta-VAE"),
  interventionsAfter: epoch.default(30).describe("epoch from which intervened variables have a density"),
  deterministicAfter: epoch
    .default(60)
    .describe("epoch from which only the likeliest intervention of a pair counts"),
  fixOrderAfter: epoch
    .default(1000)
    .describe(
      "epoch from which the ILCM's solution functions see earlier variables alone, in the order found then",
    ),
  manifoldThickness: z
    .number()
    .gt(0)
    .max(1)
    .default(0.01)
    .describe("explicit models: deviation of what is not intervened on from its counterfactual"),
  edgePenalty: weight.default(0).describe("explicit models: weight of the expected number of edges"),
  cyclePenalty: weight.default(0).describe("explicit models: weight of the cyclicity of ENCO's edges"),
  learningRate: z.number().gt(0).max(1).default(3e-4).describe("the learning rate of Adam"),
  lowestRate: z.number().min(0).max(1).default(1e-8).describe("where the cosine of each restart leads"),
  restartEpochs: epoch
    .default(30)
    .describe("epochs between restarts of learning rate and Adam; 0: the rate is constant"),
  clipNorm: z.number().gt(0).default(10).describe("largest norm of all gradients together"),
  pretrainingBeta: weight.default(1e-3).describe("weight of the divergence in pretraining"),
  warmUpAfter: epoch
    .default(10)
    .describe("epoch at which beta, the encodings' weight and the offset begin to change"),
  warmUpEpochs: epoch.default(10).describe("epochs of that change; 0: the last values hold from the start"),
  initialBeta: weight.default(0).describe("weight of the divergences before the change"),
  beta: weight.default(1).describe("weight of the divergences after the change"),
  initialNoiseRegularisation: weight
    .default(0.01)
    .describe("weight of squared noise encodings before the change"),
  noiseRegularisation: weight.default(0).describe("weight of squared noise encodings after the change"),
  consistency: weight.default(0.01).describe("weight of the squared error of reconstructions"),
  entropy: weight.default(1).describe("weight of the entropy of the mean intervention posterior"),
  initialOffset: z
    .number()
    .gt(0)
    .max(1)
    .default(0.025)
    .describe("least probability of an intervention, before the change"),
  offset: z
    .number()
    .gt(0)
    .max(1)
    .default(1e-4)
    .describe("least probability of an intervention, after the change"),
  nllSamples: z.int().min(1).max(1000).default(10).describe("samples of the importance-weighted likelihood"),
  graphPairs: pairs.default(2000).describe("held-out pairs that the implicit graph is found from"),
  edgeThreshold: z.number().gt(0).max(2).default(0.05).describe("causal effect from which an edge is drawn"),
  encoEpochs: epoch
    .default(40)
    .describe("epochs of ENCO's graph search on held-out pairs, beside the implicit graph; 0: none"),
  encoSparsity: weight.default(0.01).describe("what an edge costs in ENCO's graph search"),
  evaluateEvery: z.int().min(1).default(500).describe("steps between points of the learning curves"),
  ...bootstrapParameters,
  processes: z.int().min(1).max(64).default(2).describe("models trained at once, each on one thread"),
  load: z
    .string()
    .default("")
    .describe("a folder of saved results to show instead of a run, from here or from the project's folder"),
});

export type WscrlConfiguration = z.infer<typeof schema>;

/** What a model's training is told, here and on the codes of CausalCircuit. */
export type TrainingConfiguration = Pick<
  WscrlConfiguration,
  | "trainPairs"
  | "batchSize"
  | "epochs"
  | "pretrainingEpochs"
  | "interventionsAfter"
  | "deterministicAfter"
  | "learningRate"
  | "lowestRate"
  | "restartEpochs"
  | "clipNorm"
  | "pretrainingBeta"
  | "warmUpAfter"
  | "warmUpEpochs"
  | "initialBeta"
  | "beta"
  | "initialNoiseRegularisation"
  | "noiseRegularisation"
  | "consistency"
  | "entropy"
  | "initialOffset"
  | "offset"
  | "evaluateEvery"
> &
  Partial<Pick<WscrlConfiguration, "fixOrderAfter">>;

/** What the evaluation of its graph and interventions is told. */
export type EvaluationConfiguration = Pick<
  WscrlConfiguration,
  "offset" | "graphPairs" | "edgeThreshold" | "encoEpochs" | "encoSparsity"
>;

/** What `training=scaling_fast` changes: three epochs with constant weights. */
const fast = {
  epochs: 3,
  pretrainingEpochs: 1,
  interventionsAfter: 1,
  deterministicAfter: 2,
  restartEpochs: 0,
  warmUpEpochs: 0,
  consistency: 0,
};

export const presets: ConfigurationSource<z.ZodRawShape>["presets"] = {
  smoke: {
    ...fast,
    dimensions: [2],
    trainPairs: 640,
    dciPairs: 200,
    testPairs: 100,
    graphPairs: 50,
    evaluateEvery: 10,
    processes: 1,
    nllSamples: 2,
    encoEpochs: 0,
    replicates: 50,
  },
  quick: { ...fast, evaluateEvery: 1000, encoEpochs: 0 },
  // Twice as long as the published fast training: after three epochs the ILCM of three variables was still climbing.
  standard: {
    ...fast,
    epochs: 6,
    deterministicAfter: 3,
    encoEpochs: 0,
    dimensions: [2, 3, 4, 5, 6],
    evaluateEvery: 1562,
    modelSeeds: [4901, 4902, 4903],
    dataSeeds: [301, 302, 303],
  },
  paper: {
    dimensions: [2, 3, 4, 5, 6, 7, 8, 9, 10],
    modelSeeds: [4901, 4902, 4903],
    dataSeeds: [301, 302, 303],
    dciPairs: 100_000,
  },
};

/** @throws {RangeError} where phases are out of order, or a batch is larger than the data */
export function requireOrder(configuration: WscrlConfiguration): void {
  const { batchSize, trainPairs } = configuration;
  const refuse = refuseConfiguration("wscrl");
  requirePhases(configuration, refuse);
  if (batchSize > trainPairs)
    throw refuse("batchSize must be at most trainPairs", `${batchSize} and ${trainPairs}`);
  const { models, edgePenalty, cyclePenalty } = configuration;
  const isExplicit = (model: ModelKind) => model.startsWith("elcm");
  if ((edgePenalty > 0 || cyclePenalty > 0) && !models.every(isExplicit))
    throw refuse(
      "edgePenalty and cyclePenalty are of explicit models (elcm_...) alone",
      `${edgePenalty} and ${cyclePenalty} with ${models.join(", ")}`,
    );
}
