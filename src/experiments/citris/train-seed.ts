// All stages of one seed, in order, and what they found: an autoencoder, several attempts at a flow on its codes, the best of
// which goes on, a causal encoder for triplets, and another flow on shuffled targets as a control.
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node";
import {
  type CausalEncoder,
  type CitrisNf,
  citrisNfLoss,
  encodeScenes,
  type SceneAutoencoder,
} from "../../models/citris";
import { createRandom, type Random } from "../../random";
import { principalComponents } from "../../stats";
import { tensorflow } from "../../tensor";
import { checkpointFile, restoreCheckpoint } from "../../train";
import type { UnitContext } from "../experiment";
import type { DecidingConfiguration } from "./configuration";
import { bestAssignment, type Measured, measureLatents, readoutOf, throughFlow, withNoise } from "./measure";
import { CHUNK, framesTensor, inChunks, pixelsOf } from "./pixels";
import { assignmentOf, saveSceneModel, withAssignment } from "./saved-model";
import type { CitrisData } from "./scene-data";
import { type CurvePoint, runStage, type Stage, stagesFolder, stepsKept } from "./stage";
import type { flowTrainer, Trained, vaeTrainer } from "./trainers";
import { predictTriplets, type TripletDistances, tripletDistances } from "./triplets";

/** What one seed found. */
export interface CitrisRow {
  seed: number;
  /** Of training, all stages together. */
  seconds: number;
  /** R² of each factor from all numbers of a code: what no flow can exceed. [factors] */
  readout: number[];
  /** Mean squared difference of held-out frames and their reconstructions, in shares of the range. */
  reconstruction: number;
  /** Held-out negative log-likelihood of each attempt when one was chosen, in nats a frame. */
  attempts: { likelihood: number; chosen: boolean }[];
  citris: Measured;
  /** CITRIS-VAE, where it was trained. */
  vae?: Measured;
  /** CITRIS-NF trained on targets in a random order. */
  shuffled?: Measured;
  /** Trivial baselines under the assignment that flatters them most. */
  untrained: Measured;
  components: Measured;
  triplets?: TripletDistances;
  curves: CurvePoint[];
}

/** The networks of a process. */
export interface Networks {
  autoencoder: Trained<SceneAutoencoder>;
  flow: ReturnType<typeof flowTrainer>;
  vae: ReturnType<typeof vaeTrainer>;
  causalEncoder: Trained<CausalEncoder>;
}

/** Steps of an attempt before one is chosen. */
const attemptSteps = ({ attempts, attemptShare, flowSteps }: DecidingConfiguration) =>
  attempts === 1 ? flowSteps : Math.max(1, Math.round(flowSteps * attemptShare));

/** The stages of a seed with their steps, in order. */
function stagesOf(c: DecidingConfiguration): [name: string, steps: number][] {
  const first = attemptSteps(c);
  const attempts = Array.from({ length: c.attempts }, (_, k): [string, number] => [`flow-${k}`, first]);
  const stages: [string, number][] = [["autoencoder", c.autoencoderSteps], ...attempts];
  if (first < c.flowSteps) stages.push(["flow", c.flowSteps - first]);
  if (c.causalEncoderSteps > 0) stages.push(["causal-encoder", c.causalEncoderSteps]);
  if (c.vaeSteps > 0) stages.push(["vae", c.vaeSteps]);
  if (c.control) stages.push(["shuffled", c.flowSteps]);
  return stages;
}

/** Steps of all stages of one seed. */
export const seedSteps = (c: DecidingConfiguration): number =>
  stagesOf(c).reduce((sum, [, steps]) => sum + steps, 0);

/** Steps of one seed that its checkpoints hold. */
export const seedStepsDone = (c: DecidingConfiguration, folder: string, seed: number): number =>
  stepsKept(
    stagesFolder(folder, seed),
    stagesOf(c).map(([name]) => name),
  );

/** Codes that set up the flow's ActNorms. */
const FIRST_ROWS = 1000;

class Paused extends Error {}

/** Trains what is not trained yet, and measures. @returns nothing where the signal paused it */
export async function trainSeed(
  networks: Networks,
  data: CitrisData,
  c: DecidingConfiguration,
  seed: number,
  context: UnitContext,
): Promise<CitrisRow | undefined> {
  try {
    return await allStages(networks, data, c, seed, context);
  } catch (error) {
    if (error instanceof Paused) return undefined;
    throw error;
  }
}

