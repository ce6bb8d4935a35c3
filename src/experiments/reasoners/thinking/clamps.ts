// Clamps: after a thought has come to its answer, it goes on for as many steps again with the logit of one blank cell held above
// the cell's others (clamp-logit.ts), and then as many again without. Do the other cells follow? Wrong answers are held at the
// truth in one cell that is wrong ("truth"), in one that is right already ("sham"), get the truth as a clue instead ("clue"), or
// go on as they are ("free"). Right answers are held at a wrong digit ("lie").
import { blankToken, type SudokuPuzzles, selectPuzzles } from "../../../data";
import { clampLogit, type Reasoner, type StoredStates, type Thinker } from "../../../models";
import { gatherRows } from "../../../models/recursive/thinker";
import type { Random } from "../../../random";
import type { DecidingConfiguration } from "../configuration";

export const clampKinds = ["free", "sham", "truth", "clue", "lie"] as const;
export type ClampKind = (typeof clampKinds)[number];

export interface Clamp {
  kind: ClampKind;
  /** Which of the test puzzles. [puzzles] */
  index: number[];
  /** The cell that is held, counted from 0. [puzzles] */
  cell: number[];
  /** Share of the other blank cells that were right before. [puzzles] */
  before: number[];
  /** Share of the other blank cells that are right in the end, while the cell is held. [puzzles] */
  held: number[];
  /** The same after as many steps again, without the clamp; a clue stays. [puzzles] */
  after: number[];
}

/** @param end where the thoughts of all puzzles have come to @param answers their tokens. [count, cells] */
export function clampThoughts(
  reasoner: Reasoner,
  thinker: Thinker,
  puzzles: SudokuPuzzles,
  { end, answers }: { end: StoredStates; answers: Int32Array },
  { actSteps: steps, clampedPuzzles, clampMargin: margin }: DecidingConfiguration,
  rng: Random,
): Clamp[] {
  const { cells, vocabulary } = puzzles.board;
  const { inputs, labels } = puzzles;
  const blanks = (puzzle: number, right: boolean) =>
    Array.from({ length: cells }, (_, cell) => cell).filter((cell) => {
      const at = puzzle * cells + cell;
      return inputs[at] === blankToken && (answers[at] === labels[at]) === right;
    });
  const all = Array.from({ length: puzzles.count }, (_, puzzle) => puzzle);
  const isWrong = (puzzle: number) =>
    answers
      .subarray(puzzle * cells, (puzzle + 1) * cells)
      .some((token, i) => token !== labels[puzzle * cells + i]);
  return clampKinds.map((kind): Clamp => {
    const draws = rng.split(kind === "clue" || kind === "free" ? "truth" : kind); // the same cells
    const wantsRight = kind === "sham" || kind === "lie";
    const index = all
      .filter((puzzle) => isWrong(puzzle) === (kind !== "lie") && blanks(puzzle, wantsRight).length > 0)
      .slice(0, clampedPuzzles);
    const cell = index.map((puzzle) => {
      const candidates = blanks(puzzle, wantsRight);
      return candidates[draws.integer(0, candidates.length)];
    });
    if (index.length === 0) return { kind, index, cell, before: [], held: [], after: [] };
    const chosen = selectPuzzles(puzzles, index);
    const truth = index.map((_, row) => chosen.labels[row * cells + cell[row]]);
    const tokens = truth.map((token) =>
      kind === "lie" ? 2 + ((token - 2 + draws.integer(1, vocabulary - 2)) % (vocabulary - 2)) : token,
    );
    // The share of blank cells other than the held one that are right; 1 where there is no other.
    const others = (given: Int32Array) =>
      index.map((puzzle, row) => {
        let [right, count] = [0, 0];
        for (let at = 0; at < cells; at++) {
          if (at === cell[row] || inputs[puzzle * cells + at] !== blankToken) continue;
          count += 1;
          right += Number(given[row * cells + at] === chosen.labels[row * cells + at]);
        }
        return count === 0 ? 1 : right / count;
      });
    const gather = <Numbers extends Int32Array | Float32Array>(values: Numbers, target: Numbers) =>
      gatherRows(values, index, values.length / puzzles.count, target);
    const state = (values: Float32Array) =>
      gather(values, new Float32Array((values.length / puzzles.count) * index.length));
    const start = { high: state(end.high), low: state(end.low) };
    const asked = kind === "clue" ? withClues(chosen, cell, truth) : chosen;
    const clamps = kind === "truth" || kind === "sham" || kind === "lie";
    const hook = clamps ? clampLogit(reasoner, { cells: cell, tokens, margin }) : undefined;
    const first = thinker.run(asked, { steps, start, hook });
    const second = thinker.run(asked, { steps, start: first.end });
    const before = gather(answers, new Int32Array(index.length * cells));
    return {
      kind,
      index,
      cell,
      before: others(before),
      held: others(first.answers),
      after: others(second.answers),
    };
  });
}

function withClues(
  puzzles: SudokuPuzzles,
  cell: readonly number[],
  tokens: readonly number[],
): SudokuPuzzles {
  const inputs = puzzles.inputs.slice();
  for (const [row, token] of tokens.entries()) inputs[row * puzzles.board.cells + cell[row]] = token;
  return { ...puzzles, inputs };
}
