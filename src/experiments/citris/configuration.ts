// The parameters of source document 002 (CITRIS), and what each preset makes of them. The defaults are the published
// settings of CITRIS-NF on Temporal Causal3DIdent; the scenes are synthetic at every preset, as the published frames with
// latents cannot be had.
import { z } from "zod";
import { commonParameters } from "../common-parameters";
import type { ConfigurationSource } from "../configuration";

const steps = z.int().min(1).max(10_000_000);
const rate = z.number().gt(0).max(1);
const weight = z.number().min(0).max(1e6);

const schema = z.object({
  ...commonParameters,
  seed: z.int().min(0).max(1_000_000).default(0).describe("first seed of the models"),
  seeds: z.int().min(1).max(100).default(3).describe("how many seeds, each with all models of its own"),
  dataSeed: z.int().min(0).max(1_000_000).default(0).describe("seed of the scenes, the same for every model"),
  size: z
    .union([z.literal(16), z.literal(32), z.literal(64), z.literal(128)])
    .default(64)
    .describe("height and width of the scenes"),
  depth: z
    .boolean()
    .default(true)
    .describe("whether the object's distance is a third number of its position"),
  spotlightHue: z.boolean().default(true).describe("whether the light has a colour, a factor of its own"),
  untouched: z
    .string()
    .default("")
    .describe(
      "factors that are never intervened upon, parted by commas, such as rotation: what is lost then",
    ),
  frames: z.int().min(100).max(10_000_000).default(150_000).describe("frames of the training sequence"),
  heldOut: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(10_000)
    .describe("independent frames that R² is measured on, half of them to teach the network that reads"),
  triplets: z.int().min(1).max(1_000_000).default(10_000).describe("triplets to predict"),

  latents: z.int().min(2).max(256).default(32).describe("M: numbers in a code, and latents"),
  channels: z.int().min(1).max(512).default(64).describe("c_hid of the autoencoder"),
  networks: z
    .enum(["residual", "simple"])
    .default("residual")
    .describe("the published residual networks, or their simple ones for 32 x 32 pixels"),
  blocks: z.int().min(1).max(8).default(2).describe("residual blocks after each doubling of the image"),
  codeNoise: weight.default(0.05).describe("standard deviation of the noise on codes"),
  codeWeight: weight.default(1e-6).describe("weight of the mean squared code"),
  autoencoderSteps: steps.default(117_000).describe("steps of the autoencoder"),
  autoencoderBatch: z.int().min(2).max(4096).default(256).describe("frames in each step of the autoencoder"),
  autoencoderRate: rate.default(5e-4).describe("learning rate of the autoencoder"),

  flowSteps: steps.default(58_500).describe("steps of CITRIS-NF"),
  flowBatch: z.int().min(2).max(4096).default(512).describe("pairs of frames in each step of CITRIS-NF"),
  flowRate: rate.default(1e-3).describe("learning rate of the flow and its prior"),
  classifierRate: rate.default(4e-3).describe("learning rate of the target classifier"),
  draws: z.int().min(1).max(64).default(8).describe("noisy copies of each code"),
  flowParts: z.int().min(1).max(16).default(4).describe("parts of the flow"),
  flowHidden: z.int().min(1).max(256).default(16).describe("hidden features of the flow for each latent"),
  prior: z.enum(["autoregressive", "mlp"]).default("autoregressive").describe("kind of the transition prior"),
  priorHidden: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("hidden features of the transition prior for each latent"),
  classifierChannels: z.int().min(1).max(512).default(64).describe("c_hid of the target classifier"),
  classifierWeight: weight.default(2).describe("weight of the latents' part of the target classifier"),
  psi0Weight: z.number().min(0).lt(1).default(0).describe("λ: how much ψ_0 is favoured; 0: there is no ψ_0"),
  evenStart: z
    .number()
    .min(0)
    .max(20)
    .default(0)
    .describe(
      "how much ψ prefers, at first, an even deal of latents to factors, as a logit; 0: undecided, as published",
    ),
  attempts: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe("flows from different starts, of which the one of the best held-out likelihood counts"),
  attemptShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.3)
    .describe("share of the steps after which one of several attempts is chosen"),

  vaeSteps: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(58_500)
    .describe("steps of CITRIS-VAE, the variant that learns pictures and factors at once; 0 for none"),
  vaeLatents: z.int().min(2).max(256).default(16).describe("latents of CITRIS-VAE"),
  vaeChannels: z.int().min(1).max(512).default(32).describe("c_hid of CITRIS-VAE"),
  vaeBatch: z.int().min(2).max(4096).default(512).describe("pairs of frames in each step of CITRIS-VAE"),
  vaeRate: rate.default(1e-3).describe("learning rate of CITRIS-VAE"),

  betaVaeSteps: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(20_000)
    .describe("steps of the beta-VAE, a baseline that sees no targets; 0 for none"),
  betaVaeWeight: weight.default(4).describe("β of the beta-VAE: the weight of the divergence"),

  causalEncoderSteps: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(20_000)
    .describe("steps of the causal encoder, which reads factors off decoded triplets; 0 for none"),
  readerEpochs: z.int().min(1).max(10_000).default(100).describe("epochs of the network behind R²"),
  control: z
    .boolean()
    .default(true)
    .describe("whether another flow is trained on shuffled intervention targets, as a control"),
  processes: z.int().min(1).max(64).default(1).describe("seeds at once, each in a process of its own"),
  load: z.string().default("").describe("a folder of saved results to show instead of a run"),
});

