// Synthetic frames with known causes, in place of Temporal Causal3DIdent (Lippe et al. 2022, arXiv:2202.03169), whose frames
// with latents are not published: a sequence with interventions to train on, independent frames to measure on, and triplets.
// Each frame depends on the seed and its place alone, and in a sequence on the frame before.
import { createRandom } from "../../random";
import { drawSceneImage } from "./draw-scene-image";
import { drawScene, nextScene } from "./scene-dynamics";
import { type SceneFactor, type SceneFactorName, type SceneState, sceneFactors } from "./scene-factors";

export interface TemporalScenesOptions {
  /** How many frames, or triplets. */
  count: number;
  /** Height and width of a frame, from 8: 32. */
  size?: number;
  /** 0 to 2^53 - 1. */
  seed: number;
  /** See `sceneFactors`. */
  depth?: boolean;
  spotlightHue?: boolean;
  /** Factors that nothing is ever done to in a sequence: none. */
  untouched?: readonly SceneFactorName[];
}

/** Frames with their causes. */
export interface Scenes {
  /** Whether frame k + 1 follows from frame k, or has nothing to do with it. */
  readonly sampling: "sequence" | "independent";
  readonly size: number;
  readonly factors: readonly SceneFactor[];
  /** 0 to 255, [count, size, size, 3]. */
  readonly images: Uint8Array;
  /** The factors' columns in their order, [count, columns]. */
  readonly latents: Float32Array;
  /**
   * 1 where a factor was intervened upon between frame k and k + 1, [count - 1, factors]; empty for independent frames.
   */
  readonly targets: Uint8Array;
  readonly isSynthetic: true;
  /** One sentence, without its full stop, that says where the frames came from. */
  readonly source: string;
}

/**
 * Renders a sequence of scenes. Each factor is intervened upon at a step with the probability 1 / (factors + 1), on its own;
 * an intervention draws it uniformly from its range.
 *
 * @param options how many frames, their size, a seed, and which factors there are; see `TemporalScenesOptions`
 * @returns frames with their causes and the targets of interventions
 * @throws {RangeError} for a number of frames that is not whole and from 0 on, a size below 8, a seed out of range, or an
 *   untouched factor that the scene does not have
 * @example
 * import { temporalScenes } from "dolab";
 * const { images, targets, source } = temporalScenes({ count: 3, size: 32, seed: 0 });
 * images.length; // => 9216
 * targets.length; // => 10
 * source; // => "Synthetic scenes of our generator (seed 0): a sequence of 3 frames of 32 x 32"
 */
export function temporalScenes(options: TemporalScenesOptions): Scenes {
  const { count, size, factors, seed, isUntouched } = settled(options);
  const rng = createRandom(seed).split("temporal scenes, sequence");
  const scenes = emptyScenes(count, size, factors);
  const targets = new Uint8Array(Math.max(0, count - 1) * factors.length);
  const probability = 1 / (factors.length + 1);
  let state = drawScene(factors, rng);
  for (let frame = 0; frame < count; frame++) {
    if (frame > 0) {
      const now = targets.subarray((frame - 1) * factors.length, frame * factors.length);
      for (let factor = 0; factor < factors.length; factor++)
        now[factor] = rng.uniform() < probability && !isUntouched[factor] ? 1 : 0;
      state = nextScene(state, factors, now, rng);
    }
    keepScene(scenes, frame, state);
  }
  const source = `${inWords(seed)}: a sequence of ${count} frames of ${size} x ${size}`;
  return { sampling: "sequence", ...scenes, targets, isSynthetic: true, source };
}

/**
 * Renders scenes that have nothing to do with one another, every factor drawn uniformly from its range: what dependence is
 * measured on, as factors of a sequence depend on one another by themselves.
 *
 * @param options how many frames, their size, a seed, and which factors there are; see `TemporalScenesOptions`
 * @returns frames with their causes, and no targets
 * @throws {RangeError} as `temporalScenes`
 * @example
 * import { independentScenes } from "dolab";
 * const { latents, targets, sampling } = independentScenes({ count: 3, size: 8, seed: 0 });
 * [latents.length, targets.length, sampling]; // => [18, 0, "independent"]
 */
export function independentScenes(options: TemporalScenesOptions): Scenes {
  const { count, size, factors, seed } = settled(options);
  const rng = createRandom(seed).split("temporal scenes, independent");
  const scenes = emptyScenes(count, size, factors);
  for (let frame = 0; frame < count; frame++) keepScene(scenes, frame, drawScene(factors, rng));
  const source = `${inWords(seed)}: ${count} independent frames of ${size} x ${size}`;
  return {
    sampling: "independent",
    ...scenes,
    targets: new Uint8Array(),
    isSynthetic: true,
    source,
  } as Scenes;
}

/** Three frames each: two independent ones, and one that has some factors of the first and the others of the second. */
export interface SceneTriplets {
  readonly size: number;
  readonly factors: readonly SceneFactor[];
  /** 0 to 255, [count, 3, size, size, 3]. */
  readonly images: Uint8Array;
  /** [count, 3, columns] */
  readonly latents: Float32Array;
  /** 1 where the third frame has the second one's factor, [count, factors]; neither all 0 nor all 1. */
  readonly masks: Uint8Array;
  readonly isSynthetic: true;
  readonly source: string;
}

