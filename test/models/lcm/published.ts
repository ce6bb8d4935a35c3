// The published code's models and what it computed of them (test/fixtures/wscrl).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node";
import {
  type Ancestors,
  autoencoderVariables,
  createIlcm,
  fromPublishedIlcm,
  type Ilcm,
  type IlcmNoise,
  type IlcmPhase,
  ilcmVariables,
} from "../../../src/models/lcm";
import { ilcmNoiseShapes } from "../../../src/models/lcm/ilcm-noise";
import { createRandom } from "../../../src/random";
import { loadStateDict, type StoredTensor, tensorflow } from "../../../src/tensor";

type Numbers = number | Numbers[];

export interface PublishedModel {
  state_dict: Record<string, Numbers>;
  phases: Record<string, Record<string, Numbers> & { metrics: Record<string, number> }>;
  causal_encoding_x1: number[][];
}

export interface PublishedLosses {
  x1: number[][];
  x2: number[][];
  models: Record<"ilcm" | "dvae" | "betavae", PublishedModel>;
}

export interface PublishedGradients {
  x1: number[][];
  x2: number[][];
  state_dict: Record<string, Numbers>;
  phases: Record<string, { loss: number; gradients: Record<string, Numbers> }>;
}

export const readFixture = <Content>(name: string): Content =>
  JSON.parse(readFileSync(join(__dirname, "../../fixtures/wscrl", `${name}.json`), "utf8"));

const flat = (numbers: Numbers): number[] => (Array.isArray(numbers) ? numbers.flatMap(flat) : [numbers]);
const shapeOf = (numbers: Numbers): number[] =>
  Array.isArray(numbers) ? [numbers.length, ...shapeOf(numbers[0])] : [];

/** A published state (or its gradients) in our layout. */
export const stored = (state: Record<string, Numbers>): Map<string, StoredTensor> =>
  fromPublishedIlcm(
    new Map(
      Object.entries(state).map(([name, values]) => [name, { shape: shapeOf(values), data: flat(values) }]),
    ),
  );

/** A tiny model with a published state; all but the autoencoder stays as drawn where the state has no more. */
export function tinyModel(state?: Record<string, Numbers>, ancestors: Ancestors = "others", seed = 0): Ilcm {
  const sizes = { encoderHidden: [5, 5], solutionHidden: [4, 4] };
  const model = createIlcm(2, { rng: createRandom(seed), ancestors, ...sizes });
  if (!state) return model;
  const converted = stored(state);
  const isWhole = converted.has("intervention_encoder.alpha");
  loadStateDict(isWhole ? ilcmVariables(model) : autoencoderVariables(model), converted);
  return model;
}

/** The noise with which the fixtures were made: normal draws are all 0.25, uniform ones 0.5. */
export function fixedNoise(batch: number, latents: number, phase: IlcmPhase): IlcmNoise {
  const tf = tensorflow();
  const { pairs, before, intervened, mixing } = ilcmNoiseShapes({ batch, latents, phase });
  return {
    pairs: tf.fill(pairs, 0.25),
    before: tf.fill(before, 0.25),
    intervened: tf.fill(intervened, 0.25),
    mixing: tf.fill(mixing, 0.5),
  };
}

/** Equal to float32 rounding, relative to the greatest of the expected values and 1. */
export function assertNear(actual: Tensor, expected: Numbers, what: string, tolerance = 2e-6): void {
  const [found, wanted] = [Array.from(actual.dataSync()), flat(expected)];
  assert.equal(found.length, wanted.length, what);
  const allowed = tolerance * Math.max(1, ...wanted.map(Math.abs));
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(found[i] - value) <= allowed, `${what} [${i}]: ${found[i]} instead of ${value}`);
}
