// A unit of CausalCircuit: one seed, whose image autoencoder is trained where the run has no codes yet, and then one causal model
// of each kind on the codes. Each training keeps checkpoints of its own.
import { join } from "node:path";
import { type CircuitPairs, circuitGraph, circuitImages } from "../../../data";
import { imageAutoencoderVariables, inverseSoftplus } from "../../../models/lcm";
import { type BoostedDci, bestAssignment, boostedDci, mean } from "../../../stats";
import { tensorflow } from "../../../tensor";
import { checkpointSteps, type MetricsRow } from "../../../train";
import type { Unit, UnitContext } from "../../experiment";
import type { ModelKind } from "../configuration";
import {
  type DciScores,
  dciOf,
  dciScores,
  type GraphScores,
  graphScores,
  type InterventionScores,
  interventionScores,
  negativeLogLikelihood,
} from "../evaluation/evaluate-model";
import { type Architecture, createModel, type LatentModel } from "../training/model";
import { trainModel } from "../training/train-model";
import { type CircuitCodes, encodePairs, firstCodes } from "./circuit-codes";
import type { CircuitConfiguration } from "./configuration";
import { type ExamplePair, examplePairs } from "./example-pairs";
import { autoencoderCoder, componentsCoder, type PictureCoder } from "./picture-coder";
import { autoencoderSteps, createAutoencoderOf, trainAutoencoder } from "./train-autoencoder";

/** What a run works on: pictures to encode, or codes that there are already. */
export interface CircuitData {
  pictures?: { train: CircuitPairs; test: CircuitPairs };
  codes?: { train: CircuitCodes; test: CircuitCodes };
}

/** What a causal model on the codes has learnt. */
export interface CircuitModelRow {
  model: ModelKind;
  /** The scores of its causal variables. */
  dci: DciScores;
  /** The scores of its noise encodings against the true noise. */
  noiseDci: DciScores;
  /** Which latent stands for each variable. */
  latentOf: number[];
  interventions?: InterventionScores;
  graph?: GraphScores;
  /** Importance-weighted bound on the negative log likelihood of a held-out pair of codes, in nats. */
  nll: number;
  curve: { step: number; loss: number | null; disentanglement: number | null }[];
  seconds: number;
}

/** What stage 1 has learnt, or what stands in for it. */
export interface StageOneRow {
  method: "autoencoder" | "components";
  /** Share of the held-out pixels' variance that reconstructions from mean codes explain. */
  explainedPixels: number;
  curve: { step: number; squaredError: number | null }[];
  seconds: number;
}

export interface CircuitRow {
  seed: number;
  stageOne?: StageOneRow;
  /** How well boosted trees predict the true variables from all codes: held-out share of their variance. */
  explainedVariables: number;
  examples: ExamplePair[];
  models: CircuitModelRow[];
}

/**
 * The published networks of stage 2. Their decoder's deviation is said to be fixed at 1; the published code sets it to the number
 * whose softplus is 1, 0.541, and never takes the softplus.
 */
export const publishedArchitecture = (features: number): Architecture => ({
  features,
  encoderHidden: [64, 64, 64, 64, 64],
  solutionHidden: [100, 100],
  decoderDeviation: inverseSoftplus(1),
});

const VARIABLES = circuitGraph.length;

/** One unit a seed. */
export const circuitUnits = (configuration: CircuitConfiguration): (Unit & { seed: number })[] =>
  configuration.seeds.map((seed) => ({
    seed,
    key: `seed-${seed}`,
    title: `seed ${seed}`,
    cost: stageOneSteps(configuration) + configuration.models.length * stageTwoSteps(configuration),
  }));

const stageOneSteps = (configuration: CircuitConfiguration): number =>
  configuration.codes === "train" ? autoencoderSteps(configuration.trainPairs, configuration) : 0;

const stageTwoSteps = ({ trainPairs, batchSize, epochs }: CircuitConfiguration): number =>
  epochs * Math.floor(trainPairs / batchSize);

