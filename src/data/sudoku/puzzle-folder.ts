// The folder format of the published puzzle builders (sapientinc/HRM, dataset/build_sudoku_dataset.py; TRM's is the same):
// SET/all__{inputs, labels, puzzle_indices, group_indices, puzzle_identifiers}.npy, SET/dataset.json, identifiers.json. A
// puzzle with its variants is a group: group_indices says where each begins among the puzzles, puzzle_indices where each
// puzzle begins among the examples (one each for Sudoku). We add nothing, so that the published trainers read the folder.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { formatJson, NpzError, readJson, readNpy } from "../../io";
import { encodeNpy } from "../../io/npy-array";
import { writeTogether } from "../../io/write-together";
import { digitsOf, type SudokuBoard, showSudoku, sudokuBoard } from "./board";
import type { SudokuPuzzles } from "./puzzles";
import { onlySolution } from "./solve";

const metadataSchema = z.looseObject({
  seq_len: z.int(),
  vocab_size: z.int(),
  pad_id: z.literal(0),
  ignore_label_id: z.literal(0).nullable(),
  blank_identifier_id: z.int(),
  num_puzzle_identifiers: z.int(),
  total_groups: z.int(),
  mean_puzzle_examples: z.number(),
  sets: z.array(z.string()),
});

/**
 * Writes sets of puzzles in the published format; puzzles of one grid that follow one another are one group.
 *
 * @param folder gets a folder for each set
 * @param sets by name, such as train and test, all of one board
 * @example
 * import { mkdtempSync, readdirSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { allSudokuGrids, createRandom, makeSudokuPuzzles, sudokuBoard, writePuzzleFolder } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/sudoku-`);
 * const options = { count: 2, clues: [6, 6], rng: createRandom(1) } as const;
 * writePuzzleFolder(folder, { train: makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), options) });
 * readdirSync(`${folder}/train`).includes("all__inputs.npy"); // => true
 * rmSync(folder, { recursive: true });
 */
export function writePuzzleFolder(folder: string, sets: Readonly<Record<string, SudokuPuzzles>>): void {
  for (const [name, puzzles] of Object.entries(sets)) {
    const { board, count, inputs, labels, grids } = puzzles;
    const starts = Array.from(grids.keys()).filter(
      (place) => place === 0 || grids[place] !== grids[place - 1],
    );
    const bytes = (data: Int32Array) => ({ data: Uint8Array.from(data), shape: [count, board.cells] });
    const whole = (data: Iterable<number>) => {
      const values = Int32Array.from(data);
      return { data: values, shape: [values.length] };
    };
    const arrays = {
      inputs: bytes(inputs),
      labels: bytes(labels),
      puzzle_indices: whole(Array.from({ length: count + 1 }, (_, place) => place)),
      group_indices: whole([...starts, count]),
      puzzle_identifiers: whole(new Int32Array(count)),
    };
    const metadata: z.infer<typeof metadataSchema> = {
      seq_len: board.cells,
      vocab_size: board.vocabulary,
      pad_id: 0,
      ignore_label_id: 0,
      blank_identifier_id: 0,
      num_puzzle_identifiers: 1,
      total_groups: starts.length,
      mean_puzzle_examples: 1,
      sets: ["all"],
    };
    const files = Object.entries(arrays).map(([key, array]) => ({
      name: `all__${key}.npy`,
      content: encodeNpy(array),
    }));
    writeTogether(join(folder, name), [...files, { name: "dataset.json", content: formatJson(metadata) }]);
  }
  writeTogether(folder, [{ name: "identifiers.json", content: formatJson(["<blank>"]) }]);
}

