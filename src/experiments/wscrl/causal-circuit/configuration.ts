// The parameters of CausalCircuit, document 004's experiment on pictures, and what each preset makes of them. The defaults are the
// published values (training=causalcircuit_reduce_dim and causalcircuit_ilcm), but for the size of pictures.
import { z } from "zod";
import { commonParameters } from "../../common-parameters";
import type { ConfigurationSource } from "../../configuration";
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
} from "../shared-parameters";

const rate = z.number().gt(0).max(1);
const probability = z.number().gt(0).max(1);

export const schema = z.object({
  ...commonParameters,
  seed: seedValue.default(0).describe("the seed of the drawn pairs, where they are synthetic"),
  seeds: z
    .array(seedValue)
    .min(1)
    .max(100)
    .refine(isDistinct, distinct)
    .default([4701])
    .describe("the seeds of initial weights, batches and noise; the document's general.seed"),
  models: z
    .array(z.enum(publishedKinds))
    .min(1)
    .refine(isDistinct, distinct)
    .default([...publishedKinds])
    .describe("stage 2: which of ilcm, dvae (disentangled VAE) and betavae"),
  codes: z
    .string()
    .min(1)
    .default("train")
    .describe(
      'what stage 2 learns from: "train" trains stage 1 first, "components" takes principal components of pixels in its place, and a folder those that `dolab wscrl causalcircuit_reduce_dim` wrote',
    ),
  pictures: z
    .string()
    .min(1)
    .default("synthetic")
    .describe('"synthetic": pictures of our renderer; or the folder of the published .npz files'),
  size: z
    .int()
    .min(8)
    .max(512)
    .refine((size) => Number.isInteger(Math.log2(size)), "it must be a power of two")
    .default(64)
    .describe("height and width of pictures; published: 512"),
  width: z
    .int()
    .min(4)
    .max(128)
    .multipleOf(2)
    .default(32)
    .describe("stage 1: channels after its first block"),
  latents: z.int().min(1).max(128).default(8).describe("stage 1: numbers that a picture becomes"),
  trainPairs: pairs.default(100_000).describe("pairs before and after an intervention to train on"),
  testPairs: pairs.default(10_000).describe("held-out pairs"),
  dciPairs: pairs
    .default(10_000)
    .describe("pairs of the training set that the boosters of DCI are fitted to (published: all)"),
  autoencoderGain: z
    .number()
    .gt(0)
    .max(10)
    .default(1)
    .describe("stage 1: what PyTorch's initial values of convolutions are multiplied by (2.45: He et al.'s)"),
  autoencoderEpochs: z.int().min(1).max(10_000).default(50).describe("stage 1: epochs"),
  autoencoderBatch: z.int().min(1).max(4096).default(32).describe("stage 1: pairs a step"),
  autoencoderRate: rate.default(1e-4).describe("stage 1: learning rate of Adam, falling along a cosine"),
  autoencoderLowestRate: z.number().min(0).max(1).default(1e-8).describe("stage 1: where the cosine leads"),
  autoencoderClipNorm: z
    .number()
    .gt(0)
    .default(100)
    .describe("stage 1: largest norm of all gradients together"),
  autoencoderBeta: weight.default(0.1).describe("stage 1: weight of the divergence"),
  codeRegularisation: weight.default(0.1).describe("stage 1: weight of squared codes"),
  autoencoderConsistency: weight
    .default(0.05)
    .describe("stage 1: weight of the squared error, beside the likelihood's half"),
  batchSize: z.int().min(1).max(100_000).default(64).describe("stage 2: pairs a step"),
  epochs: z.int().min(1).max(10_000).default(120).describe("stage 2: epochs in all"),
  pretrainingEpochs: epoch.default(20).describe("stage 2: epochs as a beta-VAE"),
  interventionsAfter: epoch
    .default(40)
    .describe("stage 2: epoch from which intervened variables have a density"),
  deterministicAfter: epoch
    .default(80)
    .describe("stage 2: epoch from which only the likeliest intervention of a pair counts"),
  fixOrderAfter: epoch
    .default(80)
    .describe(
      "stage 2: epoch from which the ILCM's solution functions see earlier variables alone, in the order found then",
    ),
  learningRate: rate.default(8e-4).describe("stage 2: the learning rate of Adam"),
  lowestRate: z
    .number()
    .min(0)
    .max(1)
    .default(1e-8)
    .describe("stage 2: where the cosine of each restart leads"),
  restartEpochs: epoch.default(40).describe("stage 2: epochs between restarts; 0: the rate is constant"),
  clipNorm: z.number().gt(0).default(10).describe("stage 2: largest norm of all gradients together"),
  pretrainingBeta: weight.default(1e-3).describe("stage 2: weight of the divergence in pretraining"),
  warmUpAfter: epoch
    .default(20)
    .describe("stage 2: epoch at which beta, z's weight and the offset begin to change"),
  warmUpEpochs: epoch
    .default(20)
    .describe("stage 2: epochs of that change; 0: the last values hold from the start"),
  initialBeta: weight.default(0).describe("stage 2: weight of the divergences before the change"),
  beta: weight.default(3e-5).describe("stage 2: weight of the divergences after the change"),
  initialNoiseRegularisation: weight
    .default(0.01)
    .describe("stage 2: weight of squared noise encodings before the change"),
  noiseRegularisation: weight
    .default(0)
    .describe("stage 2: weight of squared noise encodings after the change"),
  consistency: weight.default(0.01).describe("stage 2: weight of the squared error of reconstructions"),
  entropy: weight.default(0.2).describe("stage 2: weight of the entropy of the mean intervention posterior"),
  initialOffset: probability
    .default(0.025)
    .describe("stage 2: least probability of an intervention, before the change"),
  offset: probability
    .default(1e-4)
    .describe("stage 2: least probability of an intervention, after the change"),
  nllSamples: z.int().min(1).max(1000).default(10).describe("samples of the importance-weighted likelihood"),
  graphPairs: pairs.default(2000).describe("held-out pairs that the implicit graph is found from"),
  edgeThreshold: z.number().gt(0).max(2).default(0.05).describe("causal effect from which an edge is drawn"),
  encoEpochs: epoch.default(40).describe("epochs of ENCO's graph search, beside the implicit graph; 0: none"),
  encoSparsity: weight.default(0.01).describe("what an edge costs in ENCO's graph search"),
  evaluateEvery: z.int().min(1).default(1000).describe("steps between points of stage 2's learning curves"),
  processes: z.int().min(1).max(64).default(2).describe("seeds at once, each on one thread"),
  load: z
    .string()
    .default("")
    .describe("a folder of saved results to show instead of a run, from here or from the project's folder"),
});