const checkpoints = (folder: string, key: string, what: string) => join(folder, "checkpoints", key, what);

/** Steps that a unit's checkpoints hold. */
export const circuitStepsDone = ({ key }: Unit, { models }: CircuitConfiguration, folder: string): number =>
  ["autoencoder", ...models]
    .map((what) => Math.max(0, ...checkpointSteps(checkpoints(folder, key, what))))
    .reduce((sum, steps) => sum + steps, 0);

/** Trains and evaluates all of a seed, or goes on with it. @returns undefined where it was paused */
export async function runCircuitUnit(
  { seed, key }: Unit & { seed: number },
  data: CircuitData,
  configuration: CircuitConfiguration,
  { folder, signal, onProgress }: Pick<UnitContext, "folder" | "signal" | "onProgress">,
): Promise<CircuitRow | undefined> {
  const found = await codesOfUnit(key, data, configuration, { folder, seed, signal, onProgress });
  if (!found) return undefined;
  const { codes, stageOne, examples } = found;
  const models: CircuitModelRow[] = [];
  for (const [i, kind] of configuration.models.entries()) {
    const before = stageOneSteps(configuration) + i * stageTwoSteps(configuration);
    const row = await trainOnCodes(kind, codes, configuration, {
      folder: checkpoints(folder, key, kind),
      seed,
      signal,
      onProgress: (steps) => onProgress(before + steps),
    });
    if (!row) return undefined;
    models.push(row);
  }
  return { seed, stageOne, explainedVariables: explained(codes, configuration), examples, models };
}

async function codesOfUnit(
  key: string,
  { pictures, codes }: CircuitData,
  configuration: CircuitConfiguration,
  {
    folder,
    seed,
    signal,
    onProgress,
  }: Pick<UnitContext, "folder" | "signal" | "onProgress"> & { seed: number },
): Promise<
  { codes: Required<CircuitData>["codes"]; stageOne?: StageOneRow; examples: ExamplePair[] } | undefined
> {
  if (codes) return { codes, examples: [] };
  if (!pictures) throw new RangeError("Cannot run CausalCircuit as it needs pictures or codes: got neither");
  const { train, test } = pictures;
  const withCoder = (coder: PictureCoder, learnt: Omit<StageOneRow, "explainedPixels">) => {
    const encoded = { train: encodePairs(coder, train), test: encodePairs(coder, test) };
    return {
      codes: encoded,
      examples: examplePairs(coder, test, encoded.test),
      stageOne: { ...learnt, explainedPixels: explainedPixels(coder, test, encoded.test.before) },
    };
  };
  if (configuration.codes === "components") {
    const began = performance.now();
    const coder = componentsCoder(train, { latents: configuration.latents, seed });
    const seconds = (performance.now() - began) / 1000;
    return withCoder(coder, { method: "components", curve: [], seconds });
  }
  const model = createAutoencoderOf(configuration, seed);
  try {
    const outcome = await trainAutoencoder(model, train, configuration, {
      folder: checkpoints(folder, key, "autoencoder"),
      seed,
      signal,
      onProgress: (steps) => onProgress(steps),
    });
    if (outcome.status !== "finished") return undefined;
    return withCoder(autoencoderCoder(model), {
      method: "autoencoder",
      curve: outcome.metrics.map(({ step, values }) => ({ step, squaredError: finite(values.squaredError) })),
      seconds: outcome.seconds,
    });
  } finally {
    tensorflow().dispose(Object.values(imageAutoencoderVariables(model)));
  }
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? (value as number) : null);

/** Held-out pairs of a point of the learning curves. */
const CURVE_PAIRS = 1000;

