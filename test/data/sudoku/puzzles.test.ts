import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  allSudokuGrids,
  augmentSudoku,
  digitsOf,
  drawSudokuGrids,
  makeSudokuPuzzles,
  selectPuzzles,
  solveSudoku,
  sudokuBoard,
} from "../../../src/data";
import { drawSudokuGrid } from "../../../src/data/sudoku/grids";
import { onlySolution } from "../../../src/data/sudoku/solve";
import { createRandom } from "../../../src/random";

const board = sudokuBoard(4);
const digits = (text: string) =>
  Array.from(text.replace(/\s/g, ""), (sign) => (sign === "." ? 0 : Number(sign)));

// A published 9 x 9 puzzle with its solution (the one that Wikipedia's article on Sudoku shows).
const known = digits(
  "53..7.... 6..195... .98....6. 8...6...3 4..8.3..1 7...2...6 .6....28. ...419..5 ....8..79",
);
const knownSolution = digits(
  "534678912 672195348 198342567 859761423 426853791 713924856 961537284 287419635 345286179",
);

describe("allSudokuGrids()", () => {
  it("has the 288 grids of side 4, each once and each solved", () => {
    const grids = allSudokuGrids();
    assert.equal(new Set(grids.map((grid) => grid.join(""))).size, 288);
    for (const grid of grids) assert.deepEqual(onlySolution(board, grid), grid);
  });
});

describe("solveSudoku()", () => {
  it("solves a published puzzle", () => {
    assert.deepEqual([...onlySolution(sudokuBoard(9), known)], knownSolution);
  });

  it("counts the 288 grids as the solutions of an empty board", () => {
    assert.equal(solveSudoku(board, new Uint8Array(16), { limit: 1000 }).solutions, 288);
  });

  it("guesses on the empty board, not where each step is forced", () => {
    assert.ok(solveSudoku(board, new Uint8Array(16)).guesses > 0);
    assert.equal(solveSudoku(board, digits("123. 341. 214. 432.")).guesses, 0);
  });

  it("refuses clues that clash, several solutions, none, and other sizes", () => {
    assert.throws(() => solveSudoku(board, digits("11.. .... .... ....")), /a second 1 at row 1, column 2/);
    assert.throws(() => onlySolution(board, digits("1... .... .... ....")), /several found/);
    assert.throws(() => onlySolution(board, digits("123. ...4 .... ....")), /none found/);
    assert.throws(() => solveSudoku(board, new Uint8Array(81)), /must have 16 cells: got 81/);
    assert.throws(() => sudokuBoard(5), /one of 4, 6, 9: got 5/);
  });
});

describe("makeSudokuPuzzles()", () => {
  const puzzles = makeSudokuPuzzles(board, allSudokuGrids(), {
    count: 300,
    clues: [4, 7],
    rng: createRandom(1),
  });

  it("makes puzzles whose only solution is the label, with the clues asked for", () => {
    for (let puzzle = 0; puzzle < puzzles.count; puzzle++) {
      const cut = (values: Int32Array) => digitsOf(values.subarray(puzzle * 16, (puzzle + 1) * 16));
      assert.deepEqual(onlySolution(board, cut(puzzles.inputs)), cut(puzzles.labels));
      assert.equal(cut(puzzles.inputs).filter((digit) => digit > 0).length, puzzles.clues[puzzle]);
    }
    assert.deepEqual([...new Set(puzzles.clues)].sort(), [4, 5, 6, 7]);
  });

  it("makes puzzles of side 6 and 9 too", () => {
    for (const [side, clues] of [
      [6, 14],
      [9, 32],
    ] as const) {
      const other = sudokuBoard(side);
      const grids = drawSudokuGrids(other, 2, createRandom(3));
      const made = makeSudokuPuzzles(other, grids, { count: 2, clues: [clues, clues], rng: createRandom(4) });
      assert.deepEqual(
        onlySolution(other, digitsOf(made.inputs.subarray(0, other.cells))),
        grids[made.grids[0]],
      );
    }
  });

  it("says where so few clues are not to be had", () => {
    const options = { count: 1, clues: [3, 3], rng: createRandom(5) } as const;
    assert.throws(() => makeSudokuPuzzles(board, allSudokuGrids(), options), /ask for more clues/);
    const wrong = { count: 1, clues: [5, 4], rng: createRandom(5) } as const;
    assert.throws(() => makeSudokuPuzzles(board, allSudokuGrids(), wrong), /fewest first: got 5 to 4/);
  });

  it("selects puzzles by place", () => {
    const some = selectPuzzles(puzzles, [5, 2]);
    assert.deepEqual(some.inputs.subarray(16), puzzles.inputs.subarray(32, 48));
    assert.equal(some.grids[0], puzzles.grids[5]);
  });
});

describe("augmentSudoku()", () => {
  it("keeps each variant a puzzle with one solution, of the same grid number and clues", () => {
    const square = sudokuBoard(9);
    const oblong = sudokuBoard(6);
    for (const [each, clues] of [
      [board, 5],
      [oblong, 15],
      [square, 35],
    ] as const) {
      const rng = createRandom(6);
      const grids = [drawSudokuGrid(each, rng)];
      const made = makeSudokuPuzzles(each, grids, { count: 2, clues: [clues, clues], rng });
      const variants = augmentSudoku(made, { copies: 4, rng });
      assert.equal(variants.count, 10);
      for (let place = 0; place < variants.count; place++) {
        const cut = (values: Int32Array) =>
          digitsOf(values.subarray(place * each.cells, (place + 1) * each.cells));
        assert.deepEqual(onlySolution(each, cut(variants.inputs)), cut(variants.labels));
        assert.equal(variants.clues[place], clues);
      }
      assert.notDeepEqual(
        variants.inputs.subarray(0, each.cells),
        variants.inputs.subarray(each.cells, 2 * each.cells),
      );
    }
  });
});