/**
 * Renders triplets: two independent frames, and a third one that has some factors of the first and the others of the second.
 *
 * @param options how many triplets, the frames' size, a seed, and which factors there are; see `TemporalScenesOptions`
 * @returns frames with their causes, and which factors come from the second frame
 * @throws {RangeError} as `temporalScenes`
 * @example
 * import { sceneTriplets } from "dolab";
 * const { images, masks } = sceneTriplets({ count: 2, size: 8, seed: 0 });
 * images.length; // => 1152
 * masks.length; // => 10
 */
export function sceneTriplets(options: TemporalScenesOptions): SceneTriplets {
  const { count, size, factors, seed } = settled(options);
  const rng = createRandom(seed).split("temporal scenes, triplets");
  const scenes = emptyScenes(3 * count, size, factors);
  const masks = new Uint8Array(count * factors.length);
  for (let triplet = 0; triplet < count; triplet++) {
    const [first, second] = [drawScene(factors, rng), drawScene(factors, rng)];
    const mask = masks.subarray(triplet * factors.length, (triplet + 1) * factors.length);
    do for (let i = 0; i < mask.length; i++) mask[i] = rng.integer(0, 2);
    while (mask.every((bit) => bit === mask[0]));
    const third = { ...first };
    for (const [i, { columns }] of factors.entries())
      for (const { name } of columns)
        if (mask[i] === 1) third[name as keyof SceneState] = second[name as keyof SceneState];
    for (const [k, state] of [first, second, third].entries()) keepScene(scenes, 3 * triplet + k, state);
  }
  const source = `${inWords(seed)}: ${count} triplets of ${size} x ${size}`;
  return { ...scenes, masks, isSynthetic: true, source };
}

/**
 * Renders scenes of given causes.
 *
 * @param latents the factors' columns in their order, [count, columns]
 * @param factors as `sceneFactors` lists them; what is no factor has a fixed value
 * @param size height and width of a frame in pixels
 * @returns 0 to 255, [count, size, size, 3]
 * @throws {RangeError} where the latents are no whole number of rows
 * @example
 * import { independentScenes, renderScenes } from "dolab";
 * const { images, latents, factors } = independentScenes({ count: 1, size: 8, seed: 0 });
 * const turned = latents.slice();
 * turned[2] += Math.PI; // do(rotation)
 * renderScenes(latents, factors, 8).join() === images.join(); // => true
 * renderScenes(turned, factors, 8).join() === images.join(); // => false
 */
export function renderScenes(
  latents: ArrayLike<number>,
  factors: readonly SceneFactor[],
  size: number,
): Uint8Array {
  const names = factors.flatMap(({ columns }) => columns.map(({ name }) => name as keyof SceneState));
  const count = latents.length / names.length;
  if (!Number.isInteger(count))
    throw new RangeError(
      `Cannot render scenes as each has ${names.length} latents (${names.join(", ")}): got ${latents.length} in all`,
    );
  const images = new Uint8Array(count * size * size * 3);
  for (let frame = 0; frame < count; frame++) {
    const state = drawScene([], createRandom(0)); // no factors: the fixed values
    for (const [i, name] of names.entries()) state[name] = latents[frame * names.length + i];
    drawSceneImage(images, frame * size * size * 3, size, state);
  }
  return images;
}

type Drawn = Pick<Scenes, "size" | "factors" | "images" | "latents">;

const columnsOf = (factors: readonly SceneFactor[]) =>
  factors.reduce((sum, { columns }) => sum + columns.length, 0);

const emptyScenes = (count: number, size: number, factors: readonly SceneFactor[]): Drawn => ({
  size,
  factors,
  images: new Uint8Array(count * size * size * 3),
  latents: new Float32Array(count * columnsOf(factors)),
});

function keepScene({ size, factors, images, latents }: Drawn, frame: number, state: SceneState): void {
  let place = frame * columnsOf(factors);
  for (const { columns } of factors)
    for (const { name } of columns) latents[place++] = state[name as keyof SceneState];
  drawSceneImage(images, frame * size * size * 3, size, state);
}

const inWords = (seed: number) => `Synthetic scenes of our generator (seed ${seed})`;

function settled({ count, size = 32, seed, depth, spotlightHue, untouched = [] }: TemporalScenesOptions) {
  if (!(Number.isSafeInteger(count) && count >= 0))
    throw new RangeError(`Cannot render scenes as their number must be whole and from 0 on: got ${count}`);
  if (!(Number.isInteger(size) && size >= 8))
    throw new RangeError(`Cannot render scenes as they must be at least 8 pixels wide: got ${size}`);
  const factors = sceneFactors({ depth, spotlightHue });
  const names = factors.map(({ name }) => name);
  const strange = untouched.find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new RangeError(
      `Cannot leave a factor untouched as the scene has ${names.join(", ")}: got "${strange}"`,
    );
  return { count, size, seed, factors, isUntouched: names.map((name) => untouched.includes(name)) };
}
