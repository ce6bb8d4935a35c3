// What a reasoner does while it thinks, puzzle by puzzle: how far its states move in each ACT step (2-norm of the change, over
// all positions and channels), how the tangents of the joint state (z_H, z_L) grow, when the halting head would stop, what is
// right. Drifts and exponents are those of source document 001: all steps are run, without halting; the spectrum is of the map
// of a whole ACT step, through all its cycles (no gradient is cut off), natural logarithm per ACT step. Divided by the number of
// sub-updates it is the exponent per update of a state, which the document's authors give.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { compile, tensorflow } from "../../tensor";
import { lengthOf } from "./configuration";
import { orthonormalise, pushFrame, sortSpectra } from "./lyapunov-spectrum";
import {
  answerLogits,
  embedPuzzles,
  haltingLogits,
  initialThought,
  type Reasoner,
  type ThoughtState,
  think,
} from "./reasoner";

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

/** Measurements of N puzzles over T ACT steps with K exponents; the fields of `Diagnostics` and more. */
export interface ThoughtDiagnostics {
  samples: number;
  steps: number;
  exponents: number;
  /** [samples, steps] */
  driftHigh: Float64Array;
  /** [samples, steps] */
  driftLow: Float64Array;
  driftPrecision: "float32";
  /** Largest first. [samples, exponents] */
  lyapunov: Float64Array;
  /** ln |R_ii| of each step, in the order of the frame, which the exponents are the sorted means of. [samples, steps, exponents] */
  growth: Float64Array;
  /** 1 where the answer after the last step is right, else 0. [samples] */
  correct: Float64Array;
  /** 1 where the answer after a step is right, else 0. [samples, steps] */
  correctAt: Float64Array;
  /** Share of cells that are right after the last step. [samples] */
  tokenAccuracy: Float64Array;
  /** The first step, from 1, at which the halting head would stop, else T. [samples] */
  haltedAt: Float64Array;
  /** [samples, steps] */
  haltLogit: Float64Array;
  /** [samples, steps] */
  continueLogit: Float64Array;
  /** Where each sample stands among the puzzles; those whose states became NaN or infinite are left out. [samples] */
  index: Float64Array;
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
 * @param options.exponents how many, from the largest
 * @param options.steps ACT steps
 * @param options.rng draws the first frame, one for all puzzles
 * @param options.rows puzzles at once; what they need in memory, and in the processor's cache, grows with them
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

/** The numbers as they come, and what is made of them. */
class RawDiagnostics {
  private readonly driftHigh: Float64Array;
  private readonly driftLow: Float64Array;
  private readonly halt: Float64Array;
  private readonly go: Float64Array;
  private readonly right: Float64Array;
  private readonly growth: Float64Array;

  constructor(
    private readonly samples: number,
    private readonly steps: number,
    private readonly exponents: number,
  ) {
    const each = () => new Float64Array(samples * steps);
    [this.driftHigh, this.driftLow, this.halt, this.go, this.right] = [
      each(),
      each(),
      each(),
      each(),
      each(),
    ];
    this.growth = new Float64Array(samples * steps * exponents);
  }

  /** @param numbers of each step, [rows, 5 + exponents] */
  add(first: number, count: number, numbers: readonly Float32Array[]): void {
    const { steps, exponents } = this;
    const fields = [this.driftHigh, this.driftLow, this.halt, this.go, this.right];
    const width = fields.length + exponents;
    for (const [time, values] of numbers.entries())
      for (let row = 0; row < count; row++) {
        const place = (first + row) * steps + time;
        for (const [column, field] of fields.entries()) field[place] = values[row * width + column];
        for (let i = 0; i < exponents; i++)
          this.growth[place * exponents + i] = values[row * width + fields.length + i];
      }
  }

  finish(cells: number, learnsToContinue: boolean): ThoughtDiagnostics {
    const { steps, exponents } = this;
    const finite = (values: Float64Array, size: number, sample: number) =>
      values.subarray(sample * size, (sample + 1) * size).every(Number.isFinite);
    const kept = Array.from({ length: this.samples }, (_, sample) => sample).filter(
      (sample) =>
        [this.driftHigh, this.driftLow, this.halt, this.go].every((values) =>
          finite(values, steps, sample),
        ) && finite(this.growth, steps * exponents, sample),
    );
    const rows = (values: Float64Array, size: number) => {
      const chosen = new Float64Array(kept.length * size);
      for (const [row, sample] of kept.entries())
        chosen.set(values.subarray(sample * size, (sample + 1) * size), row * size);
      return chosen;
    };
    const growth = rows(this.growth, steps * exponents);
    const right = rows(this.right, steps);
    const [haltLogit, continueLogit] = [rows(this.halt, steps), rows(this.go, steps)];
    const last = (values: Float64Array) =>
      Float64Array.from(kept, (_, row) => values[row * steps + steps - 1]);
    const wants = (place: number) => haltLogit[place] > (learnsToContinue ? continueLogit[place] : 0);
    const lyapunov = new Float64Array(kept.length * exponents);
    for (let row = 0; row < kept.length; row++)
      for (let time = 0; time < steps; time++)
        for (let i = 0; i < exponents; i++)
          lyapunov[row * exponents + i] += growth[(row * steps + time) * exponents + i] / steps;
    return {
      samples: kept.length,
      steps,
      exponents,
      driftPrecision: "float32",
      driftHigh: rows(this.driftHigh, steps),
      driftLow: rows(this.driftLow, steps),
      lyapunov: sortSpectra(lyapunov, exponents),
      growth,
      haltLogit,
      continueLogit,
      correct: last(right).map((count) => Number(count === cells)),
      correctAt: right.map((count) => Number(count === cells)),
      tokenAccuracy: last(right).map((count) => count / cells),
      haltedAt: Float64Array.from(kept, (_, row) => {
        for (let time = 0; time < steps; time++) if (wants(row * steps + time)) return time + 1;
        return steps;
      }),
      index: Float64Array.from(kept),
    };
  }
}
