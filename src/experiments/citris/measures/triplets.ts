// Triplets: a third frame is predicted from two, each factor's latents from the one that the mask says, and compared with the
// true one (Lippe et al. 2022, arXiv:2202.03169, section 6.1). What a decoded frame shows is read by the causal encoder, which
// errs too: its distances for the true third frames stand beside.
import type { SceneTriplets } from "../../../data/temporal-scenes";
import {
  applyLatentFlow,
  type CausalEncoder,
  type CausalFactor,
  decodeScenes,
  encodeScenes,
  factorDistance,
  invertLatentFlow,
  readCausalFactors,
} from "../../../models/citris";
import { tensorflow } from "../../../tensor";
import type { SceneModel } from "../saved-model";
import { CHUNK, framesTensor, pixelsOf } from "../scenes/pixels";
import { columnsOf } from "./correlation";

/**
 * Predicts third frames.
 *
 * @param model a model of scenes
 * @param images the first two frames of each triplet, 0 to 255, [count, 2 or 3, size, size, 3]
 * @param masks 1 where a set's latents come from the second frame, [count, sets]; one column fewer than there are sets takes
 *   ψ_0's from the first
 * @param options.perTriplet frames of a triplet in `images`: 3
 * @returns 0 to 255, [count, size, size, 3]
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * const scenes = citris.heldOutScenes({ ...configuration, heldOut: 2 });
 * const takesRotation = [0, 1, 0, 0, 0];
 * citris.predictTriplets(model, scenes.images, takesRotation, { perTriplet: 2 }).length; // => 32 * 32 * 3
 */
export function predictTriplets(
  model: SceneModel,
  images: Uint8Array,
  masks: ArrayLike<number>,
  { perTriplet = 3 }: { perTriplet?: number } = {},
): Uint8Array {
  const { autoencoder, citris, assignment } = model;
  const { size } = autoencoder.encoder;
  const values = size * size * 3;
  const count = images.length / values / perTriplet;
  const sets = citris.factors + 1;
  const columns = masks.length / count;
  if (columns !== sets && columns !== sets - 1)
    throw new RangeError(
      `Cannot predict triplets as a mask must have ${sets - 1} columns, or ${sets} with one for ψ_0: got ${columns}`,
    );
  const tf = tensorflow();
  const predicted = new Uint8Array(count * values);
  for (let from = 0; from < count; from += CHUNK)
    tf.tidy(() => {
      const to = Math.min(count, from + CHUNK);
      const latentsOf = (frame: number) => {
        const chosen = Array.from({ length: to - from }, (_, row) => perTriplet * (from + row) + frame);
        const codes = encodeScenes(autoencoder, framesTensor(images, size, chosen), { training: false });
        return applyLatentFlow(citris.flow, codes).latents;
      };
      const second = Float32Array.from({ length: (to - from) * citris.latents }, (_, place) => {
        const [row, latent] = [Math.floor(place / citris.latents), place % citris.latents];
        return assignment[latent] < columns ? masks[(from + row) * columns + assignment[latent]] : 0;
      });
      const share = tf.tensor2d(second, [to - from, citris.latents]);
      const mixed = latentsOf(0).mul(share.neg().add(1)).add(latentsOf(1).mul(share));
      const decoded = decodeScenes(autoencoder, invertLatentFlow(citris.flow, mixed), { training: false });
      predicted.set(pixelsOf(decoded), from * values);
    });
  return predicted;
}

export interface TripletDistances {
  /** Mean distance by column name, as a share of the largest possible, of the predicted third frames. */
  predicted: Record<string, number>;
  /** The same of the true third frames: what the causal encoder itself errs. */
  true: Record<string, number>;
  /** The same of the first frames: what no change at all would give. */
  unchanged: Record<string, number>;
  /** Mean squared difference of pixels, as shares of the range, from the true third frame. */
  pixels: number;
}

/** Compares predictions with the true third frames. @param predicted [count, size, size, 3] */
export function tripletDistances(
  reader: CausalEncoder,
  predicted: Uint8Array,
  { images, latents, size, factors }: SceneTriplets,
): TripletDistances {
  const columns = columnsOf(factors);
  const values = size * size * 3;
  const count = predicted.length / values;
  const third = (frame: number) => 3 * frame + 2;
  const truth = (row: number) =>
    latents.subarray(third(row) * columns.length, (third(row) + 1) * columns.length);
  const rows = Array.from({ length: count }, (_, row) => row);
  let squares = 0;
  for (const row of rows)
    for (let i = 0; i < values; i++)
      squares += ((predicted[row * values + i] - images[third(row) * values + i]) / 255) ** 2;
  const of = (source: Uint8Array, place: (row: number) => number) =>
    meanDistances(reader, columns, source, size, rows.map(place), truth);
  return {
    predicted: of(predicted, (row) => row),
    true: of(images, third),
    unchanged: of(images, (row) => 3 * row),
    pixels: squares / (count * values),
  };
}

function meanDistances(
  reader: CausalEncoder,
  columns: readonly CausalFactor[],
  images: Uint8Array,
  size: number,
  places: readonly number[],
  truth: (row: number) => Float32Array,
): Record<string, number> {
  const sums = columns.map(() => 0);
  for (let from = 0; from < places.length; from += CHUNK)
    tensorflow().tidy(() => {
      const chosen = places.slice(from, from + CHUNK);
      const readings = readCausalFactors(reader, framesTensor(images, size, chosen), { training: false });
      for (const [index, column] of columns.entries()) {
        const all = readings[index].dataSync<"float32">();
        const width = all.length / chosen.length;
        for (const [row] of chosen.entries())
          sums[index] += factorDistance(
            column,
            all.subarray(row * width, (row + 1) * width),
            truth(from + row)[index],
          );
      }
    });
  return Object.fromEntries(columns.map(({ name }, index) => [name, sums[index] / places.length]));
}
