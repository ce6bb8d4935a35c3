// What one training's thoughts say, read off its files once: the four cells of its chosen checkpoint, scores, run-on, restarts.
import { createRandom } from "../../../random";
import { median } from "../../../stats";
import { type CellName, splitByConvergence } from "../../two-by-two/analysis/cells";
import { type EvolutionRow, evolution } from "../../two-by-two/analysis/evolution";
import type { DecidingConfiguration } from "../configuration";
import { chosenStep, diagnosticsFolder, type ReasonerRow, tagOf } from "../reasoner-unit";
import { loadThought, type Thought } from "../thinking/thought-files";
import { type Deflation, deflation, type ScoreRow, scoreTable } from "./scores";
import { roundingLogDrift, type Settling, settlingOf } from "./settling";

/** What the thoughts of a checkpoint left. */
export interface CheckpointThought {
  step: number;
  file: string;
  thought: Thought;
  /** Puzzles whose states became NaN or infinite. */
  leftOut: number;
}

export interface Findings {
  /** Such as trm_seed0. */
  tag: string;
  title: string;
  row: ReasonerRow;
  /** Every checkpoint's, in the order of training. */
  thoughts: CheckpointThought[];
  chosen: Thought;
  /** Samples of each cell of the chosen checkpoint; undefined where the split says nothing. */
  cells: Record<CellName, number> | undefined;
  /** Why there is no split: all states have come to rest within rounding. */
  noSplit?: string;
  evolution: EvolutionRow[];
  scores: ScoreRow[];
  deflation: Deflation | undefined;
  /** Undefined where all answers are right, or all wrong. */
  settling: Settling | undefined;
}

/** Reads a training's files and asks them everything. */
export function findingsOf(row: ReasonerRow, folder: string, configuration: DecidingConfiguration): Findings {
  const thoughts = row.checkpoints.map(({ step, file, samples }) => ({
    step,
    file,
    thought: loadThought(diagnosticsFolder(folder), file),
    leftOut: configuration.testPuzzles - samples,
  }));
  return findingsFrom(row, thoughts, configuration);
}

/** Asks a training's thoughts everything. */
export function findingsFrom(
  row: ReasonerRow,
  thoughts: CheckpointThought[],
  { replicates, level, seed }: Pick<DecidingConfiguration, "replicates" | "level" | "seed">,
): Findings {
  const tag = tagOf(row);
  const { thought: chosen } = thoughts.find(({ step }) => step === chosenStep(row)) as CheckpointThought;
  const options = { rng: createRandom(seed).split(tag), replicates, level };
  const { cells, noSplit } = splitOf(chosen);
  return {
    tag,
    title: `${row.system.toUpperCase()} of seed ${row.seed}${row.noisy ? ", perturbed" : ""}`,
    row,
    thoughts,
    chosen,
    cells,
    noSplit,
    evolution: evolution(
      thoughts
        .filter(({ thought }) => splitOf(thought).cells)
        .map(({ step, thought }) => ({ step: String(step), diagnostics: thought })),
    ),
    scores: row.noisy ? [] : scoreTable(chosen, options),
    deflation: row.noisy ? undefined : deflation(chosen, options),
    settling: settlingOf(chosen, level, row.further),
  };
}

function splitOf(thought: Thought): Pick<Findings, "cells" | "noSplit"> {
  try {
    const { cells, threshold } = splitByConvergence(thought);
    if (threshold < roundingLogDrift)
      return {
        cells: undefined,
        noSplit: `the cut at ${threshold.toFixed(2)} lies within rounding: all have come to rest`,
      };
    const counts = Object.entries(cells).map(([name, members]) => [name, members.length]);
    return { cells: Object.fromEntries(counts) as Record<CellName, number> };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { cells: undefined, noSplit: error.message };
  }
}

/** The median largest exponent of right and of wrong answers. */
export function medianExponents({ lyapunov, exponents, correct }: Thought): { right: number; wrong: number } {
  const of = (label: number) => {
    const own = Array.from(correct.keys()).filter((sample) => correct[sample] === label);
    return own.length > 0
      ? median(Float64Array.from(own, (sample) => lyapunov[sample * exponents]))
      : Number.NaN;
  };
  return { right: of(1), wrong: of(0) };
}
