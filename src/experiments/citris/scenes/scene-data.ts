// What the experiment works on: a sequence to train on, another one to choose by, and independent frames and triplets to
// measure on, all rendered from one seed.
import {
  independentScenes,
  type SceneFactor,
  type SceneFactorName,
  type Scenes,
  type SceneTriplets,
  sceneTriplets,
  temporalScenes,
} from "../../../data/temporal-scenes";
import { targetCautions } from "../../../models/citris";
import type { RunData } from "../../experiment";
import { type DecidingConfiguration, untouchedFactors } from "../configuration";

export interface CitrisData extends RunData {
  factors: readonly SceneFactor[];
  /** What models are trained on. */
  training: Scenes;
  /** Another sequence: what attempts are chosen by. */
  validation: Scenes;
  /** Independent frames: what R² is measured on. */
  heldOut: Scenes;
  triplets: SceneTriplets;
  /** What cannot be identified from the targets, in sentences. */
  cautions: readonly string[];
}

/** Frames of the sequence that attempts are chosen by. */
const VALIDATION_FRAMES = 2_000;

/** What all scenes of a configuration have in common. @param part 0 training, 1 validation, 2 held-out, 3 triplets */
const optionsOf = (configuration: DecidingConfiguration, count: number, part: number) => ({
  count,
  size: configuration.size,
  depth: configuration.depth,
  spotlightHue: configuration.spotlightHue,
  seed: 4 * configuration.dataSeed + part,
  untouched: untouchedFactors(configuration) as SceneFactorName[],
});

/**
 * Renders the held-out scenes of a configuration alone.
 *
 * @param configuration how many, how large, and their seed
 * @example
 * import { citris } from "dolab";
 * const { configuration } = citris.parameters({ preset: "smoke", heldOut: 100 });
 * citris.heldOutScenes(configuration).sampling; // => "independent"
 */
export const heldOutScenes = (configuration: DecidingConfiguration): Scenes =>
  independentScenes(optionsOf(configuration, configuration.heldOut, 2));

/**
 * Renders the scenes of a configuration: training and validation sequences, held-out frames, and triplets.
 *
 * @param configuration how many, how large, and their seed
 * @returns the scenes, where they come from, and what to be careful about
 * @example
 * import { citris } from "dolab";
 * const { configuration } = citris.parameters({ preset: "smoke", frames: 100, heldOut: 100, triplets: 2 });
 * const { training, synthetic } = citris.loadScenes(configuration);
 * [training.sampling, synthetic]; // => ["sequence", true]
 */
export function loadScenes(configuration: DecidingConfiguration): CitrisData {
  const { size, dataSeed, frames, heldOut, triplets } = configuration;
  const training = temporalScenes(optionsOf(configuration, frames, 0));
  const cautions = targetCautions(
    training.targets,
    training.factors.map(({ name }) => name),
  );
  const what = `${frames} frames in a sequence, ${heldOut} independent ones and ${triplets} triplets`;
  return {
    dataSource: [
      `synthetic scenes of our generator (seed ${dataSeed}, ${size} x ${size} pixels), in place of Temporal Causal3DIdent: ${what}`,
      ...cautions,
    ].join("; "),
    synthetic: true,
    factors: training.factors,
    cautions,
    training,
    validation: temporalScenes(optionsOf(configuration, Math.min(frames, VALIDATION_FRAMES), 1)),
    heldOut: heldOutScenes(configuration),
    triplets: sceneTriplets(optionsOf(configuration, triplets, 3)),
  };
}