/**
 * Reads one set of a folder in the published format; puzzles of a group get one grid number.
 *
 * @param folder as `writePuzzleFolder` or the published builders write it
 * @param set the set's name, such as "train"
 * @param options.checkUnique whether each puzzle is solved, to see that it has one solution (9 x 9: about 0.1 ms each); that
 *   clues do not clash with each other or with the label is checked in any case
 * @returns the set's puzzles in their order
 * @throws {NpzError} naming file and expectation where a file is missing or does not fit the others
 * @throws {RangeError | Error} where a puzzle has several solutions, clues that clash, or a label that is no solution
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { allSudokuGrids, createRandom, makeSudokuPuzzles, readPuzzleFolder } from "dolab";
 * import { sudokuBoard, writePuzzleFolder } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/sudoku-`);
 * const options = { count: 2, clues: [6, 6], rng: createRandom(1) } as const;
 * const train = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), options);
 * writePuzzleFolder(folder, { train });
 * readPuzzleFolder(folder, "train").inputs.join() === train.inputs.join(); // => true
 * rmSync(folder, { recursive: true });
 */
export function readPuzzleFolder(
  folder: string,
  set: string,
  { checkUnique = true }: { checkUnique?: boolean } = {},
): SudokuPuzzles {
  const file = (name: string) => join(folder, set, name);
  if (!existsSync(file("dataset.json")))
    throw new RangeError(
      `Cannot read puzzles as ${folder} must hold the set "${set}" with its dataset.json: got none`,
    );
  const parsed = metadataSchema.safeParse(readJson(file("dataset.json")));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new RangeError(`Cannot read ${file("dataset.json")} as ${path.join(".")} is wrong: ${message}`);
  }
  const { seq_len, vocab_size } = parsed.data;
  const board = sudokuBoard(Math.sqrt(seq_len));
  if (vocab_size !== board.vocabulary)
    throw new RangeError(
      `Cannot read ${file("dataset.json")} as vocab_size is ${board.vocabulary} for ${seq_len} cells: got ${vocab_size}`,
    );
  const read = (key: string) => {
    const array = readNpy(file(`all__${key}.npy`));
    return { ...array, file: file(`all__${key}.npy`), values: Int32Array.from(array.data) };
  };
  const inputs = read("inputs");
  const count = inputs.shape[0] ?? 0;
  const labels = read("labels");
  for (const { file, shape, values } of [inputs, labels]) {
    if (shape.join() !== [count, seq_len].join() || count === 0)
      throw new NpzError(file, undefined, `it has the shape (${count}, ${seq_len})`, `(${shape})`);
    const lowest = file === labels.file ? 2 : 1;
    const wrong = values.find((token) => token < lowest || token >= vocab_size);
    if (wrong !== undefined)
      throw new NpzError(file, undefined, `its tokens are ${lowest} to ${vocab_size - 1}`, String(wrong));
  }
  const groups = read("group_indices");
  const ends = groups.values;
  const rising = ends.every((start, place) => (place === 0 ? start === 0 : start > ends[place - 1]));
  if (!rising || ends[ends.length - 1] !== count)
    throw new NpzError(
      groups.file,
      undefined,
      `it rises from 0 to the ${count} puzzles`,
      `${ends.slice(0, 8)}...`,
    );
  const grids = new Int32Array(count);
  for (let group = 0; group + 1 < ends.length; group++) grids.fill(group, ends[group], ends[group + 1]);
  const clues = new Int32Array(count);
  for (let puzzle = 0; puzzle < count; puzzle++) {
    const cut = ({ values }: { values: Int32Array }) =>
      digitsOf(values.subarray(puzzle * seq_len, (puzzle + 1) * seq_len));
    const [given, answer] = [cut(inputs), cut(labels)];
    clues[puzzle] = given.filter((digit) => digit > 0).length;
    requireAnswer(board, given, answer, puzzle);
    if (checkUnique) onlySolution(board, given);
  }
  return { board, count, inputs: inputs.values, labels: labels.values, grids, clues };
}

function requireAnswer(board: SudokuBoard, given: Uint8Array, answer: Uint8Array, puzzle: number): void {
  onlySolution(board, answer); // a filled grid without clashes is its own solution
  const cell = given.findIndex((digit, place) => digit !== 0 && digit !== answer[place]);
  if (cell < 0) return;
  throw new RangeError(
    `Cannot read puzzle ${puzzle} as its label must keep its clues: got ${answer[cell]} for ${given[cell]} in cell ${cell} of ` +
      showSudoku(board, given),
  );
}
