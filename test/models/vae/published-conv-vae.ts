// A small autoencoder as PyTorch has it: what it starts from, what it makes of some images, and how it trains.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import { type ConvVae, convVaeVariables, createConvVae } from "../../../src/models";
import { createRandom } from "../../../src/random";
import { loadStateDict, type StoredTensor, tensorflow } from "../../../src/tensor";
import { toTensor } from "../../tensor/layers/published-layers";

interface Described {
  shape: number[];
  values: number[];
}
type Names = "mean" | "logVariance" | "reconstruction" | "kl" | "squares" | "entropy";

interface Fixture {
  beta: number;
  images: Described;
  state: Record<string, Described>;
  training: Record<Names, Described>;
  losses: number[];
  stateAfter: Record<string, Described>;
  evaluated: Record<"kl" | "squares" | "entropy", Described>;
}

const read = (name: string) => JSON.parse(readFileSync(join(__dirname, "../../fixtures/vae", name), "utf8"));

export const published: Fixture = read("conv-vae.json");
/** Standard normal numbers of the seeds [7, 0], [7, 1], ... [seed][batch][latents] */
export const publishedNoise: number[][][] = read("noise.json");

export const seedOf = (step: number): Tensor1D => tensorflow().tensor1d([7, step], "int32");
export const publishedImages = (): Tensor => toTensor(published.images, "image");

/** The autoencoder of the fixture, before training. */
export function publishedVae(): {
  vae: ConvVae;
  variables: Record<string, Variable>;
  trained: Record<string, Variable>;
} {
  const vae = createConvVae({ widths: [3, 4], latents: 2, rng: createRandom(1) });
  const variables = convVaeVariables(vae);
  loadStateDict(variables, stored(published.state));
  const trained = Object.fromEntries(Object.entries(variables).filter(([, { trainable }]) => trainable));
  return { vae, variables, trained };
}

const stored = (state: Record<string, Described>) =>
  new Map<string, StoredTensor>(
    Object.entries(state).map(([name, { shape, values }]) => [name, { shape, data: values }]),
  );
