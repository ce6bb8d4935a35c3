// Experiments on thinking itself, at one checkpoint: thoughts that run on beyond the steps they were trained for, thoughts that
// begin anew from perturbed states, thoughts that go on from where another puzzle's have come to, and thoughts that are kicked
// halfway along their most unstable direction, along the least unstable of those measured, and at random.
import type { SudokuPuzzles } from "../../data";
import { selectPuzzles } from "../../data";
import { createDiagnosis, createThinker, type Reasoner, type StoredStates, type Thinker } from "../../models";
import { gatherRows } from "../../models/recursive/thinker";
import { createRandom, type Random } from "../../random";
import type { DecidingConfiguration } from "./configuration";

/** Whether answers are right as thoughts run on. */
export interface RunOn {
  /** The ACT steps, rising, that numbers are given for. */
  at: number[];
  /** 1 where the answer is right after a step of `at`. [puzzles][at] */
  right: number[][];
  /** log10 of how far z_H moved in the last step. [puzzles] */
  lastDrift: number[];
}

/** How many of the restarts end with the right answer. */
export interface Restarts {
  /** Standard deviation of the perturbation of each number of both initial states. */
  size: number;
  /** How many restarts each puzzle has. */
  count: number;
  /** How many of them are right after the usual number of steps. [puzzles] */
  solved: number[];
}

/** Thoughts that go on from where those of another puzzle have come to, for as many steps again. */
export interface Swap {
  /** The puzzle whose state each is given. [puzzles] */
  from: number[];
  /** 1 where the answer is right for the puzzle itself. [puzzles] */
  right: number[];
}

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

export interface FurtherThought {
  runOn: RunOn;
  restarts: Restarts[];
  swap: Swap;
  kicks: Kicks;
}

/** Rows that a thinker has at once. */
const ROWS = 128;

/** @param onWork told after each part of the work; it may wait */
export async function thinkFurther(
  reasoner: Reasoner,
  puzzles: SudokuPuzzles,
  configuration: DecidingConfiguration,
  { seed, onWork, signal }: { seed: number; onWork: () => void | Promise<void>; signal?: AbortSignal },
): Promise<FurtherThought> {
  const { actSteps, restarts, restartSizes } = configuration;
  const rng = createRandom(seed).split("further thought");
  const thinker = createThinker(reasoner, { rows: ROWS });
  const rest = async () => {
    await onWork();
    signal?.throwIfAborted();
  };
  try {
    const runOn = continueThoughts(thinker, puzzles, configuration);
    await rest();
    const found: Restarts[] = [];
    for (const size of restartSizes) {
      const solved = new Array<number>(puzzles.count).fill(0);
      for (let restart = 0; restart < restarts; restart++) {
        const start = perturb(thinker.start(puzzles.count), size, rng.split(`${size} ${restart}`));
        const { correctAt } = thinker.run(puzzles, { steps: actSteps, start });
        for (let i = 0; i < puzzles.count; i++) solved[i] += correctAt[(i + 1) * actSteps - 1];
        await rest();
      }
      found.push({ size, count: restarts, solved });
    }
    const swap = swapStates(thinker, puzzles, configuration);
    await rest();
    const kicks = await kickThoughts(reasoner, thinker, puzzles, configuration, rng.split("kicks"));
    await rest();
    return { runOn, restarts: found, swap, kicks };
  } finally {
    thinker.dispose();
  }
}

function continueThoughts(
  thinker: Thinker,
  puzzles: SudokuPuzzles,
  { actSteps, runOnSteps }: DecidingConfiguration,
): RunOn {
  const { correctAt, driftHigh } = thinker.run(puzzles, { steps: runOnSteps });
  const at = [actSteps, 2 * actSteps, 4 * actSteps, 8 * actSteps]
    .filter((step) => step < runOnSteps)
    .concat(runOnSteps);
  const places = Array.from({ length: puzzles.count }, (_, i) => i * runOnSteps);
  return {
    at,
    right: places.map((first) => at.map((step) => correctAt[first + step - 1])),
    lastDrift: places.map((first) => Math.log10(Math.max(driftHigh[first + runOnSteps - 1], 1e-12))),
  };
}

/** Gives each puzzle the state that the thought of the next puzzle of another grid has come to. */
function swapStates(thinker: Thinker, puzzles: SudokuPuzzles, { actSteps }: DecidingConfiguration): Swap {
  const { count, grids } = puzzles;
  const from = Array.from({ length: count }, (_, puzzle) => {
    const others = Array.from({ length: count - 1 }, (__, i) => (puzzle + 1 + i) % count);
    return others.find((other) => grids[other] !== grids[puzzle]) ?? (puzzle + 1) % count;
  });
  const { end } = thinker.run(puzzles, { steps: actSteps });
  const width = end.high.length / count;
  const moved = (values: Float32Array) => gatherRows(values, from, width, new Float32Array(values.length));
  const { correctAt } = thinker.run(puzzles, {
    steps: actSteps,
    start: { high: moved(end.high), low: moved(end.low) },
  });
  return { from, right: from.map((_, puzzle) => correctAt[(puzzle + 1) * actSteps - 1]) };
}

/** Adds normal numbers to both states. */
function perturb({ high, low }: StoredStates, size: number, rng: Random): StoredStates {
  const shaken = (values: Float32Array) => values.map((value) => value + size * rng.normal());
  return { high: shaken(high), low: shaken(low) };
}

async function kickThoughts(
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
