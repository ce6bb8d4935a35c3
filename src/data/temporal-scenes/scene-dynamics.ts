// How a scene changes from one frame to the next: the rules of Temporal Causal3DIdent (Lippe et al. 2022, arXiv:2202.03169,
// appendix B, and its data generator) as far as a flat scene has the factors. Every value goes half of the way to a goal that
// its causes set in the frame before, plus noise; an intervention draws the whole factor anew, whatever its causes say.
// Where the flat scene has one rotation and not two, it takes both rotations' parts; depth follows the object's hue.
import type { Random } from "../../random";
import { POSITION_BOUND, type SceneFactor, type SceneState } from "./scene-factors";

const POSITION_NOISE = 0.1;
const ANGLE_NOISE = 0.15;
/** Goals of positions lie on a circle of this radius. */
const REACH = 1.5;
const TURN = 2 * Math.PI;

/** What the rules draw from. */
export type SceneDraws = Pick<Random, "uniform" | "normal">;

/** Draws nothing but zeros: the rules without their noise. */
export const still: SceneDraws = { uniform: () => 0, normal: () => 0 };

/** Draws every value of the factors, each uniformly from its range; what is no factor gets a fixed value. */
export function drawScene(factors: readonly SceneFactor[], rng: SceneDraws): SceneState {
  const state: SceneState = {
    x: 0,
    y: 0,
    depth: 0,
    rotation: 0,
    spotlight: 0,
    objectHue: 0,
    spotlightHue: 0,
    backgroundHue: 0,
  };
  for (const factor of factors) intervene(state, factor, rng);
  return state;
}

/** Draws one factor's values anew. */
export function intervene(state: SceneState, factor: SceneFactor, rng: SceneDraws): void {
  for (const column of factor.columns) {
    const value = rng.uniform();
    state[column.name as keyof SceneState] =
      column.kind === "angle" ? TURN * value : column.bound * (2 * value - 1);
  }
}

/**
 * The next frame's scene.
 *
 * @param targets 1 where a factor is intervened upon. [factors]
 */
export function nextScene(
  state: SceneState,
  factors: readonly SceneFactor[],
  targets: ArrayLike<number>,
  rng: SceneDraws,
): SceneState {
  const next = { ...state };
  for (const [index, factor] of factors.entries()) {
    if (targets[index] === 1) intervene(next, factor, rng);
    else
      for (const { name, kind } of factor.columns) {
        const column = name as keyof SceneState;
        const goal = goals[column](state);
        next[column] = kind === "angle" ? turnTo(state[column], goal, rng) : moveTo(state[column], goal, rng);
      }
  }
  return next;
}

/** The next frame's scene without its noise, where nothing is intervened upon. */
export const expectedScene = (state: SceneState, factors: readonly SceneFactor[]): SceneState =>
  nextScene(
    state,
    factors,
    factors.map(() => 0),
    still,
  );

/** Where each value is drawn to. */
const goals: Record<keyof SceneState, (state: SceneState) => number> = {
  x: ({ rotation }) => REACH * Math.sin(rotation),
  y: ({ rotation }) => REACH * Math.cos(rotation),
  depth: ({ objectHue }) => REACH * Math.sin(objectHue),
  rotation: ({ backgroundHue }) => backgroundHue,
  spotlight: ({ x, y }) => wholeTurn(Math.atan2(x, y)),
  objectHue: ({ objectHue }) => objectHue,
  spotlightHue: ({ backgroundHue }) => wholeTurn(TURN - backgroundHue),
  backgroundHue: ({ backgroundHue }) => backgroundHue,
};

/** Drawn again until it lies within the bound. */
function moveTo(value: number, goal: number, rng: SceneDraws): number {
  const middle = value + (goal - value) / 2;
  let next = middle + POSITION_NOISE * rng.normal();
  while (Math.abs(next) > POSITION_BOUND) next = middle + POSITION_NOISE * rng.normal();
  return next;
}

/** Half of the shorter way round. */
function turnTo(value: number, goal: number, rng: SceneDraws): number {
  let step = (goal - value) / 2;
  if (Math.abs(goal - value) > Math.PI) step -= Math.sign(step) * Math.PI;
  return wholeTurn(value + step + ANGLE_NOISE * rng.normal());
}

/** The same angle from 0 to below 2 pi. */
const wholeTurn = (angle: number) => {
  const turned = angle - TURN * Math.floor(angle / TURN);
  return turned < TURN ? turned : 0; // rounding may reach the whole turn
};
