// The parameters of source document 000 (W2: causal intervention), and what each preset makes of them. The defaults are the
// document's own numbers. Data that stand in for CIFAR-10 are taken by smoke and quick alone, or where they are asked for.
import { z } from "zod";
import { bootstrapParameters, presetParameter } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const share = z.number().min(0).max(1);
const epochs = z.int().min(1).max(10_000);
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
  ...presetParameter,
  seed: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("first seed; also of generated images and the bootstrap"),
  seeds: z.int().min(1).max(1000).default(3).describe("how many seeds, one after the other"),
  data: z
    .enum(["auto", "cifar10", "generated"])
    .default("auto")
    .describe(
      "'cifar10', 'generated' (textured shapes), or 'auto': CIFAR-10 where it can be had, else generated",
    ),
  standIn: z
    .boolean()
    .default(false)
    .describe("whether generated images may stand in for CIFAR-10; without it, data must be 'cifar10'"),
  images: z.int().min(2).max(50_000).default(50_000).describe("the first so many training images"),
  testImages: z.int().min(1).max(10_000).default(10_000).describe("the first so many test images"),
  width: z.int().min(1).max(256).default(64).describe("channels of ResNet-18's first stage"),
  batchSize: z.int().min(2).max(4096).default(256).describe("images a step"),
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
  learningRate: z.number().gt(0).max(10).default(0.1).describe("of the two checkpoints, before milestones"),
  momentum: z.number().min(0).lt(1).default(0.9).describe("of SGD"),
  weightDecay: z.number().min(0).max(1).default(5e-4).describe("of SGD"),
  orderedLambda: share.default(0.35).describe("λ of the ordered checkpoint"),
  orderedEpochs: epochs.default(50).describe("epochs to the ordered checkpoint"),
  orderedMilestones: milestones.default([30, 40]).describe("epochs at which its learning rate falls tenfold"),
  orderedThreshold: share.default(0.25).describe("a checkpoint is ordered where its test error is below"),
  collapseLambda: share.default(0.6).describe("λ of the collapse checkpoint"),
  collapseEpochs: epochs.default(80).describe("epochs to the collapse checkpoint"),
  collapseMilestones: milestones
    .default([40, 60])
    .describe("epochs at which its learning rate falls tenfold"),
  collapseThreshold: share.default(0.45).describe("a checkpoint has collapsed where its test error is above"),
  targets: lambdas.min(1).max(12).default([0.4, 0.5, 0.55]).describe("the λs that both checkpoints jump to"),
  interventionEpochs: epochs.default(30).describe("epochs after the jump"),
  interventionRate: z.number().gt(0).max(10).default(0.01).describe("learning rate after it, over the first"),
  evaluateEvery: z.int().min(1).default(5).describe("epochs between test errors after the jump"),
  control: z.boolean().default(true).describe("whether fresh networks are trained at each target too"),
  hysteresis: lambdas
    .default([])
    .describe(
      "λs to sweep: from the ordered checkpoint up and down again, from the collapse one down and up; none: no sweep",
    ),
  hysteresisEpochs: epochs.default(5).describe("epochs at each λ of the sweep"),
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
export type DecidingConfiguration = Omit<W2Configuration, "processes" | "load">;

export const w2Source: ConfigurationSource<typeof schema.shape> = {
  name: "w2",
  schema,
  presets: {
    smoke: {
      // generated: a test of the whole way in seconds, which no network and no cache may decide
      ...{ seeds: 1, images: 32, testImages: 20, width: 2, batchSize: 16, data: "generated", replicates: 50 },
      ...{ standIn: true, noiseDraws: "dolab" },
      ...{ orderedEpochs: 2, orderedMilestones: [1], collapseEpochs: 2, collapseMilestones: [1] },
      ...{ targets: [0.4, 0.55], interventionEpochs: 3, evaluateEvery: 2 },
      ...{ hysteresis: [0.35, 0.6], hysteresisEpochs: 1 },
    },
    quick: {
      ...{ seeds: 1, images: 1024, testImages: 500, width: 8, batchSize: 64 },
      ...{ standIn: true, noiseDraws: "dolab" },
      ...{ orderedEpochs: 16, orderedMilestones: [10, 13] },
      ...{ collapseEpochs: 16, collapseMilestones: [10, 13] },
      ...{
        interventionEpochs: 6,
        evaluateEvery: 2,
        hysteresis: [0.35, 0.5, 0.6],
        hysteresisEpochs: 2,
      },
    },
    standard: {
      noiseDraws: "dolab",
      ...{ data: "cifar10", images: 10_000, width: 8, batchSize: 128 }, // the first of CIFAR-10's five files
      ...{ orderedEpochs: 20, orderedMilestones: [12, 16] }, // epochs: two fifths of the document's
      ...{ collapseEpochs: 32, collapseMilestones: [16, 24] },
      ...{ interventionEpochs: 12, evaluateEvery: 3, hysteresisEpochs: 3, processes: 3 },
    },
    paper: { data: "cifar10" },
  },
};