async function allStages(
  { autoencoder, flow, vae, causalEncoder }: Networks,
  data: CitrisData,
  c: DecidingConfiguration,
  seed: number,
  { folder, signal, onProgress }: UnitContext,
): Promise<CitrisRow> {
  const { training, validation, heldOut, factors } = data;
  const place = stagesFolder(folder, seed);
  const rng = createRandom(seed).split("citris");
  const stages = new Map(stagesOf(c));
  const curves: CurvePoint[] = [];
  let [before, seconds] = [0, 0];
  const { preset: _, seeds: __, ...config } = c;
  const run = async (stage: Omit<Stage, "steps" | "seed">) => {
    const steps = stages.get(stage.name) as number;
    const number = 1000 * seed + Array.from(stages.keys()).indexOf(stage.name);
    const outcome = await runStage(
      { ...stage, steps, seed: number },
      {
        folder: place,
        config,
        signal,
        onProgress: (done, metrics) =>
          onProgress(before + done, { at: `seed ${seed}, ${stage.name}`, ...metrics }),
      },
    );
    if (!outcome) throw new Paused();
    before += steps;
    seconds += outcome.seconds;
    curves.push(...outcome.curve);
  };

  autoencoder.begin(rng.split("autoencoder"));
  await run({
    name: "autoencoder",
    rows: c.frames,
    batchSize: c.autoencoderBatch,
    trainer: autoencoder.trainer,
    inputs: (rows, words) => [framesTensor(training.images, c.size, rows), words],
  });
  const codes = codesOf(autoencoder.model, training.images, c);
  const heldOutCodes = codesOf(autoencoder.model, heldOut.images, c);
  const noisyCodes = withNoise(heldOutCodes, c.codeNoise, c.dataSeed);
  const measure = (assignment: readonly number[]) =>
    measureLatents(throughFlow(flow.model.flow, noisyCodes), assignment, data, c);
  const first = withNoise(
    codes.subarray(0, Math.min(c.frames, FIRST_ROWS) * c.latents),
    c.codeNoise,
    c.dataSeed,
  );
  const beginFlow = (label: string) => {
    flow.begin(rng.split(label));
    tensorflow().tidy(() =>
      flow.initialise(tensorflow().tensor2d(first, [first.length / c.latents, c.latents])),
    );
  };

  const order = rng.split("shuffled targets").permutation(c.frames - 1);
  const flowStage = (name: string, targetOf = (row: number) => row) => ({
    name,
    rows: c.frames - 1,
    batchSize: c.flowBatch,
    trainer: flow.trainer,
    inputs: (rows: Int32Array, words: Tensor) => [
      pairsOf(codes, c.latents, rows),
      targetsOf(training.targets, factors.length, rows.map(targetOf)),
      words,
    ],
  });
  const attempts: CitrisRow["attempts"] = [];
  const validationCodes = codesOf(autoencoder.model, validation.images, c);
  for (let k = 0; k < c.attempts; k++) {
    beginFlow(`flow ${k}`);
    await run(flowStage(`flow-${k}`));
    const likelihood = lossOf(flow.model, validationCodes, validation.targets, c);
    attempts.push({ likelihood, chosen: false });
  }
  const best = attempts.reduce((b, { likelihood }, k) => (likelihood < attempts[b].likelihood ? k : b), 0);
  attempts[best].chosen = true;
  restoreCheckpoint(checkpointFile(join(place, `flow-${best}`), attemptSteps(c)), flow.trainer.variables);
  if (stages.has("flow")) await run(flowStage("flow"));

  const model = withAssignment({ autoencoder: autoencoder.model, citris: flow.model, factors });
  saveSceneModel(folder, seed, model);
  const citris = measure(model.assignment);

  let triplets: TripletDistances | undefined;
  if (stages.has("causal-encoder")) {
    causalEncoder.begin(rng.split("causal encoder"));
    const width = training.latents.length / c.frames;
    await run({
      name: "causal-encoder",
      rows: c.frames,
      batchSize: c.autoencoderBatch,
      trainer: causalEncoder.trainer,
      inputs: (rows) => [
        framesTensor(training.images, c.size, rows),
        tensorflow().tensor2d(gather(training.latents, width, rows), [rows.length, width]),
      ],
    });
    const predicted = predictTriplets(model, data.triplets.images, data.triplets.masks);
    triplets = tripletDistances(causalEncoder.model, predicted, data.triplets);
  }

  let ofVae: Measured | undefined;
  if (stages.has("vae")) {
    vae.begin(rng.split("vae"));
    const values = c.size * c.size * 3;
    /** One draw of the encoder for each frame, [count, latents]. */
    const drawnCodes = (images: Uint8Array) => {
      const encoded = inChunks(images.length / values, 2 * c.vaeLatents, (from, to) => {
        const frames = framesTensor(images, c.size, range(from, to));
        const { mean, logDeviation } = vae.model.encoder.encode(frames, { training: false });
        return tensorflow().concat([mean, (logDeviation as Tensor).exp()], 1);
      });
      return drawn(encoded, c.vaeLatents, createRandom(c.dataSeed).split("draws of the VAE"));
    };
    const some = drawnCodes(training.images.subarray(0, Math.min(c.frames, FIRST_ROWS) * values));
    tensorflow().tidy(() =>
      vae.initialise(tensorflow().tensor2d(some, [some.length / c.vaeLatents, c.vaeLatents])),
    );
    await run({
      name: "vae",
      rows: c.frames - 1,
      batchSize: c.vaeBatch,
      trainer: vae.trainer,
      inputs: (rows, words) => [
        framePairsOf(training.images, c.size, rows),
        targetsOf(training.targets, factors.length, rows),
        words,
      ],
    });
    const codes = drawnCodes(heldOut.images);
    const latents = vae.model.flow ? throughFlow(vae.model.flow, codes) : codes;
    ofVae = measureLatents(latents, assignmentOf(vae.model.prior), data, c);
  }

  let shuffled: Measured | undefined;
  if (stages.has("shuffled")) {
    beginFlow("flow of the control");
    await run(flowStage("shuffled", (row) => order[row]));
    shuffled = measure(withAssignment({ ...model, citris: flow.model }).assignment);
  }
  beginFlow("flow 0");
  const untrainedLatents = throughFlow(flow.model.flow, noisyCodes);
  const components = Float32Array.from(principalComponents(noisyCodes, c.latents).coordinates);
  const flattered = (latents: Float32Array) =>
    measureLatents(latents, bestAssignment(latents, c.latents, data), data, c);
  return {
    seed,
    seconds,
    attempts,
    citris,
    vae: ofVae,
    shuffled,
    triplets,
    curves,
    readout: readoutOf(noisyCodes, data, c),
    reconstruction: reconstructionError(autoencoder.model, heldOut.images, c),
    untrained: flattered(untrainedLatents),
    components: flattered(components),
  };
}

