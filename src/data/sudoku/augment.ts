// What leaves a Sudoku a Sudoku, drawn as the published builder draws it: a permutation of the digits, transposition with
// probability 1/2 (where boxes are square), permutations of bands, of rows within them, of stacks and of columns within them.
import type { Random } from "../../random";
import type { SudokuBoard } from "./board";
import type { SudokuPuzzles } from "./puzzles";

/** Where each cell of the new board comes from, and what each token becomes. */
export interface SudokuSymmetry {
  /** [cells] */
  from: Int32Array;
  /** [vocabulary]; padding and blank stay. */
  tokens: Int32Array;
}

/** Draws a symmetry of the board. */
export function drawSudokuSymmetry(board: SudokuBoard, rng: Random): SudokuSymmetry {
  const { side, boxHeight, boxWidth, vocabulary } = board;
  const digits = rng.permutation(side);
  const tokens = Int32Array.from({ length: vocabulary }, (_, token) =>
    token < 2 ? token : digits[token - 2] + 2,
  );
  const transposed = boxHeight === boxWidth && rng.uniform() < 0.5;
  const rows = drawLines(side / boxHeight, boxHeight, rng);
  const columns = drawLines(side / boxWidth, boxWidth, rng);
  const from = Int32Array.from({ length: side * side }, (_, cell) => {
    const [row, column] = [rows[Math.floor(cell / side)], columns[cell % side]];
    return transposed ? column * side + row : row * side + column;
  });
  return { from, tokens };
}

/** Applies a symmetry to one board of tokens. @returns [cells] */
export const applySudokuSymmetry = ({ from, tokens }: SudokuSymmetry, board: ArrayLike<number>): Int32Array =>
  Int32Array.from(from, (cell) => tokens[board[cell]]);

/**
 * Follows each puzzle by drawn variants of it; all have the puzzle's grid number, as they are not independent of it.
 *
 * @param puzzles that are varied
 * @param options.copies variants of each, from 0
 * @param options.rng draws permutations of digits, rows and columns
 * @returns count (1 + copies) puzzles
 * @example
 * import { allSudokuGrids, augmentSudoku, createRandom, makeSudokuPuzzles, sudokuBoard } from "dolab";
 * const rng = createRandom(1);
 * const puzzles = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), { count: 1, clues: [6, 6], rng });
 * const { count, clues } = augmentSudoku(puzzles, { copies: 2, rng });
 * count; // => 3
 * clues; // => [6, 6, 6]
 */
export function augmentSudoku(
  puzzles: SudokuPuzzles,
  { copies, rng }: { copies: number; rng: Random },
): SudokuPuzzles {
  const { board, count } = puzzles;
  const { cells } = board;
  const each = 1 + copies;
  const augmented: SudokuPuzzles = {
    board,
    count: count * each,
    inputs: new Int32Array(count * each * cells),
    labels: new Int32Array(count * each * cells),
    grids: Int32Array.from({ length: count * each }, (_, place) => puzzles.grids[Math.floor(place / each)]),
    clues: Int32Array.from({ length: count * each }, (_, place) => puzzles.clues[Math.floor(place / each)]),
  };
  for (let place = 0; place < augmented.count; place++) {
    const original = Math.floor(place / each);
    const cut = (values: Int32Array) => values.subarray(original * cells, (original + 1) * cells);
    const symmetry = place % each === 0 ? undefined : drawSudokuSymmetry(board, rng);
    const moved = (values: Int32Array) =>
      symmetry ? applySudokuSymmetry(symmetry, cut(values)) : cut(values);
    augmented.inputs.set(moved(puzzles.inputs), place * cells);
    augmented.labels.set(moved(puzzles.labels), place * cells);
  }
  return augmented;
}

/** An order of lines that keeps groups together: groups in a drawn order, lines within each too. */
function drawLines(groups: number, size: number, rng: Random): number[] {
  return Array.from(rng.permutation(groups)).flatMap((group) =>
    Array.from(rng.permutation(size), (line) => group * size + line),
  );
}
