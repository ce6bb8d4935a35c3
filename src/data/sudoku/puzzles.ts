// Puzzles with exactly one solution: clues are taken from a filled grid in a drawn order, each that can go without a second
// solution appearing, until as many are left as were asked for. Puzzles of one grid are not independent samples, so each
// remembers its grid: split and resample by grid.
import type { Random } from "../../random";
import { type SudokuBoard, tokensOf } from "./board";
import { Search } from "./solve";

export interface SudokuPuzzles {
  board: SudokuBoard;
  count: number;
  /** Tokens: blanks and clues. [count, cells] */
  inputs: Int32Array;
  /** Tokens of the solution. [count, cells] */
  labels: Int32Array;
  /** The place of each puzzle's grid among the grids given. [count] */
  grids: Int32Array;
  /** Clues of each puzzle. [count] */
  clues: Int32Array;
}

/** Orders that are tried before it is said that puzzles of so few clues are not to be had this way. */
const MOST_ATTEMPTS = 2000;

/**
 * Makes puzzles of grids drawn with replacement.
 *
 * @param board of the grids
 * @param grids filled grids, each [cells]
 * @param options.count how many puzzles, from 1
 * @param options.clues the fewest and the most clues; each number in between is equally likely
 * @param options.rng draws grids, numbers of clues, and the order in which clues are taken away
 * @returns puzzles with exactly one solution each
 * @throws {RangeError} for clues out of range, or so few that no order of 2,000 leaves so few
 * @example
 * import { allSudokuGrids, createRandom, makeSudokuPuzzles, sudokuBoard } from "dolab";
 * const options = { count: 10, clues: [4, 6], rng: createRandom(1) };
 * const puzzles = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), options);
 * puzzles.inputs.length; // => 160
 */
export function makeSudokuPuzzles(
  board: SudokuBoard,
  grids: readonly Uint8Array[],
  { count, clues: [fewest, most], rng }: { count: number; clues: readonly [number, number]; rng: Random },
): SudokuPuzzles {
  const { cells } = board;
  if (!(Number.isInteger(fewest) && Number.isInteger(most) && fewest >= 1 && fewest <= most && most <= cells))
    throw new RangeError(
      `Cannot make puzzles as clues are whole numbers from 1 to ${cells}, fewest first: got ${fewest} to ${most}`,
    );
  if (grids.length === 0 || !(Number.isInteger(count) && count >= 1))
    throw new RangeError(
      `Cannot make puzzles as there must be a grid and a count from 1: got ${grids.length} and ${count}`,
    );
  const puzzles: SudokuPuzzles = {
    board,
    count,
    inputs: new Int32Array(count * cells),
    labels: new Int32Array(count * cells),
    grids: new Int32Array(count),
    clues: new Int32Array(count),
  };
  for (let puzzle = 0; puzzle < count; puzzle++) {
    const grid = rng.integer(0, grids.length);
    const clues = rng.integer(fewest, most + 1);
    puzzles.inputs.set(tokensOf(takeClues(board, grids[grid], clues, rng)), puzzle * cells);
    puzzles.labels.set(tokensOf(grids[grid]), puzzle * cells);
    puzzles.grids[puzzle] = grid;
    puzzles.clues[puzzle] = clues;
  }
  return puzzles;
}

/**
 * Takes the puzzles at some places, in their order.
 *
 * @param puzzles some of which are taken
 * @param places each from 0 to below the count
 * @returns copies of these puzzles, with their grid numbers
 * @example
 * import { allSudokuGrids, createRandom, makeSudokuPuzzles, selectPuzzles, sudokuBoard } from "dolab";
 * const options = { count: 3, clues: [6, 6], rng: createRandom(1) } as const;
 * const puzzles = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), options);
 * const last = selectPuzzles(puzzles, [2]);
 * [last.count, last.grids[0] === puzzles.grids[2]]; // => [1, true]
 */
export function selectPuzzles(puzzles: SudokuPuzzles, places: readonly number[]): SudokuPuzzles {
  const { cells } = puzzles.board;
  const rows = (values: Int32Array) => {
    const chosen = new Int32Array(places.length * cells);
    for (const [row, place] of places.entries())
      chosen.set(values.subarray(place * cells, (place + 1) * cells), row * cells);
    return chosen;
  };
  const some = (values: Int32Array) => Int32Array.from(places, (place) => values[place]);
  return {
    board: puzzles.board,
    count: places.length,
    inputs: rows(puzzles.inputs),
    labels: rows(puzzles.labels),
    grids: some(puzzles.grids),
    clues: some(puzzles.clues),
  };
}

function takeClues(board: SudokuBoard, grid: Uint8Array, wanted: number, rng: Random): Uint8Array {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const digits = grid.slice();
    let left = board.cells;
    for (const cell of rng.permutation(board.cells)) {
      if (left === wanted) break;
      digits[cell] = 0;
      if (isUnique(board, digits)) left -= 1;
      else digits[cell] = grid[cell];
    }
    if (left === wanted) return digits;
  }
  const rule = `none of ${MOST_ATTEMPTS} orders of taking clues away leaves one solution with so few`;
  throw new RangeError(`Cannot make puzzles of ${wanted} clues as ${rule}: ask for more clues`);
}

function isUnique(board: SudokuBoard, digits: Uint8Array): boolean {
  const search = new Search(board, digits);
  search.run(2);
  return search.solutions === 1;
}
