// One seed from its first step to its last number: an autoencoder, flows on its codes, a causal encoder for triplets, CITRIS-VAE,
// and what each of them found beside the baselines.
import type { CausalEncoder, SceneAutoencoder } from "../../../models/citris";
import type { ConvVae } from "../../../models/vae";
import { createRandom, type Random } from "../../../random";
import { principalComponents } from "../../../stats";
import { tensorflow } from "../../../tensor";
import type { UnitContext } from "../../experiment";
import type { DecidingConfiguration } from "../configuration";
import {
  bestAssignment,
  type Measured,
  measureLatents,
  readoutOf,
  withNoise,
} from "../measures/measure-latents";
import { codesOf, reconstructionError } from "../measures/scene-codes";
import { predictTriplets, type TripletDistances, tripletDistances } from "../measures/triplets";
import { type SceneModel, saveSceneModel, withAssignment } from "../saved-model";
import { framesTensor } from "../scenes/pixels";
import type { CitrisData } from "../scenes/scene-data";
import { gather } from "./batches";
import { type FlowAttempt, SeedFlows } from "./flows";
import { Paused, SeedStages } from "./seed-stages";
import type { CurvePoint } from "./stage";
import { trainBetaVae } from "./train-beta-vae";
import { trainVae } from "./train-vae";
import type { FlowTrainer, Trained, VaeTrainer } from "./trainers";

/** What one seed found. */
export interface CitrisRow {
  seed: number;
  /** How long training took, all stages together. */
  seconds: number;
  /** R² of each factor from all numbers of a code: what no flow can exceed. [factors] */
  readout: number[];
  /** Mean squared difference of held-out frames and their reconstructions, in shares of the range. */
  reconstruction: number;
  attempts: FlowAttempt[];
  citris: Measured;
  /** CITRIS-VAE, where it was trained. */
  vae?: Measured;
  /** CITRIS-NF trained on targets in a random order. */
  shuffled?: Measured;
  /** Baselines that see no targets, under the assignment that flatters them most. */
  betaVae?: Measured;
  untrained: Measured;
  components: Measured;
  triplets?: TripletDistances;
  curves: CurvePoint[];
}

/** The networks of a process. */
export interface Networks {
  autoencoder: Trained<SceneAutoencoder>;
  flow: FlowTrainer;
  vae: VaeTrainer;
  causalEncoder: Trained<CausalEncoder>;
  betaVae: Trained<ConvVae>;
}

/** Trains what is not trained yet, and measures. @returns nothing where the signal paused it */
export async function trainSeed(
  networks: Networks,
  data: CitrisData,
  c: DecidingConfiguration,
  seed: number,
  context: UnitContext,
): Promise<CitrisRow | undefined> {
  try {
    return await allStages(networks, data, new SeedStages(c, seed, context));
  } catch (error) {
    if (error instanceof Paused) return undefined;
    throw error;
  }
}

async function allStages(
  { autoencoder, flow, vae, causalEncoder, betaVae }: Networks,
  data: CitrisData,
  stages: SeedStages,
): Promise<CitrisRow> {
  const { configuration: c, seed } = stages;
  const { training, validation, heldOut, factors } = data;
  const rng = createRandom(seed).split("citris");

  autoencoder.begin(rng.split("autoencoder"));
  await stages.run({
    name: "autoencoder",
    rows: c.frames,
    batchSize: c.autoencoderBatch,
    trainer: autoencoder.trainer,
    inputs: (rows, words) => [framesTensor(training.images, c.size, rows), words],
  });
  const codes = {
    training: codesOf(autoencoder.model, training.images),
    validation: codesOf(autoencoder.model, validation.images),
    heldOut: withNoise(codesOf(autoencoder.model, heldOut.images), c.codeNoise, c.dataSeed),
  };

  const flows = new SeedFlows(flow, codes, data, stages, rng);
  const attempts = await flows.trainBest();
  const model = withAssignment({ autoencoder: autoencoder.model, citris: flow.model, factors });
  saveSceneModel(stages.context.folder, seed, model);
  const citris = flows.measure();
  const triplets = stages.has("causal-encoder")
    ? await measureTriplets(causalEncoder, model, data, stages, rng)
    : undefined;
  const ofVae = stages.has("vae") ? await trainVae(vae, data, stages, rng) : undefined;
  const shuffled = stages.has("shuffled") ? await flows.trainControl() : undefined;
  const ofBetaVae = stages.has("beta-vae") ? await trainBetaVae(betaVae, data, stages, rng) : undefined;

  const flattered = (latents: Float32Array) =>
    measureLatents(latents, bestAssignment(latents, c.latents, data), data, c);
  flows.begin("flow 0");
  const untrained = flattered(flows.latents());
  const components = flattered(Float32Array.from(principalComponents(codes.heldOut, c.latents).coordinates));
  return {
    seed,
    seconds: stages.seconds,
    attempts,
    citris,
    vae: ofVae,
    shuffled,
    triplets,
    curves: stages.curves,
    readout: readoutOf(codes.heldOut, data, c),
    reconstruction: reconstructionError(autoencoder.model, heldOut.images),
    betaVae: ofBetaVae,
    untrained,
    components,
  };
}

/** Trains the causal encoder, and compares predicted triplets with the true ones by what it reads off them. */
async function measureTriplets(
  causalEncoder: Trained<CausalEncoder>,
  model: SceneModel,
  { training, triplets }: CitrisData,
  stages: SeedStages,
  rng: Random,
): Promise<TripletDistances> {
  const { size, frames, autoencoderBatch } = stages.configuration;
  const width = training.latents.length / frames;
  causalEncoder.begin(rng.split("causal encoder"));
  await stages.run({
    name: "causal-encoder",
    rows: frames,
    batchSize: autoencoderBatch,
    trainer: causalEncoder.trainer,
    inputs: (rows) => [
      framesTensor(training.images, size, rows),
      tensorflow().tensor2d(gather(training.latents, width, rows), [rows.length, width]),
    ],
  });
  const predicted = predictTriplets(model, triplets.images, triplets.masks);
  return tripletDistances(causalEncoder.model, predicted, triplets);
}
