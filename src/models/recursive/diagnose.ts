// What a reasoner does while it thinks, puzzle by puzzle: how far its states move in each ACT step (2-norm of the change, over
// all positions and channels), how the tangents of the joint state (z_H, z_L) grow, when the halting head would stop, what is
// right. Drifts and exponents are those of source document 001: all steps are run, without halting; the spectrum is of the map
// of a whole ACT step, through all its cycles (no gradient is cut off), natural logarithm per ACT step. Divided by the number of
// sub-updates it is the exponent per update of a state, which the document's authors give.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { compile, tensorflow } from "../../tensor";
import { lengthOf } from "./configuration";
import { orthonormalise, pushFrame } from "./lyapunov-spectrum";
import {
  answerLogits,
  embedPuzzles,
  haltingLogits,
  initialThought,
  type Reasoner,
  type ThoughtState,
  think,
} from "./reasoner";
import { RawDiagnostics, type ThoughtDiagnostics } from "./thought-diagnostics";

/** What was there after an ACT step, of every puzzle: the joint state (z_H, z_L) and vectors of its frame. */
export interface FrameSnapshot {
  /** [count, 2 * length * channels] */
  state: Float32Array;
  /** The direction that has grown most, of length 1. [count, 2 * length * channels] */
  first: Float32Array;
  /** The one that has grown least of those followed. [count, 2 * length * channels] */
  last: Float32Array;
}

/** Puzzles as tokens, row by row. */
export interface PuzzleTokens {
  count: number;
  /** [count, cells] */
  inputs: Int32Array;
  /** [count, cells] */
  labels: Int32Array;
}

export interface Diagnosis {
  /**
   * Measures every puzzle.
   *
   * @param options.onRows told after each batch how many puzzles are done; it may wait
   * @param options.signal stops between batches, with what `signal.throwIfAborted` throws
   * @param options.snapshotAt an ACT step, from 1, after which `snapshot` is taken
   */
  run(
    puzzles: PuzzleTokens,
    options?: {
      onRows?: (done: number) => void | Promise<void>;
      signal?: AbortSignal;
      snapshotAt?: number;
    },
  ): Promise<ThoughtDiagnostics & { snapshot?: FrameSnapshot }>;
  /** Frees the compiled step; the reasoner stays. */
  dispose(): void;
}

/**
 * Compiles what measures a reasoner, to be used with whatever weights it has.
 *
 * @param reasoner that is measured
 * @param options.exponents how many, from the largest: by default 8
 * @param options.steps ACT steps: by default 16
 * @param options.rng draws the first frame, one for all puzzles
 * @param options.rows puzzles at once; what they need in memory, and in the processor's cache, grows with them
 * @param options.jit whether XLA compiles the step
 * @param options.threads by default one, see `compile`
 * @returns the diagnosis, to be disposed of after use
 * @throws {RangeError} for more exponents than the joint state has dimensions, or no step
 * @example
 * import { createDiagnosis, createRandom, createReasoner, miniatureReasoner } from "dolab";
 * const small = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const configuration = { ...small, lowCycles: 1, highCycles: 1 };
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * const diagnosis = createDiagnosis(reasoner, { exponents: 2, steps: 3, rng: createRandom(2), rows: 1 });
 * const puzzle = { count: 1, inputs: Int32Array.of(0, 1, 0, 2), labels: Int32Array.of(1, 1, 2, 2) };
 * const { driftHigh, lyapunov } = await diagnosis.run(puzzle);
 * [driftHigh.length, lyapunov.length]; // => [3, 2]
 * diagnosis.dispose();
 */