/** @param images [count, size, size, 3] @returns [count, latents] */
function codesOf(
  model: SceneAutoencoder,
  images: Uint8Array,
  { size, latents }: DecidingConfiguration,
): Float32Array {
  return inChunks(images.length / (size * size * 3), latents, (from, to) =>
    encodeScenes(model, framesTensor(images, size, range(from, to)), { training: false }),
  );
}

/** Mean squared difference of frames and their reconstructions without noise, in shares of the range. */
function reconstructionError(model: SceneAutoencoder, images: Uint8Array, c: DecidingConfiguration): number {
  const values = c.size * c.size * 3;
  const count = Math.min(images.length / values, 4 * CHUNK);
  let squares = 0;
  for (let from = 0; from < count; from += CHUNK)
    tensorflow().tidy(() => {
      const frames = framesTensor(images, c.size, range(from, Math.min(count, from + CHUNK)));
      const codes = encodeScenes(model, frames, { training: false });
      const drawn = pixelsOf(model.decoder.decode(codes, { training: false }));
      for (const [i, value] of drawn.entries()) squares += ((value - images[from * values + i]) / 255) ** 2;
    });
  return squares / (count * values);
}

/** Mean of -log p(z' | z, I') - log |det| over all pairs of a sequence, in nats. */
function lossOf(model: CitrisNf, codes: Float32Array, targets: Uint8Array, c: DecidingConfiguration): number {
  const tf = tensorflow();
  const pairs = codes.length / c.latents - 1;
  let sum = 0;
  for (let from = 0; from < pairs; from += CHUNK)
    tf.tidy(() => {
      const rows = Int32Array.from(range(from, Math.min(pairs, from + CHUNK)));
      const { nll, logDeterminant } = citrisNfLoss(
        model,
        pairsOf(codes, c.latents, rows),
        targetsOf(targets, model.factors, rows),
        { seed: tf.tensor1d([from, 0], "int32"), training: false, draws: 1, noise: c.codeNoise },
      );
      sum += nll.sub(logDeterminant).dataSync<"float32">()[0] * rows.length;
    });
  return sum / pairs;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** @returns [rows, width], row after row */
function gather(values: Float32Array | Uint8Array, width: number, rows: ArrayLike<number>): Float32Array {
  const found = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    found.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return found;
}

/** Codes of a frame and of the next. @returns [rows, 2, width] */
function pairsOf(codes: Float32Array, width: number, rows: Int32Array): Tensor {
  const pairs = new Float32Array(rows.length * 2 * width);
  for (const [i, row] of rows.entries())
    pairs.set(codes.subarray(row * width, (row + 2) * width), i * 2 * width);
  return tensorflow().tensor3d(pairs, [rows.length, 2, width]);
}

/** A frame and the next. @returns [rows, 2, size, size, 3] */
function framePairsOf(images: Uint8Array, size: number, rows: Int32Array): Tensor {
  const places = Array.from(rows).flatMap((row) => [row, row + 1]);
  return framesTensor(images, size, places).reshape([rows.length, 2, size, size, 3]);
}

/** One draw of each code. @param encoded means, then deviations, [count, 2 width] @returns [count, width] */
function drawn(encoded: Float32Array, width: number, rng: Random): Float32Array {
  return Float32Array.from({ length: encoded.length / 2 }, (_, place) => {
    const at = 2 * width * Math.floor(place / width) + (place % width);
    return encoded[at] + encoded[at + width] * rng.normal();
  });
}

/** @returns [rows, factors] */
const targetsOf = (targets: Uint8Array, factors: number, rows: Int32Array): Tensor =>
  tensorflow().tensor2d(gather(targets, factors, rows), [rows.length, factors]);
