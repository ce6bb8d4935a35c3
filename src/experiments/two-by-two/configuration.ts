// The parameters of the 2x2 analysis, and what each preset makes of them.
import { z } from "zod";
import { bootstrapParameters, commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const schema = z.object({
  ...commonParameters,
  seed: z.int().min(0).default(0).describe("seed of the synthetic data and of the bootstrap"),
  data: z
    .string()
    .min(1)
    .default("auto")
    .describe(
      "a folder of diagnostics .npz files, 'synthetic', or 'auto': synthetic where standIn allows it, else refused",
    ),
  standIn: z
    .boolean()
    .default(false)
    .describe("whether the generator may stand in for diagnostics files; without it, data must be named"),
  samples: z.int().min(16).max(1_000_000).default(512).describe("synthetic samples of each checkpoint"),
  checkpoints: z.int().min(2).max(1000).default(10).describe("synthetic checkpoints in the evolution"),
  ...bootstrapParameters,
});

export type TwoByTwoConfiguration = z.infer<typeof schema>;

export const twoByTwoSource: ConfigurationSource<typeof schema.shape> = {
  name: "two-by-two",
  schema,
  presets: {
    smoke: { standIn: true, samples: 256, checkpoints: 4, replicates: 100 },
    quick: { standIn: true }, // the document's own sizes: 512 samples a checkpoint, ten checkpoints a system
    standard: { samples: 8192, replicates: 5000 }, // 8192 samples: the document's largest file, diag_8k.npz
    paper: { replicates: 10_000 },
  },
};
