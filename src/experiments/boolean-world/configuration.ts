// The parameters of source document 003 (boolean world), and what each preset makes of them. The defaults are the document's
// own numbers. Where it is silent, on what the loss counts, schedule, decay, clipping and dropout, the defaults are ours:
// completions alone (a prompt's values are random: nothing to learn), and Hugging Face's Trainer's linear fall to 0 without
// weight decay, gradients clipped at norm 1; dropout 0, as 32 states leave no noise to fit. The vocabulary is compact by
// default: the same texts in the same number of tokens, a step in a seventh of the time and 3 MB instead of 26; and after 375
// steps without two states it answered 32 of 32 (loss 0.013) where the whole one answered 30 (loss 0.043).
import { z } from "zod";
import { bootstrapParameters, commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const count = z.int().min(1).max(1_000_000);

const schema = z.object({
  ...commonParameters,
  seed: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("the seed of the data, the weights, their order, and the bootstrap"),
  vocabulary: z
    .enum(["compact", "gpt2"])
    .default("compact")
    .describe(
      "'gpt2': all 50,257 tokens; 'compact': those that the rules can produce, with the same tokens a text",
    ),
  trainExamples: count.default(20_000).describe("lines of train.jsonl"),
  validExamples: count.default(2_000).describe("lines of valid.jsonl"),
  testExamples: count.default(2_000).describe("lines of test.jsonl"),
  width: count.max(4096).default(128).describe("channels of the residual stream"),
  layers: count.max(100).default(4).describe("blocks"),
  heads: count.max(100).default(4).describe("attention heads of each block, a divisor of the width"),
  epochs: count.max(10_000).default(3).describe("passes over the training examples"),
  batchSize: count.max(4096).default(16).describe("examples a step"),
  learningRate: z.number().gt(0).max(1).default(5e-4).describe("learning rate of AdamW at the start"),
  schedule: z
    .enum(["linear", "cosine", "constant"])
    .default("linear")
    .describe(
      "how the learning rate falls to 0 until the last step: along a line or a cosine, or not at all",
    ),
  weightDecay: z.number().min(0).max(10).default(0).describe("weight decay of AdamW, decoupled"),
  clipNorm: z
    .number()
    .gt(0)
    .max(1000)
    .default(1)
    .describe("largest norm of all gradients together: longer ones are cut to it"),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of embedding, attention patterns and outputs that is dropped"),
  loss: z.enum(["completion", "all"]).default("completion").describe("which tokens count as targets"),
  sweepCounts: z
    .array(z.int().min(1).max(65_535))
    .min(1)
    .max(50)
    .refine((counts) => new Set(counts).size === counts.length, "must differ from each other")
    .default([1, 2, 4, 8, 12, 16])
    .describe("how many of the document's 32 states are held-out; of a world of 64 states, twice as many"),
  sweepDraws: z.int().min(1).max(1000).default(5).describe("random choices of states for each number"),
  sweepEpochs: count.max(10_000).default(3).describe("epochs of each training of the sweep"),
  harderEpochs: count
    .max(10_000)
    .optional()
    .describe(
      "epochs of each training in the harder world, which has twice as many states; by default sweepEpochs",
    ),
  ...bootstrapParameters,
  processes: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("trainings of the sweep at once; by default one a core where each is long"),
  load: z
    .string()
    .default("")
    .describe("a folder of a saved sweep to show instead of a run, from here or from the project's folder"),
});

export type BooleanWorldConfiguration = z.infer<typeof schema>;

/** What decides the weights of a model that is trained on given examples. */
export type TrainingConfiguration = Pick<
  BooleanWorldConfiguration,
  | ("seed" | "vocabulary" | "width" | "layers" | "heads" | "epochs" | "batchSize")
  | ("learningRate" | "schedule" | "weightDecay" | "clipNorm" | "dropout" | "loss")
>;

export const booleanWorldSource: ConfigurationSource<typeof schema.shape> = {
  name: "boolean-world",
  schema,
  presets: {
    smoke: {
      trainExamples: 640,
      validExamples: 64,
      testExamples: 64,
      width: 16,
      layers: 1,
      heads: 2,
      epochs: 1,
      sweepCounts: [1, 8],
      sweepDraws: 2,
      sweepEpochs: 1,
      replicates: 50,
    },
    quick: {
      trainExamples: 2_000, // 1,000 steps; in the sweep 4 x 400 and 4 x 600: about as few as answer all that was read
      batchSize: 8,
      epochs: 4,
      learningRate: 1e-3,
      sweepCounts: [1, 8],
      sweepDraws: 2,
      sweepEpochs: 2,
      harderEpochs: 3,
    },
    standard: { sweepDraws: 3, sweepEpochs: 2 }, // 36 x 2,500 steps
    paper: {},
  },
};

/**
 * Picks what decides a training's weights.
 *
 * @param configuration a whole one, as `parameters` gives it
 * @example
 * import { booleanWorld } from "dolab";
 * const { configuration } = booleanWorld.parameters({ preset: "smoke" });
 * const { width, layers } = booleanWorld.trainingConfiguration(configuration);
 * [width, layers]; // => [16, 1]
 */
export function trainingConfiguration(configuration: BooleanWorldConfiguration): TrainingConfiguration {
  const { seed, vocabulary, width, layers, heads, epochs, batchSize } = configuration;
  const { learningRate, schedule, weightDecay, clipNorm, dropout, loss } = configuration;
  return {
    seed,
    vocabulary,
    width,
    layers,
    heads,
    epochs,
    batchSize,
    learningRate,
    schedule,
    weightDecay,
    clipNorm,
    dropout,
    loss,
  };
}
