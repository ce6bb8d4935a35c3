// What diagnosis leaves: the document's npz file, which its own script reads, and beside it what that has no place for: the growth
// of each step, when answers were right, and each puzzle's clues and grid.
import { join } from "node:path";
import { type Diagnostics, loadDiagnostics, type SudokuPuzzles, saveDiagnostics } from "../../../data";
import { readNpz, writeNpz } from "../../../io";
import type { ThoughtDiagnostics } from "../../../models";

/** One checkpoint's diagnostics with what belongs to each sample. */
export interface Thought extends Diagnostics {
  /** ln |R_ii| of each step. [samples, steps, exponents] */
  growth: Float64Array;
  /** 1 where the answer after a step is right. [samples, steps] */
  correctAt: Float64Array;
  /** [samples] */
  clues: Float64Array;
  /** Puzzles of one grid are not independent of one another. [samples] */
  grids: Float64Array;
}

/** The name of a checkpoint's file, as the document names its own: diag_SYSTEM_step_STEP_SAMPLES.npz. */
export const diagnosticsName = (system: string, step: number, samples: number): string =>
  `diag_${system}_step_${step}_${samples}.npz`;

const besideName = (name: string) => name.replace(/^diag_/, "thoughts_");

/** Writes both files. @param name as `diagnosticsName` makes it */
export function saveThought(
  folder: string,
  name: string,
  measured: ThoughtDiagnostics,
  puzzles: SudokuPuzzles,
): void {
  const { samples, steps, exponents, index } = measured;
  const some = (values: Int32Array) => Int32Array.from(index, (place) => values[place]);
  writeNpz(join(folder, besideName(name)), {
    log_growth: { data: Float32Array.from(measured.growth), shape: [samples, steps, exponents] },
    correct_at: { dtype: "bool", data: Uint8Array.from(measured.correctAt), shape: [samples, steps] },
    clues: { data: some(puzzles.clues), shape: [samples] },
    grids: { data: some(puzzles.grids), shape: [samples] },
  });
  saveDiagnostics(join(folder, name), measured);
}

/** Reads both files. @throws {NpzError} naming file and key where something is missing or does not fit */
export function loadThought(folder: string, name: string): Thought {
  const diagnostics = loadDiagnostics(join(folder, name));
  const arrays = readNpz(join(folder, besideName(name)), {
    keys: ["log_growth", "correct_at", "clues", "grids"],
  });
  const values = (key: string, size: number) => {
    const data = Float64Array.from(arrays.get(key)?.data ?? []);
    if (data.length === size) return data;
    throw new RangeError(
      `Cannot read ${join(folder, besideName(name))} as "${key}" has ${size} numbers: got ${data.length}`,
    );
  };
  const { samples, steps, exponents } = diagnostics;
  return {
    ...diagnostics,
    growth: values("log_growth", samples * steps * exponents),
    correctAt: values("correct_at", samples * steps),
    clues: values("clues", samples),
    grids: values("grids", samples),
  };
}