export function createDiagnosis(
  reasoner: Reasoner,
  {
    exponents = 8,
    steps = 16,
    rng,
    rows = 32,
    jit,
    threads = 1,
  }: {
    exponents?: number;
    steps?: number;
    rng: Random;
    rows?: number;
    jit?: boolean;
    threads?: number;
  },
): Diagnosis {
  const tf = tensorflow();
  const { configuration } = reasoner;
  const shape = [rows, lengthOf(configuration), configuration.channels];
  const half = lengthOf(configuration) * configuration.channels;
  if (!(exponents >= 1 && exponents <= 2 * half) || !(steps >= 1))
    throw new RangeError(
      `Cannot diagnose a reasoner as there are 1 to ${2 * half} exponents and steps from 1: got ${exponents} and ${steps}`,
    );
  const flatten = ({ high, low }: ThoughtState) =>
    tf.concat([high.reshape([rows, half]), low.reshape([rows, half])], 1) as Tensor2D;
  const unflatten = (state: Tensor2D): ThoughtState => {
    const [high, low] = tf.split(state, 2, 1).map((part) => part.reshape(shape));
    return { high, low };
  };
  const step = compile(
    (state: Tensor2D, frame: Tensor3D, inputs: Tensor2D, labels: Tensor2D) => {
      const injection = embedPuzzles(reasoner, inputs);
      const pushed = pushFrame((at) => flatten(think(reasoner, unflatten(at), injection)), state, frame);
      const drift = tf.split(pushed.next.sub(state).square(), 2, 1).map((part) => part.sum(1).sqrt()); // each [rows]
      const { high } = unflatten(pushed.next);
      const right = answerLogits(reasoner, high)
        .argMax(-1)
        .cast("int32")
        .equal(labels)
        .cast("float32")
        .sum(1);
      const [halt, go] = tf.unstack(haltingLogits(reasoner, high), 1);
      // One tensor of the numbers that are read: [rows, 5 + exponents]
      const numbers = tf.concat([tf.stack([...drift, halt, go, right], 1), pushed.growth], 1);
      return { next: pushed.next, frame: pushed.frame, numbers };
    },
    { variables: Object.values(reasoner.parameters), jit, threads },
  );
  const draws = Float32Array.from({ length: exponents * 2 * half }, () => rng.normal());
  const learnsToContinue = configuration.kind === "hrm";

  const measureRows = (inputs: Tensor2D, labels: Tensor2D, onStep: (time: number, moved: Moved) => void) => {
    const numbers: Float32Array[] = [];
    tf.tidy(() => {
      let state = flatten(initialThought(reasoner, rows));
      const one = orthonormalise(tf.tensor3d(draws, [exponents, 1, 2 * half])).frame;
      let frame = one.tile([1, rows, 1]) as Tensor3D;
      for (let time = 0; time < steps; time++) {
        const moved = step(state, frame, inputs, labels);
        numbers.push(moved.numbers.dataSync() as Float32Array);
        onStep(time + 1, moved);
        tf.dispose([state, frame, moved.numbers]);
        [state, frame] = [moved.next, moved.frame];
      }
    });
    return numbers;
  };

  return {
    async run(puzzles, { onRows, signal, snapshotAt } = {}) {
      const each = () => new Float32Array(puzzles.count * 2 * half);
      const snapshot = snapshotAt === undefined ? undefined : { state: each(), first: each(), last: each() };
      const raw = new RawDiagnostics(puzzles.count, steps, exponents);
      for (let first = 0; first < puzzles.count; first += rows) {
        signal?.throwIfAborted();
        const { cells } = configuration;
        const cut = (tokens: Int32Array) => {
          // A last batch that is not full repeats puzzles, whose numbers are not looked at.
          const places = Array.from({ length: rows }, (_, row) => (first + row) % puzzles.count);
          const values = places.flatMap((place) =>
            Array.from(tokens.subarray(place * cells, (place + 1) * cells)),
          );
          return tf.tensor2d(Int32Array.from(values), [rows, cells], "int32");
        };
        const tensors: [Tensor2D, Tensor2D] = [cut(puzzles.inputs), cut(puzzles.labels)];
        const count = Math.min(rows, puzzles.count - first);
        const onStep = (time: number, { next, frame }: Moved) => {
          if (!snapshot || time !== snapshotAt) return;
          const keep = (target: Float32Array, values: Tensor) =>
            target.set((values.dataSync() as Float32Array).subarray(0, count * 2 * half), first * 2 * half);
          keep(snapshot.state, next);
          keep(snapshot.first, frame.slice(0, 1));
          keep(snapshot.last, frame.slice(exponents - 1, 1));
        };
        raw.add(first, count, measureRows(...tensors, onStep));
        tf.dispose(tensors as Tensor[]);
        await onRows?.(first + count);
      }
      return { ...raw.finish(configuration.cells, learnsToContinue), snapshot };
    },
    dispose: () => step.dispose(),
  };
}

interface Moved {
  next: Tensor2D;
  frame: Tensor3D;
}
