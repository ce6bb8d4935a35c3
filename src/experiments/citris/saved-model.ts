// The model of one seed as a run's folder keeps it: models/seed-0.safetensors with the autoencoder's and CITRIS-NF's variables
// under the published names, beside the run's config.json.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SceneFactor } from "../../data/temporal-scenes";
import { sceneFactors } from "../../data/temporal-scenes";
import { readSafetensors, writeSafetensors } from "../../io";
import {
  applyLatentFlow,
  type CitrisNf,
  citrisNfVariables,
  decodeScenes,
  encodeScenes,
  invertLatentFlow,
  type SceneAutoencoder,
  sceneAutoencoderVariables,
  type TransitionPrior,
  targetAssignment,
} from "../../models/citris";

import { createRandom } from "../../random";
import { loadStateDict, prefixNames, tensorflow, toStateDict } from "../../tensor";
import type { DecidingConfiguration } from "./configuration";
import { framesTensor, inChunks, pixelsOf } from "./scenes/pixels";
import { createAutoencoder, createFlow } from "./training/trainers";

/** A trained autoencoder with its flow. */
export interface SceneModel {
  readonly autoencoder: SceneAutoencoder;
  readonly citris: CitrisNf;
  readonly factors: readonly SceneFactor[];
  /** Which set each latent belongs to: a factor's place, or the number of factors for ψ_0. [latents] */
  readonly assignment: readonly number[];
}

/** The file of a seed's model in a run's folder. */
export const sceneModelFile = (folder: string, seed: number): string =>
  join(folder, "models", `seed-${seed}.safetensors`);

const variablesOf = ({ autoencoder, citris }: Pick<SceneModel, "autoencoder" | "citris">) => ({
  ...prefixNames("autoencoder", sceneAutoencoderVariables(autoencoder)),
  ...prefixNames("citris", citrisNfVariables(citris)),
});

/** Keeps a model. @returns its file */
export function saveSceneModel(
  folder: string,
  seed: number,
  model: Pick<SceneModel, "autoencoder" | "citris">,
): string {
  const file = sceneModelFile(folder, seed);
  writeSafetensors(file, toStateDict(variablesOf(model)));
  return file;
}

/**
 * Reads a model.
 *
 * @param folder the run's folder
 * @param configuration the run's configuration
 * @param seed one of the run's seeds
 * @throws {RangeError} where the run has no such seed, no model of it yet, or one of another width
 */
export function loadSceneModel(
  folder: string,
  configuration: DecidingConfiguration,
  seed: number,
): SceneModel {
  const file = sceneModelFile(folder, seed);
  const last = configuration.seed + configuration.seeds - 1;
  if (!(Number.isInteger(seed) && seed >= configuration.seed && seed <= last))
    throw new RangeError(
      `Cannot read the model of seed ${seed} as the run in ${folder} has seeds ${configuration.seed} to ${last}`,
    );
  if (!existsSync(file))
    throw new RangeError(
      `Cannot read the model of seed ${seed} as ${file} is not there: "dolab citris resume ${folder}" makes it`,
    );
  const factors = sceneFactors(configuration);
  const rng = createRandom(0);
  const autoencoder = createAutoencoder(configuration, rng);
  const citris = createFlow(configuration, factors, rng);
  try {
    loadStateDict(variablesOf({ autoencoder, citris }), readSafetensors(file).tensors);
  } catch (error) {
    const rule = `it must be a model as the config.json of ${folder} describes it`;
    throw new RangeError(`Cannot read ${file} as ${rule}: ${(error as Error).message}`);
  }
  return withAssignment({ autoencoder, citris, factors });
}

/** The assignment as the prior has it now. */
export const withAssignment = (model: Omit<SceneModel, "assignment">): SceneModel => ({
  ...model,
  assignment: assignmentOf(model.citris.prior),
});

/** Which set each latent most likely belongs to. [latents] */
export const assignmentOf = (prior: TransitionPrior): number[] =>
  tensorflow().tidy(() => Array.from(targetAssignment(prior).dataSync()));

/**
 * Encodes frames.
 *
 * @param model a model of scenes
 * @param images 0 to 255, [count, size, size, 3]
 * @returns [count, latents]
 * @throws {RangeError} where the bytes are no whole number of frames
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * const scenes = citris.heldOutScenes({ ...configuration, heldOut: 2 });
 * citris.latentsOf(model, scenes.images).length; // => 2 * 6
 */
export function latentsOf({ autoencoder, citris }: SceneModel, images: Uint8Array): Float32Array {
  const { size } = autoencoder.encoder;
  const count = images.length / (size * size * 3);
  if (!Number.isInteger(count))
    throw new RangeError(
      `Cannot encode frames as they must be ${size} x ${size} x 3: got ${images.length} values`,
    );
  return inChunks(count, citris.latents, (from, to) => {
    const chosen = Array.from({ length: to - from }, (_, row) => from + row);
    const codes = encodeScenes(autoencoder, framesTensor(images, size, chosen), { training: false });
    return applyLatentFlow(citris.flow, codes).latents;
  });
}

/**
 * Decodes latents to the frames that they stand for.
 *
 * @param model a model of scenes
 * @param latents [count, latents]
 * @returns 0 to 255, [count, size, size, 3]
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * citris.framesOf(model, new Float32Array(6)).length; // => 32 * 32 * 3
 */
export function framesOf({ autoencoder, citris }: SceneModel, latents: Float32Array): Uint8Array {
  const rows = latents.length / citris.latents;
  return tensorflow().tidy(() => {
    const codes = invertLatentFlow(citris.flow, tensorflow().tensor2d(latents, [rows, citris.latents]));
    return pixelsOf(decodeScenes(autoencoder, codes, { training: false }));
  });
}
