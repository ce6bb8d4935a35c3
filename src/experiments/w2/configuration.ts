// The parameters of source document 000 (W2: causal intervention), and what each preset makes of them. The defaults are the
// document's own numbers, but for the learning rate, which goes with the width (see learning-rate.ts). The presets smoke and
// quick take generated images; standard and paper take CIFAR-10. No images ever stand in for others.
import { z } from "zod";
import { bootstrapParameters, commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const share = z.number().min(0).max(1);
const epochs = z.int().min(1).max(10_000);
const arm = z.int().min(0).max(10_000);
const isLambda = (lambda: number) => lambda >= 0 && lambda <= 1;
const lambdas = z
  .array(z.number())
  .max(100)
  .refine((list) => list.every(isLambda), "each λ must be from 0 to 1")
  .refine((list) => new Set(list).size === list.length, "each λ may stand there once");
const milestones = z
  .array(z.int().min(1))
  .refine((list) => list.every((epoch, i) => i === 0 || epoch > list[i - 1]), "milestones must rise");

const schema = z.object({
  ...commonParameters,
  seed: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("the first seed; it also draws generated images and the bootstrap"),
  seeds: z.int().min(1).max(1000).default(3).describe("how many seeds, one after the other"),
  data: z
    .enum(["cifar10", "generated"])
    .default("cifar10")
    .describe("'cifar10', or 'generated': textured shapes, which need no download"),
  difficulty: share
    .default(0)
    .describe("how hard generated images are: 0 is large shapes in the middle, 1 is anywhere among clutter"),
  images: z.int().min(2).max(50_000).default(50_000).describe("how many training images, from the first on"),
  testImages: z.int().min(1).max(10_000).default(10_000).describe("how many test images, from the first on"),
  imageSide: z
    .union([z.literal(32), z.literal(16), z.literal(8)])
    .default(32)
    .describe("pixels a side: the images have 32, fewer are means over squares of these"),
  width: z.int().min(1).max(256).default(64).describe("channels of ResNet-18's first stage"),
  batchSize: z.int().min(2).max(4096).default(256).describe("how many images a step takes"),
  padding: z.int().min(0).max(16).default(4).describe("black pixels around an image before it is cropped"),
  flip: z.boolean().default(true).describe("whether half of the training images are mirrored"),
  noiseRate: share.default(0.4).describe("share of training labels that are changed to another class"),
  noiseDraws: z
    .enum(["numpy", "dolab"])
    .default("numpy")
    .describe(
      "which labels are changed: those that the document's numpy draws, or those of dolab's generator",
    ),
  refreshEvery: z
    .int()
    .min(1)
    .default(16)
    .describe("K: the clean gradient is taken anew every so many steps"),
  learningRate: z
    .union([z.literal("auto"), z.number().gt(0).max(10)])
    .default("auto")
    .describe("the checkpoints' rate before milestones; 'auto' is 0.1 · √(width / 64)"),
  momentum: z.number().min(0).lt(1).default(0.9).describe("SGD's momentum"),
  weightDecay: z.number().min(0).max(1).default(5e-4).describe("SGD's weight decay"),
  orderedLambda: share.default(0.35).describe("λ of the ordered checkpoint"),
  orderedEpochs: epochs.default(50).describe("epochs in which the ordered checkpoint is trained"),
  orderedMilestones: milestones.default([30, 40]).describe("epochs at which its learning rate falls tenfold"),
  orderedThreshold: share.default(0.25).describe("a checkpoint is ordered where its test error is below"),
  collapseLambda: share.default(0.6).describe("λ of the collapse checkpoint"),
  collapseEpochs: epochs.default(80).describe("epochs in which the collapse checkpoint is trained"),
  collapseMilestones: milestones
    .default([40, 60])
    .describe("epochs at which its learning rate falls tenfold"),
  collapseThreshold: share.default(0.45).describe("a checkpoint has collapsed where its test error is above"),
  targets: lambdas.min(1).max(12).default([0.4, 0.5, 0.55]).describe("the λs that both checkpoints jump to"),
  interventionEpochs: epochs.default(30).describe("epochs after the jump"),
  interventionRate: z
    .number()
    .gt(0)
    .max(10)
    .default(0.01)
    .describe("the learning rate after the jump, as a share of the checkpoints' first"),
  evaluateEvery: z.int().min(1).default(5).describe("epochs between test errors after the jump"),
  longerTargets: lambdas
    .default([])
    .describe("λs at which the first seed's branches are trained four times as long; none: no such branch"),
  control: z.boolean().default(true).describe("whether fresh networks are trained at each target too"),
  armSeeds: z
    .int()
    .min(1)
    .max(1000)
    .default(1000)
    .describe(
      "how many seeds, from the first on, have control and sweep; the others have the document's phases alone",
    ),
  hysteresis: lambdas
    .default([])
    .describe(
      "λs to sweep: from the ordered checkpoint up and down again, from the collapse one down and up; none: no sweep",
    ),
  hysteresisEpochs: epochs.default(5).describe("epochs at each λ of the sweep"),
  hysteresisRate: z
    .number()
    .gt(0)
    .max(10)
    .default(0.01)
    .describe("the learning rate of the sweep and the tree, as a share of the checkpoints' first"),
  speedHolds: z
    .array(epochs)
    .max(10)
    .default([])
    .describe("the first seed's sweep again, with other numbers of epochs at each λ; none: no such sweep"),
  boundary: lambdas
    .default([])
    .describe("λs at which a fresh network is trained, to find where it collapses; none: no such training"),
  boundaryEpochs: epochs
    .default(10)
    .describe("epochs at each of these λs, with milestones in proportion to the ordered checkpoint's"),
  boundarySeeds: z.int().min(1).max(100).default(1).describe("how many seeds at each of these λs"),
  lifetimeLambda: share.default(0.54).describe("λ at which the first seed's ordered network is left alone"),
  lifetimeEpochs: arm.default(0).describe("for how many epochs it is left there; 0: it is not"),
  escapeEpochs: arm
    .default(0)
    .describe(
      "epochs in which a network is driven to chance, and those of each attempt to free it; 0: neither",
    ),
  treeLambdas: lambdas
    .max(6)
    .default([])
    .describe(
      "λs between which the first seed's checkpoints go on at each branching, every way; none: no such tree",
    ),
  treeDepth: z.int().min(1).max(4).default(3).describe("how many times the tree branches"),
  treeHold: epochs.default(2).describe("epochs between branchings of the tree"),
  ...bootstrapParameters,
  processes: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("seeds at once, each with its memory; a GPU takes one after the other"),
  load: z
    .string()
    .default("")
    .describe("a folder of saved results to show instead of a run, from here or from the project's folder"),
});

export type W2Configuration = z.infer<typeof schema>;

/** What decides a run's results: everything but how it is computed and shown. */
export type DecidingConfiguration = Omit<W2Configuration, "processes" | "load" | "track">;

export const w2Source: ConfigurationSource<typeof schema.shape> = {
  name: "w2",
  schema,
  presets: {
    // the whole way in seconds, for tests
    smoke: {
      data: "generated",
      noiseDraws: "dolab",
      seeds: 1,
      images: 32,
      testImages: 20,
      width: 2,
      batchSize: 16,
      orderedEpochs: 2,
      orderedMilestones: [1],
      collapseEpochs: 2,
      collapseMilestones: [1],
      targets: [0.4, 0.55],
      interventionEpochs: 3,
      evaluateEvery: 2,
      hysteresis: [0.35, 0.6],
      hysteresisEpochs: 1,
      replicates: 50,
    },
    // the phenomenon in minutes: on images as easy as these the boundary lies higher, so that the rate is twice that of "auto"
    quick: {
      data: "generated",
      noiseDraws: "dolab",
      seeds: 1,
      images: 2048,
      testImages: 500,
      imageSide: 16,
      padding: 1,
      width: 8,
      batchSize: 64,
      learningRate: 0.07,
      orderedEpochs: 16,
      orderedMilestones: [10, 14],
      collapseEpochs: 16,
      collapseMilestones: [12, 14],
      interventionEpochs: 4,
      evaluateEvery: 2,
      hysteresis: [0.2, 0.35, 0.5, 0.6],
      hysteresisEpochs: 2,
      hysteresisRate: 1,
      boundary: [0.2, 0.35, 0.45, 0.6],
      boundaryEpochs: 10,
    },
    // all of CIFAR-10, and every arm, in a night on two cores. The last epochs at a low rate are few where λ is high: in the
    // document as here such a network goes on learning once its steps are short
    standard: {
      noiseDraws: "dolab",
      width: 16,
      batchSize: 128,
      orderedEpochs: 22,
      orderedMilestones: [15, 19],
      collapseEpochs: 10, // a network at λ .6 errs on .85 after one epoch
      collapseMilestones: [8, 9],
      interventionEpochs: 3,
      evaluateEvery: 1,
      armSeeds: 1,
      longerTargets: [0.5],
      hysteresis: [0.2, 0.35, 0.5, 0.6],
      hysteresisEpochs: 1,
      hysteresisRate: 1,
      speedHolds: [5],
      boundary: [0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.48, 0.5, 0.52, 0.55, 0.6, 0.7],
      boundaryEpochs: 3,
      boundarySeeds: 3,
      lifetimeEpochs: 12,
      escapeEpochs: 3,
      processes: 2,
    },
    paper: { learningRate: 0.1 },
  },
};
