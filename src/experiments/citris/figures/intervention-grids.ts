// Interventions in latent space: the latents of one factor are taken from other frames, all others stay, and the decoder shows
// what the frame would look like. The document draws 3 N(0, 1) for them, whatever the latents' own range is; taking them from
// frames keeps to values that occur, and lets the truth be rendered beside.
import { renderScenes, type Scenes, type SceneTriplets } from "../../../data/temporal-scenes";
import type { Random } from "../../../random";
import { predictTriplets } from "../measures/triplets";
import { framesOf, latentsOf, type SceneModel } from "../saved-model";
import { type FrameGrid, frameAt } from "./frames-figure";

/**
 * Makes the frames after do(factor): the factor's latents come from other frames, all else stays.
 *
 * @param model a model of scenes
 * @param images what is intervened upon, 0 to 255, [count, size, size, 3]
 * @param donors where the factor's latents come from, one for each frame. [count, size, size, 3]
 * @param factor the factor's place
 * @returns 0 to 255, [count, size, size, 3]
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * const scenes = citris.heldOutScenes({ ...configuration, heldOut: 2 });
 * const { images } = scenes;
 * citris.interveneOnFactor(model, images, images, 1).length; // => 2 * 32 * 32 * 3
 */
export function interveneOnFactor(
  model: SceneModel,
  images: Uint8Array,
  donors: Uint8Array,
  factor: number,
): Uint8Array {
  const [own, other] = [latentsOf(model, images), latentsOf(model, donors)];
  const { latents } = model.citris;
  const mixed = own.map((value, place) =>
    model.assignment[place % latents] === factor ? other[place] : value,
  );
  return framesOf(model, mixed);
}

/**
 * Finds the place of a factor by its name.
 *
 * @param model a model of scenes, or its factors
 * @param name the factor's name, such as "rotation"
 * @throws {RangeError} where the model has none of that name
 * @example
 * import { citris, sceneFactors } from "dolab";
 * citris.factorPlace({ factors: sceneFactors() }, "rotation"); // => 1
 */
export function factorPlace({ factors }: Pick<SceneModel, "factors">, name: string): number {
  const place = factors.findIndex((factor) => factor.name === name);
  if (place >= 0) return place;
  const names = factors.map((factor) => factor.name).join(", ");
  throw new RangeError(`Cannot intervene as the model's factors are ${names}: got "${name}"`);
}

/**
 * Shows a frame, and what it becomes under some interventions on one factor: as the model says, and, below, as it truly would.
 *
 * @param model a model of scenes
 * @param scenes frames to choose from
 * @param name the factor's name, such as "rotation"
 * @param options.frame place of the frame: by default 0
 * @param options.times how many interventions: 4
 * @param options.rng chooses the frames that the factor's values come from
 * @throws {RangeError} for a factor or a frame that is not there
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * const scenes = citris.heldOutScenes({ ...configuration, heldOut: 2 });
 * const grid = citris.interventionGrid(model, scenes, "rotation", { times: 1, rng: createRandom(1) });
 * grid.columns; // => ["as it was", "do 1"]
 */
export function interventionGrid(
  model: SceneModel,
  scenes: Pick<Scenes, "images" | "latents" | "factors" | "size">,
  name: string,
  { frame = 0, times = 4, rng }: { frame?: number; times?: number; rng: Random },
): FrameGrid {
  const { images, latents, factors, size } = scenes;
  const factor = factorPlace(model, name);
  const count = images.length / (size * size * 3);
  if (!(Number.isInteger(frame) && frame >= 0 && frame < count))
    throw new RangeError(`Cannot intervene on a frame as there are frames 0 to ${count - 1}: got ${frame}`);
  const donors = Array.from({ length: times }, () => rng.integer(0, count));
  const gather = (places: readonly number[]) =>
    Uint8Array.from(places.flatMap((place) => Array.from(frameAt(images, size, place))));
  const repeated = Array.from({ length: times }, () => frame);
  const shown = interveneOnFactor(model, gather(repeated), gather(donors), factor);
  const width = latents.length / count;
  const before = factors.slice(0, factor).reduce((sum, { columns }) => sum + columns.length, 0);
  const own = factors[factor].columns.length;
  const truth = donors.flatMap((donor) =>
    Array.from({ length: width }, (_, column) => {
      const from = column >= before && column < before + own ? donor : frame;
      return latents[from * width + column];
    }),
  );
  const rendered = renderScenes(truth, factors, size);
  const every = (frames: Uint8Array) => donors.map((_, i) => frameAt(frames, size, i));
  const original = frameAt(images, size, frame);
  return {
    title: `do(${name}): the ${name} of other frames, all else as it was`,
    columns: ["as it was", ...donors.map((_, i) => `do ${i + 1}`)],
    rows: [
      [framesOf(model, latentsOf(model, original)), ...every(shown)],
      [original, ...every(rendered)],
    ],
    texts: [
      ["the model", ...donors.map(() => "")],
      ["the truth", ...donors.map(() => "")],
    ],
  };
}

/**
 * Shows the first triplets with what the model predicts, and which factors come from the second image.
 *
 * @param model a model of scenes
 * @param triplets triplets of synthetic scenes
 * @param count how many are shown
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * const { triplets } = citris.loadScenes({ ...configuration, frames: 20, heldOut: 20, triplets: 2 });
 * citris.predictedTriplets(model, triplets, 1).columns; // => ["image 1", "image 2", "ground truth", "predicted"]
 */
export function predictedTriplets(
  model: SceneModel,
  { images, masks, size, factors }: SceneTriplets,
  count = 3,
): FrameGrid {
  const shown = images.subarray(0, count * 3 * size * size * 3);
  const bits = masks.subarray(0, count * factors.length);
  const texts = Array.from({ length: count }, (_, row) => {
    const taken = factors.filter((_, i) => bits[row * factors.length + i] === 1);
    return `from image 2: ${taken.map(({ name }) => name).join(",<br>")}`;
  });
  const predicted = predictTriplets(model, shown, bits);
  return tripletGrid(size, shown, predicted, {
    texts,
    title: "Synthetic triplets, and what the model predicts",
  });
}

/** Makes a grid of triplets: image 1, image 2, the truth, what the model predicts. */
export function tripletGrid(
  size: number,
  images: Uint8Array,
  predicted: Uint8Array,
  { texts, title = "Triplets" }: { texts?: readonly string[]; title?: string } = {},
): FrameGrid {
  const count = predicted.length / (size * size * 3);
  return {
    title,
    columns: ["image 1", "image 2", "ground truth", "predicted"],
    rows: Array.from({ length: count }, (_, row) => [
      ...[0, 1, 2].map((frame) => frameAt(images, size, 3 * row + frame)),
      frameAt(predicted, size, row),
    ]),
    ...(texts ? { texts: texts.map((words) => ["", "", words, ""]) } : {}),
  };
}
