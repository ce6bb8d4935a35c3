// The board of a Sudoku: 4 x 4 (boxes of 2 x 2), 6 x 6 (2 x 3) or 9 x 9 (3 x 3), and its tokens as the recursive reasoners
// read them (published builders of HRM and TRM): 0 is padding, 1 a blank cell, 2 to side + 1 the digits 1 to side.

export interface SudokuBoard {
  /** Rows, columns and digits. */
  readonly side: number;
  readonly boxHeight: number;
  readonly boxWidth: number;
  /** side^2; cells are counted row by row. */
  readonly cells: number;
  /** side + 2: padding, blank and the digits. */
  readonly vocabulary: number;
  /** The box of each cell, 0 to side - 1. [cells] */
  readonly boxOf: Uint8Array;
}

export const blankToken = 1;

const boxes: Readonly<Record<number, readonly [height: number, width: number]>> = {
  4: [2, 2],
  6: [2, 3],
  9: [3, 3],
};

/**
 * Describes a board: its cells, boxes and tokens.
 *
 * @param side 4, 6 or 9
 * @returns for the functions that take a board
 * @throws {RangeError} for another side
 * @example
 * import { sudokuBoard } from "dolab";
 * sudokuBoard(9).vocabulary; // => 11
 */
export function sudokuBoard(side: number): SudokuBoard {
  if (!Object.hasOwn(boxes, side))
    throw new RangeError(
      `Cannot make a Sudoku board as its side must be one of ${Object.keys(boxes).join(", ")}: got ${side}`,
    );
  const [boxHeight, boxWidth] = boxes[side];
  const cells = side * side;
  const boxesInRow = side / boxWidth;
  const boxOf = Uint8Array.from({ length: cells }, (_, cell) => {
    const [row, column] = [Math.floor(cell / side), cell % side];
    return Math.floor(row / boxHeight) * boxesInRow + Math.floor(column / boxWidth);
  });
  return { side, boxHeight, boxWidth, cells, vocabulary: side + 2, boxOf };
}

/** Makes tokens of digits, 0 where a cell is blank. */
export const tokensOf = (digits: ArrayLike<number>): Int32Array =>
  Int32Array.from(digits, (digit) => digit + 1);

/**
 * Makes digits, 0 where a cell is blank, of tokens.
 *
 * @param tokens blanks and digits, such as a row of a puzzle's inputs or labels
 * @returns as many digits as there are tokens
 * @example
 * import { digitsOf } from "dolab";
 * digitsOf([1, 2, 5]); // => [0, 1, 4]
 */
export const digitsOf = (tokens: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(tokens, (token) => token - 1);

/** Writes digits as rows of text, "." for a blank cell, for messages. */
export function showSudoku({ side }: SudokuBoard, digits: ArrayLike<number>): string {
  const text = Array.from(digits, (digit) => (digit === 0 ? "." : String(digit))).join("");
  return Array.from({ length: side }, (_, row) => text.slice(row * side, (row + 1) * side)).join(" ");
}