/** Trains one model of stage 2 and evaluates it. @returns undefined where it was paused */
export async function trainOnCodes(
  kind: ModelKind,
  { train, test }: { train: CircuitCodes; test: CircuitCodes },
  configuration: CircuitConfiguration,
  options: { folder?: string; seed: number; signal?: AbortSignal; onProgress?: (steps: number) => void },
): Promise<CircuitModelRow | undefined> {
  const { seed } = options;
  const model = createModel(kind, VARIABLES, { seed, ...publishedArchitecture(train.features) });
  const fitted = firstCodes(train, configuration.dciPairs);
  try {
    const [some, held] = [firstCodes(train, CURVE_PAIRS), firstCodes(test, CURVE_PAIRS)];
    const outcome = await trainModel(model, train, configuration, {
      ...options,
      evaluate: () => ({ disentanglement: dciOf(model, some, held).disentanglement }),
    });
    if (outcome.status !== "finished") return undefined;
    const dci = dciScores(dciOf(model, fitted, test));
    const latentOf = bestAssignment(
      dci.importance[0].map((_, factor) => dci.importance.map((row) => row[factor])),
    );
    return {
      model: kind,
      dci,
      noiseDci: dciScores(noiseDci(model, fitted, test)),
      latentOf,
      interventions: interventionScores(model, test, configuration),
      graph: graphScores(model, test, { graph: circuitGraph }, configuration, { latentOf, seed }),
      nll: negativeLogLikelihood(model, test, configuration, seed),
      curve: outcome.metrics.map(curvePoint),
      seconds: outcome.seconds,
    };
  } finally {
    tensorflow().dispose(Object.values(model.parameters));
  }
}

const curvePoint = ({ step, values: { loss, disentanglement } }: MetricsRow) => ({
  step,
  loss: finite(loss),
  disentanglement: finite(disentanglement),
});

/** @param rows [rows, width] @returns [width][rows] */
const columnsOf = (rows: ArrayLike<number>, width: number): Float64Array[] =>
  Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows.length / width }, (_, row) => rows[row * width + column]),
  );

/** DCI of the noise encodings against the noise behind the true variables. */
function noiseDci(model: LatentModel, train: CircuitCodes, test: CircuitCodes): BoostedDci {
  const tf = tensorflow();
  const both = ({ pairs, features, before, noiseBefore }: CircuitCodes) => {
    const noise = tf.tidy(() =>
      model.encodeNoise(tf.tensor2d(before, [pairs, features])).dataSync<"float32">(),
    );
    return { codes: columnsOf(noise, model.latents), factors: columnsOf(noiseBefore, VARIABLES) };
  };
  return boostedDci(both(train), both(test));
}

/** One minus the held-out error of boosted trees on all codes, over the variance of the true variables. */
function explained(
  { train, test }: { train: CircuitCodes; test: CircuitCodes },
  { dciPairs }: CircuitConfiguration,
): number {
  const both = ({ before, features, causalBefore }: CircuitCodes) => ({
    codes: columnsOf(before, features),
    factors: columnsOf(causalBefore, VARIABLES),
  });
  const held = both(test);
  const { informativenessTest } = boostedDci(both(firstCodes(train, dciPairs)), held);
  const variances = held.factors.map((column) => {
    const middle = mean(column);
    return mean(column.map((value) => (value - middle) ** 2));
  });
  return 1 - informativenessTest / mean(variances);
}

/** Held-out pictures that explained pixels are measured on. */
const MOST_PICTURES = 500;

function explainedPixels(coder: PictureCoder, pairs: CircuitPairs, codes: Float32Array): number {
  const count = Math.min(MOST_PICTURES, pairs.pairs);
  const images = circuitImages(
    pairs,
    Array.from({ length: count }, (_, i) => i),
    "before",
  );
  const decoded = coder.decode(codes.subarray(0, count * coder.latents));
  const width = images.length / count;
  const means = new Float64Array(width);
  for (let i = 0; i < images.length; i++) means[i % width] += images[i] / count;
  let [error, spread] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    error += (images[i] - decoded[i]) ** 2;
    spread += (images[i] - means[i % width]) ** 2;
  }
  return 1 - error / spread;
}
