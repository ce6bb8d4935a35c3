import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  allSudokuGrids,
  augmentSudoku,
  makeSudokuPuzzles,
  readPuzzleFolder,
  sudokuBoard,
  writePuzzleFolder,
} from "../../../src/data";
import { readJson, readNpy, writeNpy } from "../../../src/io";
import { createRandom } from "../../../src/random";
import { temporaryFolder } from "../../support/temporary-folder";

const board = sudokuBoard(4);
const rng = createRandom(1);
const grids = allSudokuGrids().filter((_, place) => place % 20 === 0);
const originals = makeSudokuPuzzles(board, grids, { count: 5, clues: [5, 6], rng });
originals.grids.set([0, 1, 2, 3, 4]);
const train = augmentSudoku(originals, { copies: 3, rng });

describe("writePuzzleFolder() and readPuzzleFolder()", () => {
  const folder = temporaryFolder();
  writePuzzleFolder(folder, { train, test: originals });

  it("bring puzzles back", () => {
    const back = readPuzzleFolder(folder, "train");
    assert.deepEqual(back, { ...train, board: back.board });
    assert.equal(back.board.side, 4);
  });

  it("have the published layout: groups of an original with its variants, indices with an end", () => {
    assert.deepEqual(
      [...readNpy(join(folder, "train", "all__group_indices.npy")).data],
      [0, 4, 8, 12, 16, 20],
    );
    assert.equal(readNpy(join(folder, "train", "all__puzzle_indices.npy")).data.length, 21);
    assert.equal(readNpy(join(folder, "train", "all__inputs.npy")).dtype, "uint8");
    assert.deepEqual(readJson(join(folder, "train", "dataset.json")), {
      seq_len: 16,
      vocab_size: 6,
      pad_id: 0,
      ignore_label_id: 0,
      blank_identifier_id: 0,
      num_puzzle_identifiers: 1,
      total_groups: 5,
      mean_puzzle_examples: 1,
      sets: ["all"],
    });
    assert.deepEqual(readJson(join(folder, "identifiers.json")), ["<blank>"]);
  });

  it("refuse what is missing, out of range or no puzzle, and name it", () => {
    assert.throws(() => readPuzzleFolder(folder, "valid"), /must hold the set "valid"/);
    const file = join(folder, "test", "all__inputs.npy");
    const shape = [5, 16];
    writeNpy(file, { data: Uint8Array.from(originals.inputs).fill(1, 0, 16), shape });
    assert.throws(() => readPuzzleFolder(folder, "test"), /several found/);
    const other = Uint8Array.from(originals.inputs);
    const clue = other.findIndex((token) => token > 1);
    other[clue] = other[clue] === 2 ? 3 : 2;
    writeNpy(file, { data: other, shape });
    assert.throws(
      () => readPuzzleFolder(folder, "test", { checkUnique: false }),
      /puzzle 0 .*must keep its clues/,
    );
    writeNpy(file, { data: other.fill(0, 0, 1), shape });
    assert.throws(() => readPuzzleFolder(folder, "test"), /its tokens are 1 to 5/);
    writeFileSync(join(folder, "test", "dataset.json"), '{"seq_len": 16}');
    assert.throws(() => readPuzzleFolder(folder, "test"), /dataset\.json as vocab_size is wrong/);
  });
});