/** The kinds of codes that are made of pictures. */
export const fromPictures: readonly string[] = ["train", "components"];

export type CircuitConfiguration = z.infer<typeof schema>;

/** What `training=causalcircuit_fast` changes: a tenth of the epochs. */
const fast = {
  epochs: 12,
  pretrainingEpochs: 2,
  interventionsAfter: 4,
  deterministicAfter: 8,
  fixOrderAfter: 8,
  restartEpochs: 4,
  warmUpAfter: 2,
  warmUpEpochs: 2,
};

export const presets: ConfigurationSource<z.ZodRawShape>["presets"] = {
  smoke: {
    ...fast,
    epochs: 3,
    pretrainingEpochs: 1,
    interventionsAfter: 1,
    deterministicAfter: 2,
    fixOrderAfter: 2,
    size: 8,
    width: 4,
    latents: 5,
    autoencoderEpochs: 2,
    autoencoderRate: 1e-3,
    autoencoderBatch: 32,
    trainPairs: 128,
    testPairs: 64,
    dciPairs: 128,
    graphPairs: 32,
    encoEpochs: 0,
    nllSamples: 2,
    evaluateEvery: 10,
    processes: 1,
  },
  quick: {
    ...fast,
    codes: "components",
    size: 32,
    trainPairs: 2000,
    testPairs: 1000,
    dciPairs: 2000,
    graphPairs: 1000,
    encoEpochs: 0,
    evaluateEvery: 200,
    processes: 1,
  },
  // As many steps of stage 2 as published, on a fifth of the pairs, so that every phase is five times as many epochs. With a fifth
  // of the steps the ILCM came to .29 (weight 3e-5) and .39 (3e-3). It loses what it has found, .91, when the learning rate
  // restarts at epoch 400 and the likeliest intervention alone counts, whether the order of variables is fixed then or not.
  standard: {
    seeds: [4701],
    size: 32,
    width: 16,
    trainPairs: 20_000,
    testPairs: 2000,
    autoencoderEpochs: 20,
    autoencoderGain: 2.45,
    autoencoderRate: 1e-3,
    // Squared errors are sums over pixels, and so much smaller than the published 512 × 512's are the weights beside them: these are
    // those of 64 × 64. (With the published ones a small autoencoder keeps to the mean picture.)
    autoencoderBeta: 0.0016,
    codeRegularisation: 0.0016,
    epochs: 600,
    pretrainingEpochs: 100,
    interventionsAfter: 200,
    deterministicAfter: 400,
    fixOrderAfter: 1000,
    restartEpochs: 200,
    warmUpAfter: 100,
    warmUpEpochs: 100,
    beta: 3e-3,
    encoEpochs: 0,
    evaluateEvery: 5000,
  },
  paper: { seeds: [4701, 4702, 4703], size: 512 },
};

/** @throws {RangeError} where phases are out of order, or a batch is larger than the data */
export function requireOrder(configuration: CircuitConfiguration): void {
  const { trainPairs } = configuration;
  const refuse = refuseConfiguration("causal-circuit");
  requirePhases(configuration, refuse);
  for (const key of ["batchSize", "autoencoderBatch"] as const)
    if (configuration[key] > trainPairs)
      throw refuse(`${key} must be at most trainPairs`, `${configuration[key]} and ${trainPairs}`);
  if (!fromPictures.includes(configuration.codes) && configuration.pictures !== "synthetic")
    throw refuse(
      "pictures are not looked at where codes are given",
      `codes "${configuration.codes}" and pictures "${configuration.pictures}"`,
    );
}
