// Experiments on thinking itself, at one checkpoint: thoughts that run on beyond the steps they were trained for, thoughts that
// begin anew from perturbed states, thoughts that go on from where another puzzle's have come to, thoughts that are kicked
// (kicks.ts), and thoughts of which one cell is held (clamps.ts).
import type { SudokuPuzzles } from "../../../data";
import {
  createThinker,
  type Reasoner,
  type StoredStates,
  type Thinker,
  type Thoughts,
} from "../../../models";
import { gatherRows } from "../../../models/recursive/thinker";
import { createRandom, type Random } from "../../../random";
import type { DecidingConfiguration } from "../configuration";
import { type Clamp, clampThoughts } from "./clamps";
import { type Kicks, kickThoughts } from "./kicks";

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

export interface FurtherThought {
  runOn: RunOn;
  restarts: Restarts[];
  swap: Swap;
  kicks: Kicks;
  clamps: Clamp[];
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
    const usual = thinker.run(puzzles, { steps: actSteps });
    const swap = swapStates(thinker, puzzles, usual, configuration);
    await rest();
    const kicks = await kickThoughts(reasoner, thinker, puzzles, configuration, rng.split("kicks"));
    await rest();
    const clamps = clampThoughts(reasoner, thinker, puzzles, usual, configuration, rng.split("clamps"));
    await rest();
    return { runOn, restarts: found, swap, kicks, clamps };
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
function swapStates(
  thinker: Thinker,
  puzzles: SudokuPuzzles,
  { end }: Thoughts,
  { actSteps }: DecidingConfiguration,
): Swap {
  const { count, grids } = puzzles;
  const from = Array.from({ length: count }, (_, puzzle) => {
    const others = Array.from({ length: count - 1 }, (__, i) => (puzzle + 1 + i) % count);
    return others.find((other) => grids[other] !== grids[puzzle]) ?? (puzzle + 1) % count;
  });
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
