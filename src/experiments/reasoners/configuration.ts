// The parameters of the recursive reasoners, and what each preset makes of them. Sizes and recipe are those of miniatures that
// learn 4 x 4 Sudoku on two cores: not the published networks, and early in their training.
import { z } from "zod";
import { bootstrapParameters, commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const system = z.enum(["trm", "hrm"]);
const steps = z.int().min(2).max(1_000_000);
const clues = z.array(z.int().min(1).max(81)).length(2);
const size = z.number().gt(0).max(100);

const schema = z.object({
  ...commonParameters,
  seed: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("the first seed; it also draws puzzles and the bootstrap"),
  seeds: z.int().min(1).max(100).default(1).describe("how many seeds, one after the other"),
  data: z
    .string()
    .min(1)
    .default("train")
    .describe(
      "'train': networks trained here; a folder of diagnostics .npz files; or 'synthetic' diagnostics",
    ),
  systems: z.array(system).min(1).max(2).default(["trm", "hrm"]).describe("which reasoners are trained"),
  twins: z
    .array(system)
    .max(2)
    .default(["trm"])
    .describe("which are trained a second time with noise on the states of thoughts that go on"),
  trmSteps: steps.default(300).describe("training steps of TRM"),
  hrmSteps: steps.default(400).describe("training steps of HRM"),
  batchSize: z
    .int()
    .min(2)
    .max(4096)
    .default(96)
    .describe("puzzles that are thought about at once in training"),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .default(2e-3)
    .describe("the learning rate of AdamATan2, after the warm-up"),
  warmUpSteps: z.int().min(0).default(100).describe("steps in which the rate rises from 0"),
  weightDecay: z.number().min(0).max(10).default(0.1).describe("the weight decay of AdamATan2, decoupled"),
  noise: z
    .number()
    .gt(0)
    .max(10)
    .default(0.1)
    .describe("standard deviation of the twins' noise on each number of a state"),
  side: z
    .union([z.literal(4), z.literal(6), z.literal(9)])
    .default(4)
    .describe("rows of a Sudoku: 4, 6 or 9; the miniatures were tuned for 4"),
  channels: z.int().min(4).max(1024).multipleOf(4).default(48).describe("channels of a state"),
  trainPuzzles: z.int().min(2).max(1_000_000).default(6000).describe("training puzzles"),
  validationPuzzles: z.int().min(1).max(100_000).default(128).describe("puzzles that choose the checkpoint"),
  testPuzzles: z.int().min(16).max(100_000).default(256).describe("puzzles that are diagnosed"),
  trainClues: clues.default([4, 7]).describe("fewest and most clues of training puzzles"),
  testClues: clues.default([4, 5]).describe("fewest and most clues of validation and test puzzles"),
  firstSave: steps
    .default(100)
    .describe("the first step that may be chosen; half of it is the early checkpoint"),
  saveEvery: z.int().min(1).default(5).describe("steps between validations until a checkpoint is chosen"),
  threshold: z
    .number()
    .gt(0)
    .max(1)
    .default(0.3)
    .describe("the chosen checkpoint is the first with this share of validation puzzles right"),
  laterSteps: z.int().min(1).default(40).describe("steps from the chosen checkpoint to the later one"),
  actSteps: z.int().min(8).max(64).default(16).describe("ACT steps of a thought"),
  exponents: z.int().min(1).max(64).default(8).describe("Lyapunov exponents"),
  runOnSteps: z.int().min(17).max(4096).default(256).describe("ACT steps to which thoughts run on"),
  restarts: z.int().min(1).max(256).default(8).describe("restarts from perturbed initial states"),
  restartSizes: z
    .array(size)
    .min(1)
    .max(10)
    .default([0.3, 1])
    .describe("standard deviations of these perturbations"),
  kickedPuzzles: z.int().min(1).max(10_000).default(64).describe("puzzles whose thoughts are kicked halfway"),
  kickSizes: z.array(size).min(1).max(10).default([0.1, 3]).describe("lengths of these kicks, 2-norm"),
  clampedPuzzles: z
    .int()
    .min(1)
    .max(100_000)
    .default(128)
    .describe("wrong, and right, answers of which a cell is clamped"),
  clampMargin: z
    .number()
    .gt(0)
    .max(1000)
    .default(5)
    .describe("how far above the highest of a cell's other logits the clamped one is held"),
  ...bootstrapParameters,
  processes: z.int().min(1).max(64).default(2).describe("trainings at once, each in a process of its own"),
  load: z
    .string()
    .default("")
    .describe("a folder of saved results to show instead of a run, from here or from the project's folder"),
});

export type ReasonersConfiguration = z.infer<typeof schema>;
/** What decides results. */
export type DecidingConfiguration = Omit<ReasonersConfiguration, "processes" | "load">;
export type System = z.infer<typeof system>;

export const reasonersSource: ConfigurationSource<typeof schema.shape> = {
  name: "reasoners",
  schema,
  presets: {
    smoke: {
      systems: ["trm"],
      twins: [],
      trmSteps: 12,
      batchSize: 8,
      channels: 8,
      warmUpSteps: 2,
      trainPuzzles: 64,
      validationPuzzles: 8,
      testPuzzles: 16,
      firstSave: 4,
      saveEvery: 4,
      laterSteps: 4,
      actSteps: 8,
      exponents: 2,
      trainClues: [10, 12],
      testClues: [10, 12],
      runOnSteps: 20,
      restarts: 2,
      kickedPuzzles: 4,
      clampedPuzzles: 4,
      replicates: 50,
      processes: 1,
    },
    quick: {},
    standard: {
      seeds: 3,
      testPuzzles: 1024,
      kickedPuzzles: 128,
      clampedPuzzles: 256,
      kickSizes: [0.1, 1, 3, 10],
      replicates: 5000,
      processes: 1,
    },
    paper: {
      seeds: 10,
      twins: ["trm", "hrm"],
      testPuzzles: 4096,
      validationPuzzles: 1024,
      restarts: 64,
      replicates: 10_000,
    },
  },
};