export type CitrisConfiguration = z.infer<typeof schema>;
/** Without the keys that decide nothing. */
export type DecidingConfiguration = Omit<CitrisConfiguration, "processes" | "load" | "track">;

/** The names that `untouched` lists. */
export const untouchedFactors = ({ untouched }: Pick<DecidingConfiguration, "untouched">): string[] =>
  untouched
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/**
 * Networks for 32 x 32 pixels, and five factors: what two cores can learn in minutes. There are as many latents as the factors
 * need, one a number and two an angle: any more would have to lie with some factor, and may tell of others there.
 */
const small = {
  size: 32,
  depth: false,
  spotlightHue: false,
  networks: "simple",
  latents: 10,
  channels: 16,
  classifierChannels: 16,
  blocks: 1,
  draws: 1,
};

/** How these networks learn; a lower rate of the flow is still on its way at the last step, and a higher one of the autoencoder may fail. */
const learning = {
  autoencoderBatch: 32,
  autoencoderRate: 7e-3,
  flowBatch: 128,
  flowRate: 2e-2,
  flowHidden: 8,
  priorHidden: 8,
  evenStart: 6,
};

export const citrisSource: ConfigurationSource<typeof schema.shape> = {
  name: "citris",
  schema,
  presets: {
    smoke: {
      ...small,
      channels: 4,
      frames: 600,
      heldOut: 200,
      triplets: 20,
      seeds: 1,
      autoencoderSteps: 20,
      autoencoderBatch: 16,
      autoencoderRate: 3e-3,
      flowSteps: 20,
      flowBatch: 32,
      flowRate: 3e-3,
      flowHidden: 4,
      priorHidden: 4,
      flowParts: 2,
      vaeSteps: 4,
      vaeLatents: 6,
      vaeChannels: 2,
      vaeBatch: 8,
      betaVaeSteps: 4,
      causalEncoderSteps: 10,
      readerEpochs: 3,
      attempts: 2,
    },
    quick: {
      ...small,
      ...learning,
      frames: 20_000,
      heldOut: 8_000,
      triplets: 500,
      seeds: 1,
      autoencoderSteps: 6_000,
      flowSteps: 5_000,
      causalEncoderSteps: 600,
      readerEpochs: 40,
      betaVaeSteps: 400,
      vaeSteps: 0,
    },
    // Six factors with eight numbers, and both variants. At 32 x 32 pixels, as a seed then takes a quarter of an hour on one
    // core; `size: 64, networks: "residual", autoencoderSteps: 20000` takes two hours.
    standard: {
      ...small,
      ...learning,
      depth: true,
      spotlightHue: true,
      latents: 13,
      seeds: 3,
      frames: 40_000,
      heldOut: 12_000,
      triplets: 1_000,
      autoencoderSteps: 12_000,
      flowSteps: 24_000,
      attempts: 2,
      attemptShare: 0.25,
      control: false,
      causalEncoderSteps: 1_500,
      betaVaeSteps: 2_000,
      readerEpochs: 60,
      vaeSteps: 6_000,
      vaeLatents: 13,
      vaeChannels: 16,
      vaeBatch: 64,
    },
    paper: {}, // the published sizes: M 32, c_hid 64, batches of 256 and 512, 200 epochs
  },
};
