// A thought as the page follows it: one puzzle, step by step, with the tangents of its joint state pushed along in forward mode, so
// that the local exponents are exact. Node runs the same code in the tests.
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { clampLogit } from "../../models/recursive/clamp-logit";
import { lengthOf } from "../../models/recursive/configuration";
import { orthonormalise, pushFrame } from "../../models/recursive/lyapunov-spectrum";
import {
  answerLogits,
  embedPuzzles,
  haltingLogits,
  initialThought,
  type Reasoner,
  type ThoughtState,
  think,
} from "../../models/recursive/reasoner";
import { stablemax } from "../../models/recursive/stablemax";
import { createRandom } from "../../random";
import { tensorflow } from "../../tensor";
import type { Setup } from "./setup";

/** What is known after an ACT step; of step 0 there are probabilities alone. */
export interface ThoughtStep {
  /** Probabilities of each cell's tokens, by stablemax. [cells * vocabulary] */
  probabilities: Float32Array;
  /** How far z_H and z_L moved, 2-norm. */
  driftHigh: number;
  driftLow: number;
  /** ln |R_ii| of this step, of the two directions that are followed. */
  growth: readonly [number, number];
  /** Logits of the halting head. */
  halt: number;
  go: number;
}

/** Directions that are followed: the local exponents that the page shows. */
const DIRECTIONS = 2;
const FRAME_SEED = 0;
/** How far above a cell's other logits a held one is. */
export const HOLD_MARGIN = 5;

/** What is done to a thought. */
export type Disturbance = Pick<Setup, "restart" | "kicks" | "holds">;

/**
 * Follows a thought step by step; what a step made is freed before the next.
 *
 * @param inputs the puzzle's tokens, edited givens among them. [cells]
 */
export function* followThought(
  reasoner: Reasoner,
  inputs: ArrayLike<number>,
  { restart, kicks, holds }: Disturbance,
): Generator<ThoughtStep, never, void> {
  const tf = tensorflow();
  const { configuration } = reasoner;
  const { channels, cells } = configuration;
  const half = lengthOf(configuration) * channels;
  const flatten = ({ high, low }: ThoughtState) =>
    tf.concat([high.reshape([1, half]), low.reshape([1, half])], 1) as Tensor2D;
  const unflatten = (state: Tensor2D): ThoughtState => {
    const [high, low] = tf.split(state, 2, 1).map((part) => part.reshape([1, half / channels, channels]));
    return { high, low };
  };
  const hooks = holds.map(({ cell, token, from }) => ({
    from,
    hold: clampLogit(reasoner, { cells: [cell], tokens: [token], margin: HOLD_MARGIN }),
  }));
  const normals = (count: number, seed: number) => {
    const rng = createRandom(seed);
    return Float32Array.from({ length: count }, () => rng.normal());
  };
  let [state, frame] = tf.tidy((): [Tensor2D, Tensor3D] => {
    const begun = flatten(initialThought(reasoner, 1));
    const started = restart
      ? begun.add(tf.tensor2d(normals(2 * half, restart.seed), [1, 2 * half]).mul(restart.size))
      : begun.clone();
    const drawn = tf.tensor3d(normals(DIRECTIONS * 2 * half, FRAME_SEED), [DIRECTIONS, 1, 2 * half]);
    return [started as Tensor2D, orthonormalise(drawn).frame];
  });
  try {
    yield { ...read(reasoner, state, unflatten), driftHigh: 0, driftLow: 0, growth: [0, 0] };
    for (let time = 1; ; time++) {
      let step: ThoughtStep | undefined;
      const moved = tf.tidy((): [Tensor2D, Tensor3D] => {
        const injection = embedPuzzles(reasoner, tf.tensor2d(Array.from(inputs), [1, cells], "int32"));
        const pushed = pushFrame((at) => flatten(think(reasoner, unflatten(at), injection)), state, frame);
        let { high } = unflatten(pushed.next);
        const { low } = unflatten(pushed.next);
        for (const { from, hold } of hooks) if (time >= from) high = hold(high, { time, places: [0] });
        let next = flatten({ high, low });
        const drift = tf
          .split(next.sub(state).square(), 2, 1)
          .map((part) => Math.sqrt(part.sum().dataSync()[0]));
        const seen = read(reasoner, next, unflatten);
        for (const kick of kicks) {
          if (kick.step !== time) continue;
          const along =
            kick.along === "unstable"
              ? pushed.frame.slice(0, 1).reshape([1, 2 * half])
              : tf.tensor2d(normals(2 * half, kick.seed), [1, 2 * half]);
          next = next.add(along.div(along.norm()).mul(kick.size)) as Tensor2D;
        }
        const growth = Array.from(pushed.growth.dataSync()) as [number, number];
        step = { ...seen, driftHigh: drift[0], driftLow: drift[1], growth };
        return [next, pushed.frame];
      });
      tf.dispose([state, frame]);
      [state, frame] = moved;
      yield step as unknown as ThoughtStep;
    }
  } finally {
    tf.dispose([state, frame]);
  }
}

/** What the heads read off a state. */
function read(
  reasoner: Reasoner,
  state: Tensor2D,
  unflatten: (state: Tensor2D) => ThoughtState,
): Pick<ThoughtStep, "probabilities" | "halt" | "go"> {
  let [probabilities, halt, go] = [new Float32Array(), 0, 0];
  tensorflow().tidy(() => {
    const { high } = unflatten(state);
    probabilities = stablemax(answerLogits(reasoner, high)).dataSync<"float32">().slice(); // [cells * vocabulary]
    [halt, go] = haltingLogits(reasoner, high).dataSync();
  });
  return { probabilities, halt, go };
}

/** The most probable token of each cell. */
export function answerOf({ probabilities }: ThoughtStep, cells: number): number[] {
  const vocabulary = probabilities.length / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const own = probabilities.subarray(cell * vocabulary, (cell + 1) * vocabulary);
    return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
  });
}

/**
 * The finite-time exponents as they grow: the mean growth of steps 1 to each, the larger and the smaller of the two directions.
 *
 * @param steps from step 0 on
 * @param place 0 for the larger, 1 for the smaller
 */
export function runningExponents(steps: readonly ThoughtStep[], place: 0 | 1): number[] {
  const sums = [0, 0];
  return steps.slice(1).map(({ growth }, i) => {
    for (const [direction, own] of growth.entries()) sums[direction] += own;
    return (place === 0 ? Math.max(...sums) : Math.min(...sums)) / (i + 1);
  });
}
