// Filled grids: all 288 of side 4, drawn ones of any side.
import type { Random } from "../../random";
import { type SudokuBoard, sudokuBoard } from "./board";
import { Search } from "./solve";

/**
 * Lists all 288 filled grids of side 4, in rising order of their digits.
 *
 * @returns each [16]
 * @example
 * import { allSudokuGrids } from "dolab";
 * allSudokuGrids().length; // => 288
 */
export function allSudokuGrids(): Uint8Array[] {
  const board = sudokuBoard(4);
  const grids: Uint8Array[] = [];
  const grid = new Uint8Array(board.cells);
  const fits = (cell: number, digit: number) => {
    for (let other = 0; other < cell; other++) {
      if (grid[other] !== digit) continue;
      const sameRow = Math.floor(other / 4) === Math.floor(cell / 4);
      if (sameRow || other % 4 === cell % 4 || board.boxOf[other] === board.boxOf[cell]) return false;
    }
    return true;
  };
  const fill = (cell: number) => {
    if (cell === board.cells) {
      grids.push(grid.slice());
      return;
    }
    for (let digit = 1; digit <= 4; digit++) {
      if (!fits(cell, digit)) continue;
      grid[cell] = digit;
      fill(cell + 1);
    }
  };
  fill(0);
  return grids;
}

/** Draws a filled grid: a search that tries digits in a drawn order. Not all grids are equally likely. @returns [cells] */
export function drawSudokuGrid(board: SudokuBoard, rng: Random): Uint8Array {
  const order = () => rng.permutation(board.side).map((digit) => digit + 1);
  const search = new Search(board, new Uint8Array(board.cells), order);
  search.run(1);
  return search.solution as Uint8Array;
}

/**
 * Draws different filled grids; of side 4 they are among the 288. Of other sides not all grids are equally likely.
 *
 * @param board of the grids
 * @param count how many
 * @param rng draws them
 * @returns each [cells], digits from 1
 * @throws {RangeError} for more than there are
 * @example
 * import { createRandom, drawSudokuGrids, sudokuBoard } from "dolab";
 * const [grid] = drawSudokuGrids(sudokuBoard(6), 1, createRandom(0));
 * Array.from(grid.slice(0, 6)).sort(); // => [1, 2, 3, 4, 5, 6]
 */
export function drawSudokuGrids(board: SudokuBoard, count: number, rng: Random): Uint8Array[] {
  if (board.side === 4) {
    const all = allSudokuGrids();
    if (count > all.length)
      throw new RangeError(`Cannot draw grids as side 4 has ${all.length}: got ${count}`);
    return Array.from(rng.permutation(all.length).subarray(0, count), (index) => all[index]);
  }
  const grids = new Map<string, Uint8Array>();
  while (grids.size < count) {
    const grid = drawSudokuGrid(board, rng);
    grids.set(grid.join(""), grid);
  }
  return [...grids.values()];
}
