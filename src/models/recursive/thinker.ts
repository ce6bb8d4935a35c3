// Thinking without measuring tangents: any number of puzzles, from any state, for any number of ACT steps. It says after each
// step which answers are right; what a trajectory did in between is in its drifts and halting logits.
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { compile, tensorflow } from "../../tensor";
import { lengthOf } from "./configuration";
import type { PuzzleTokens } from "./diagnose";
import { answerLogits, embedPuzzles, haltingLogits, initialThought, type Reasoner, think } from "./reasoner";

/** States of N puzzles, positions and channels flattened. */
export interface StoredStates {
  /** [count, length * channels] */
  high: Float32Array;
  /** [count, length * channels] */
  low: Float32Array;
}

/** Changes z_H after an ACT step; the answer of the step is read from what it returns. @returns the shape that it was given */
export type ThoughtHook = (
  high: Tensor,
  at: {
    /** The ACT step, from 1. */
    time: number;
    /** Which puzzle each row is: a last batch that is not full repeats puzzles. [rows] */
    places: readonly number[];
  },
) => Tensor;

export interface Thoughts {
  steps: number;
  /** 1 where the answer after a step is right, else 0. [count, steps] */
  correctAt: Uint8Array;
  /** How far z_H moved in a step, 2-norm. [count, steps] */
  driftHigh: Float32Array;
  /** Logit of halting after a step. [count, steps] */
  haltLogit: Float32Array;
  /** Tokens of the answer after the last step. [count, cells] */
  answers: Int32Array;
  /** Where thinking has come to. */
  end: StoredStates;
}

export interface Thinker {
  /**
   * @param options.steps ACT steps
   * @param options.start states to begin with: by default, those that every thought begins with
   * @param options.hook an intervention on z_H after each step
   * @throws {RangeError} where `start` has not the states of these puzzles
   */
  run(puzzles: PuzzleTokens, options: { steps: number; start?: StoredStates; hook?: ThoughtHook }): Thoughts;
  /** The states that every thought begins with, for so many puzzles. */
  start(count: number): StoredStates;
  /** Frees the compiled step; the reasoner stays. */
  dispose(): void;
}

/**
 * Compiles one ACT step of a reasoner, to be used with whatever weights it has.
 *
 * @param reasoner that thinks
 * @param options.rows puzzles at once: by default 128
 * @param options.jit whether XLA compiles it
 * @param options.threads by default one, see `compile`
 * @returns the thinker, to be disposed of after use
 * @example
 * import { createRandom, createReasoner, createThinker, miniatureReasoner } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const thinker = createThinker(createReasoner(configuration, { rng: createRandom(1) }), { rows: 1 });
 * const puzzle = { count: 1, inputs: Int32Array.of(0, 1, 0, 2), labels: Int32Array.of(1, 1, 2, 2) };
 * const { answers, driftHigh } = thinker.run(puzzle, { steps: 3 });
 * [answers.length, driftHigh.length]; // => [4, 3]
 * thinker.dispose();
 */
export function createThinker(
  reasoner: Reasoner,
  { rows = 128, jit, threads = 1 }: { rows?: number; jit?: boolean; threads?: number } = {},
): Thinker {
  const tf = tensorflow();
  const { configuration } = reasoner;
  const { cells, channels } = configuration;
  const shape = [rows, lengthOf(configuration), channels];
  const half = lengthOf(configuration) * channels;
  const settings = { variables: Object.values(reasoner.parameters), jit, threads };
  const step = compile(
    (high: Tensor, low: Tensor, inputs: Tensor2D) =>
      think(reasoner, { high, low }, embedPuzzles(reasoner, inputs)),
    settings,
  );
  const read = compile((before: Tensor, high: Tensor, labels: Tensor2D) => {
    const answers = answerLogits(reasoner, high).argMax(-1).cast("int32"); // [rows, cells]
    const correct = answers.equal(labels).cast("float32").min(1); // [rows]
    const drift = high.sub(before).square().sum([1, 2]).sqrt();
    const halt = haltingLogits(reasoner, high).slice([0, 0], [-1, 1]).flatten();
    return { answers, numbers: tf.stack([correct, drift, halt]) }; // [3, rows]
  }, settings);
  const start = (count: number): StoredStates =>
    tf.tidy(() => {
      const { high, low } = initialThought(reasoner, count);
      return { high: high.dataSync().slice() as Float32Array, low: low.dataSync().slice() as Float32Array };
    });
  return {
    start,
    dispose() {
      step.dispose();
      read.dispose();
    },
    run({ count, inputs, labels }, { steps, start: given = start(count), hook }) {
      if (given.high.length !== count * half || given.low.length !== count * half)
        throw new RangeError(
          `Cannot think on as each of ${count} puzzles has states of ${half} numbers: got ${given.high.length} and ${given.low.length}`,
        );
      const thoughts: Thoughts = {
        steps,
        correctAt: new Uint8Array(count * steps),
        driftHigh: new Float32Array(count * steps),
        haltLogit: new Float32Array(count * steps),
        answers: new Int32Array(count * cells),
        end: { high: new Float32Array(count * half), low: new Float32Array(count * half) },
      };
      for (let first = 0; first < count; first += rows) {
        const places = Array.from({ length: rows }, (_, row) => (first + row) % count); // a short batch repeats puzzles
        const kept = Math.min(rows, count - first);
        const tokens = (values: Int32Array) =>
          tf.tensor2d(
            gatherRows(values, places, cells, new Int32Array(rows * cells)),
            [rows, cells],
            "int32",
          );
        const state = (values: Float32Array) =>
          tf.tensor(gatherRows(values, places, half, new Float32Array(rows * half)), shape);
        tf.tidy(() => {
          const [puzzle, solution] = [tokens(inputs), tokens(labels)];
          let [high, low] = [state(given.high), state(given.low)];
          for (let time = 0; time < steps; time++) {
            const next = step(high, low, puzzle);
            const changed = hook ? tf.tidy(() => hook(next.high, { time: time + 1, places })) : next.high;
            const { answers, numbers } = read(high, changed, solution);
            const values = numbers.dataSync();
            for (let row = 0; row < kept; row++) {
              const place = (first + row) * steps + time;
              thoughts.correctAt[place] = values[row];
              thoughts.driftHigh[place] = values[rows + row];
              thoughts.haltLogit[place] = values[2 * rows + row];
            }
            if (time === steps - 1)
              thoughts.answers.set(
                (answers.dataSync() as Int32Array).subarray(0, kept * cells),
                first * cells,
              );
            tf.dispose([high, low, numbers, answers]);
            if (changed !== next.high) next.high.dispose();
            [high, low] = [changed, next.low];
          }
          thoughts.end.high.set((high.dataSync() as Float32Array).subarray(0, kept * half), first * half);
          thoughts.end.low.set((low.dataSync() as Float32Array).subarray(0, kept * half), first * half);
        });
      }
      return thoughts;
    },
  };
}

/** Copies rows of `size` numbers into `target`. */
export function gatherRows<Numbers extends Int32Array | Float32Array>(
  values: Numbers,
  places: readonly number[],
  size: number,
  target: Numbers,
): Numbers {
  for (const [row, place] of places.entries())
    target.set(values.subarray(place * size, (place + 1) * size), row * size);
  return target;
}
