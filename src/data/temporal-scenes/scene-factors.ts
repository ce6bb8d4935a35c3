// What a scene of our generator is made of: the causal factors of Temporal Causal3DIdent (Lippe et al. 2022,
// arXiv:2202.03169, appendix B) that a flat picture can show. One factor may have several columns of numbers.

/** One number of a factor: continuous within its bound on both sides, or an angle from 0 to below 2 pi. */
export type SceneColumn =
  | { readonly name: string; readonly kind: "continuous"; readonly bound: number }
  | { readonly name: string; readonly kind: "angle" };

export interface SceneFactor {
  readonly name: SceneFactorName;
  readonly columns: readonly SceneColumn[];
}

export type SceneFactorName =
  | "position"
  | "rotation"
  | "spotlight"
  | "objectHue"
  | "spotlightHue"
  | "backgroundHue";

/** How far the object's centre and depth go to both sides of 0. */
export const POSITION_BOUND = 2;

const continuous = (name: string): SceneColumn => ({ name, kind: "continuous", bound: POSITION_BOUND });
const angle = (name: SceneFactorName): SceneFactor => ({ name, columns: [{ name, kind: "angle" }] });

/**
 * Lists the factors of a scene, in the order of its intervention targets, each with its columns, in the order of the latents.
 *
 * @param options.depth whether the object's distance, shown as its size, is a third column of its position
 * @param options.spotlightHue whether the light has a colour
 * @returns each factor's name and columns; a continuous column has a bound on both sides of 0, an angle is in radians
 * @example
 * import { sceneFactors } from "dolab";
 * sceneFactors().map(({ name }) => name); // => ["position", "rotation", "spotlight", "objectHue", "backgroundHue"]
 * sceneFactors({ depth: true })[0].columns.length; // => 3
 */
export function sceneFactors({
  depth = false,
  spotlightHue = false,
}: {
  depth?: boolean;
  spotlightHue?: boolean;
} = {}): readonly SceneFactor[] {
  const position = [continuous("x"), continuous("y"), ...(depth ? [continuous("depth")] : [])];
  return [
    { name: "position", columns: position },
    angle("rotation"),
    angle("spotlight"),
    angle("objectHue"),
    ...(spotlightHue ? [angle("spotlightHue")] : []),
    angle("backgroundHue"),
  ];
}

/** A scene with every value, those among them that are no factor and stay as they are. */
export interface SceneState {
  x: number;
  y: number;
  depth: number;
  rotation: number;
  spotlight: number;
  objectHue: number;
  spotlightHue: number;
  backgroundHue: number;
}
