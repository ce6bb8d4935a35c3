// Kicks: halfway through a thought the joint state is moved along the direction that has grown most, along the one that has grown
// least of those followed, and at random. Both thoughts go on, and their distance is measured.
import { type SudokuPuzzles, selectPuzzles } from "../../../data";
import { createDiagnosis, type Reasoner, type StoredStates, type Thinker } from "../../../models";
import { gatherRows } from "../../../models/recursive/thinker";
import type { Random } from "../../../random";
import type { DecidingConfiguration } from "../configuration";

export const kickDirections = ["most unstable", "least unstable", "random"] as const;
export type KickDirection = (typeof kickDirections)[number];

/** How far kicked thoughts are from what they would have been. */
export interface Kick {
  direction: KickDirection;
  /** Length of the kick, 2-norm of the joint state's change. */
  size: number;
  /** Distances after 0, 1, ... ACT steps, 2-norm. [puzzles][steps] */
  distance: number[][];
  /** 1 where the answer at the end is right. [puzzles] */
  right: number[];
}

export interface Kicks {
  /** After how many ACT steps thoughts were kicked. */
  step: number;
  /** Which of the test puzzles. [puzzles] */
  index: number[];
  /** Mean growth of the first direction per ACT step from the kick on, natural logarithm. [puzzles] */
  exponent: number[];
  /** 1 where the answer is right at the end without a kick. [puzzles] */
  right: number[];
  kicks: Kick[];
}

export async function kickThoughts(
  reasoner: Reasoner,
  thinker: Thinker,
  puzzles: SudokuPuzzles,
  { actSteps, exponents, kickedPuzzles, kickSizes }: DecidingConfiguration,
  rng: Random,
): Promise<Kicks> {
  const step = actSteps / 2;
  const chosen = selectPuzzles(
    puzzles,
    Array.from({ length: Math.min(kickedPuzzles, puzzles.count) }, (_, i) => i),
  );
  const diagnosis = createDiagnosis(reasoner, {
    exponents,
    steps: actSteps,
    rng: rng.split("frame"),
    rows: 16,
  });
  const { snapshot, growth, index, correct } = await diagnosis.run(chosen, { snapshotAt: step });
  diagnosis.dispose();
  const places = Array.from(index);
  const kept = selectPuzzles(chosen, places);
  const width = (snapshot as { state: Float32Array }).state.length / chosen.count;
  const rows = (values: Float32Array) =>
    gatherRows(values, places, width, new Float32Array(places.length * width));
  const { state, first, last } = Object.fromEntries(
    Object.entries(snapshot as object).map(([name, values]) => [name, rows(values as Float32Array)]),
  ) as Record<"state" | "first" | "last", Float32Array>;
  const follow = (start: Float32Array) => {
    const states = [start];
    let right: number[] = [];
    for (let time = step; time < actSteps; time++) {
      const { end, correctAt } = thinker.run(kept, {
        steps: 1,
        start: halves(states[states.length - 1], width),
      });
      states.push(joined(end, width));
      right = Array.from(correctAt);
    }
    return { states, right };
  };
  const plain = follow(state);
  const random = Float32Array.from({ length: state.length }, () => rng.normal());
  const along = { "most unstable": first, "least unstable": last, random: normalised(random, width) };
  const kicks = kickDirections.flatMap((direction) =>
    kickSizes.map((size): Kick => {
      const kicked = follow(state.map((value, at) => value + size * along[direction][at]));
      const distances = kicked.states.map((values, time) => distance(values, plain.states[time], width));
      return {
        direction,
        size,
        right: kicked.right,
        distance: places.map((_, row) => distances.map((each) => each[row])),
      };
    }),
  );
  const exponent = places.map((_, row) => {
    let sum = 0;
    for (let time = step; time < actSteps; time++) sum += growth[(row * actSteps + time) * exponents];
    return sum / (actSteps - step);
  });
  return { step, index: places, exponent, right: Array.from(correct), kicks };
}

/** Cuts joint states into their halves. */
function halves(values: Float32Array, width: number): StoredStates {
  const count = values.length / width;
  const half = width / 2;
  const part = (second: number) =>
    Float32Array.from(
      { length: count * half },
      (_, at) => values[Math.floor(at / half) * width + second * half + (at % half)],
    );
  return { high: part(0), low: part(1) };
}

/** Puts halves together into joint states. */
function joined({ high, low }: StoredStates, width: number): Float32Array {
  const half = width / 2;
  return Float32Array.from({ length: 2 * high.length }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return column < half ? high[row * half + column] : low[row * half + column - half];
  });
}

/** Rows of length 1. */
function normalised(values: Float32Array, width: number): Float32Array {
  const zero = new Float32Array(values.length);
  const lengths = distance(values, zero, width);
  return values.map((value, at) => value / lengths[Math.floor(at / width)]);
}

/** The 2-norm of each row's difference. */
function distance(left: Float32Array, right: Float32Array, width: number): number[] {
  return Array.from({ length: left.length / width }, (_, row) => {
    let sum = 0;
    for (let at = row * width; at < (row + 1) * width; at++) sum += (left[at] - right[at]) ** 2;
    return Math.sqrt(sum);
  });
}
