// The puzzles of a run: 4 x 4 Sudoku, all 288 grids dealt out to training, validation and test, so that no grid is in two sets.
// The grids are few and alike (12 but for the names of the digits), so that a held-out grid is a new one in name more than in
// kind; what a network must do is to deduce, as it has not met these puzzles.
import { drawSudokuGrids, makeSudokuPuzzles, type SudokuPuzzles, sudokuBoard } from "../../data";
import { createRandom } from "../../random";
import type { DecidingConfiguration } from "./configuration";

export interface SudokuSets {
  train: SudokuPuzzles;
  /** They choose the checkpoint. */
  validation: SudokuPuzzles;
  /** They are diagnosed. */
  test: SudokuPuzzles;
}

const GRIDS = { train: 216, validation: 24, test: 48 };

/** Draws the sets; the same seed draws the same puzzles for every training. */
export function sudokuSets(configuration: DecidingConfiguration): SudokuSets {
  const { seed, trainClues, testClues } = configuration;
  const board = sudokuBoard(4);
  const rng = createRandom(seed).split("puzzles");
  const grids = drawSudokuGrids(board, 288, rng.split("grids"));
  const make = (name: keyof SudokuSets, from: number, count: number, [fewest, most]: readonly number[]) =>
    makeSudokuPuzzles(board, grids.slice(from, from + GRIDS[name]), {
      count,
      clues: [fewest, most],
      rng: rng.split(name),
    });
  return {
    train: make("train", 0, configuration.trainPuzzles, trainClues),
    validation: make("validation", GRIDS.train, configuration.validationPuzzles, testClues),
    test: make("test", GRIDS.train + GRIDS.validation, configuration.testPuzzles, testClues),
  };
}
