// A solver that counts solutions: backtracking on the blank cell with the fewest candidates. How often it has to guess is its
// measure of difficulty, as the rating of Sudoku-Extreme counts the backtracks of a solver (another one, so that the two
// numbers do not compare).
import { type SudokuBoard, showSudoku } from "./board";

export interface SudokuSolutions {
  /** How many there are, counted up to the limit. */
  solutions: number;
  /** The first one found. [cells] */
  solution: Uint8Array | undefined;
  /** Cells at which more than one digit had to be tried before the search ended. */
  guesses: number;
}

/**
 * Solves a puzzle and counts its solutions.
 *
 * @param board of the puzzle
 * @param digits 0 for a blank cell. [cells]
 * @param options.limit stops after so many solutions: 2 is enough to know whether there is only one
 * @returns how many solutions there are, the first one, and how often the search had to guess
 * @throws {RangeError} for another number of cells or a digit out of range; {Error} where clues clash
 * @example
 * import { solveSudoku, sudokuBoard } from "dolab";
 * const puzzle = [1, 0, 0, 0, 0, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0, 4];
 * solveSudoku(sudokuBoard(4), puzzle).solutions; // => 1
 */
export function solveSudoku(
  board: SudokuBoard,
  digits: ArrayLike<number>,
  { limit = 2 }: { limit?: number } = {},
): SudokuSolutions {
  const search = new Search(board, digits);
  search.run(limit);
  return { solutions: search.solutions, solution: search.solution, guesses: search.guesses };
}

/**
 * Gives the one solution of a puzzle.
 *
 * @throws {RangeError} where there is none or more than one, and as `solveSudoku`
 */
export function onlySolution(board: SudokuBoard, digits: ArrayLike<number>): Uint8Array {
  const { solutions, solution } = solveSudoku(board, digits);
  if (solutions === 1) return solution as Uint8Array;
  const found = solutions === 0 ? "none" : "several";
  const rule = `it must have exactly one solution (${found} found)`;
  throw new RangeError(`Cannot take a puzzle as ${rule}: got ${showSudoku(board, digits)}`);
}

/** @returns the bit of a digit from 1 on */
const bit = (digit: number) => 1 << (digit - 1);

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** A state of the search, reused by `drawSudokuGrid` with its own order of digits. */
export class Search {
  solutions = 0;
  solution: Uint8Array | undefined;
  guesses = 0;
  private readonly values: Uint8Array; // [cells]
  private readonly blanks: number[] = [];
  /** Digits that a row, a column and a box hold already, as bits. [side] each */
  private readonly rows: Int32Array;
  private readonly columns: Int32Array;
  private readonly boxesHeld: Int32Array;

  /** @param order of the digits that are tried: by default, rising */
  constructor(
    private readonly board: SudokuBoard,
    digits: ArrayLike<number>,
    private readonly order?: () => ArrayLike<number>,
  ) {
    const { side, cells } = board;
    this.values = Uint8Array.from(digits);
    this.rows = new Int32Array(side);
    this.columns = new Int32Array(side);
    this.boxesHeld = new Int32Array(side);
    if (digits.length !== cells)
      throw new RangeError(`Cannot solve a puzzle as it must have ${cells} cells: got ${digits.length}`);
    for (let cell = 0; cell < cells; cell++) {
      const digit = digits[cell];
      if (!(Number.isInteger(digit) && digit >= 0 && digit <= side))
        throw new RangeError(`Cannot solve a puzzle as its digits must be 0 to ${side}: got ${digit}`);
      if (digit === 0) this.blanks.push(cell);
      else if (this.allowed(cell) & bit(digit)) this.toggle(cell, bit(digit));
      else {
        const place = `row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}`;
        throw new Error(
          `Cannot solve a puzzle as its clues must not clash: got a second ${digit} at ${place} of ${showSudoku(board, digits)}`,
        );
      }
    }
  }

  run(limit: number): void {
    let [best, at, options] = [Number.POSITIVE_INFINITY, -1, 0];
    for (let i = 0; i < this.blanks.length && best > 1; i++) {
      const allowed = this.allowed(this.blanks[i]);
      const count = bitCount(allowed);
      if (count < best) [best, at, options] = [count, i, allowed];
    }
    if (at < 0) {
      this.solutions += 1;
      this.solution ??= this.values.slice();
      return;
    }
    if (best === 0) return;
    if (best > 1) this.guesses += 1;
    const cell = this.blanks[at];
    this.blanks[at] = this.blanks[this.blanks.length - 1];
    this.blanks.pop();
    const order = best > 1 ? this.order?.() : undefined;
    for (let i = 0; i < this.board.side && this.solutions < limit; i++) {
      const digit = order ? order[i] : i + 1;
      if (!(options & bit(digit))) continue;
      this.toggle(cell, bit(digit));
      this.values[cell] = digit;
      this.run(limit);
      this.toggle(cell, bit(digit));
    }
    this.values[cell] = 0;
    this.blanks.push(cell);
    const last = this.blanks.length - 1;
    [this.blanks[at], this.blanks[last]] = [this.blanks[last], this.blanks[at]];
  }

  private allowed(cell: number): number {
    const { side, boxOf } = this.board;
    const held = this.rows[(cell / side) | 0] | this.columns[cell % side] | this.boxesHeld[boxOf[cell]];
    return ~held & ((1 << side) - 1);
  }

  private toggle(cell: number, mask: number): void {
    const { side, boxOf } = this.board;
    this.rows[(cell / side) | 0] ^= mask;
    this.columns[cell % side] ^= mask;
    this.boxesHeld[boxOf[cell]] ^= mask;
  }
}
