// What is measured of a reasoner's thoughts, and how it is made of the numbers that come step by step: of each puzzle drifts,
// exponents, what is right, and when the halting head would stop.
import { sortSpectra } from "./lyapunov-spectrum";

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

/** The numbers as they come, and what is made of them. */
export class RawDiagnostics {
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
