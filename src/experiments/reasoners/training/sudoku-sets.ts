// The puzzles of a run. Of side 4 all 288 grids are dealt out to training, validation and test, of another side drawn ones, so that
// no grid is in two sets. The grids of side 4 are few and alike (12 but for the names of the digits), so that a held-out grid is a new one in name more than in
// kind; what a network must do is to deduce, as it has not met these puzzles.
import { drawSudokuGrids, makeSudokuPuzzles, type SudokuPuzzles, sudokuBoard } from "../../../data";
import { createRandom } from "../../../random";
import type { DecidingConfiguration } from "../configuration";

export interface SudokuSets {
  train: SudokuPuzzles;
  /** They choose the checkpoint. */
  validation: SudokuPuzzles;
  /** They are diagnosed. */
  test: SudokuPuzzles;
}

/** How many grids each set has: of side 4 all there are, else as many as keep most of a set's puzzles apart. */
const GRIDS = {
  few: { train: 216, validation: 24, test: 48 },
  many: { train: 4000, validation: 128, test: 512 },
};

/**
 * Draws the sets of a run; the same seed draws the same puzzles for every training.
 *
 * @param configuration seed, side of the grids, and how many puzzles of how many clues each set has
 * @throws {RangeError} where so many puzzles of so few clues are not to be had
 * @example
 * import { reasoners } from "dolab";
 * const { configuration } = reasoners.parameters({ preset: "smoke", trainPuzzles: 8, validationPuzzles: 2 });
 * const { train, validation } = reasoners.sudokuSets(configuration);
 * [train.count, validation.count]; // => [8, 2]
 */
export function sudokuSets(configuration: DecidingConfiguration): SudokuSets {
  const { seed, side, trainClues, testClues } = configuration;
  const board = sudokuBoard(side);
  const rng = createRandom(seed).split("puzzles");
  const shares = side === 4 ? GRIDS.few : GRIDS.many;
  const grids = drawSudokuGrids(board, shares.train + shares.validation + shares.test, rng.split("grids"));
  const make = (name: keyof SudokuSets, from: number, count: number, [fewest, most]: readonly number[]) =>
    makeSudokuPuzzles(board, grids.slice(from, from + shares[name]), {
      count,
      clues: [fewest, most],
      rng: rng.split(name),
    });
  return {
    train: make("train", 0, configuration.trainPuzzles, trainClues),
    validation: make("validation", shares.train, configuration.validationPuzzles, testClues),
    test: make("test", shares.train + shares.validation, configuration.testPuzzles, testClues),
  };
}
