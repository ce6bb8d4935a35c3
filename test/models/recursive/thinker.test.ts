import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { allSudokuGrids, makeSudokuPuzzles, sudokuBoard } from "../../../src/data";
import {
  answerLogits,
  clampLogit,
  createReasoner,
  createThinker,
  embedPuzzles,
  initialThought,
  miniatureReasoner,
  think,
} from "../../../src/models";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";

const tf = tensorflow();
const puzzles = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), {
  count: 5,
  clues: [8, 8],
  rng: createRandom(2),
});
const tiny = () =>
  createReasoner(
    { ...miniatureReasoner("trm"), channels: 8, channelWidth: 8, positionWidth: 8 },
    { rng: createRandom(1) },
  );

describe("createThinker()", () => {
  before(startBackend);

  it("thinks as think() does, and goes on from where it was as if it had never stopped", () => {
    const reasoner = tiny();
    const thinker = createThinker(reasoner, { rows: 2 });
    const whole = thinker.run(puzzles, { steps: 4 });
    const first = thinker.run(puzzles, { steps: 3 });
    const second = thinker.run(puzzles, { steps: 1, start: first.end });
    assert.deepEqual(second.end, whole.end);
    const injection = embedPuzzles(reasoner, tf.tensor2d(puzzles.inputs, [5, 16], "int32"));
    let state = initialThought(reasoner, 5);
    for (let time = 0; time < 4; time++) state = think(reasoner, state, injection);
    assert.ok(state.high.sub(tf.tensor(whole.end.high, state.high.shape)).abs().max().dataSync()[0] < 1e-4);
    const right = answerLogits(reasoner, state.high)
      .argMax(-1)
      .cast("int32")
      .equal(tf.tensor2d(puzzles.labels, [5, 16], "int32"))
      .cast("float32")
      .min(1);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((row) => whole.correctAt[row * 4 + 3]),
      [...right.dataSync()].map(Number),
    );
    const drift = tf
      .tensor(whole.end.high, [5, 136])
      .sub(tf.tensor(first.end.high, [5, 136]))
      .norm(2, 1)
      .dataSync();
    for (let row = 0; row < 5; row++) assert.ok(Math.abs(drift[row] - whole.driftHigh[row * 4 + 3]) < 1e-4);
    thinker.dispose();
  });

  it("refuses states of another size, and keeps no tensor", () => {
    const thinker = createThinker(tiny(), { rows: 5 });
    thinker.run(puzzles, { steps: 1 });
    const before = tf.memory().numTensors;
    const { end } = thinker.run(puzzles, { steps: 2 });
    assert.equal(tf.memory().numTensors, before);
    const start = { high: end.high.subarray(1), low: end.low };
    assert.throws(
      () => thinker.run(puzzles, { steps: 1, start }),
      /each of 5 puzzles has states of 136 numbers/,
    );
    thinker.dispose();
  });
});

describe("clampLogit()", () => {
  before(startBackend);

  it("holds one cell's token above the others, changes no other logit, and leaves other puzzles alone", () => {
    const reasoner = tiny();
    const thinker = createThinker(reasoner, { rows: 5 });
    const cells = [3, 0, -1, 15, 7];
    const tokens = [2, 5, 4, 3, 2];
    const free = thinker.run(puzzles, { steps: 1 });
    const hook = clampLogit(reasoner, { cells, tokens, margin: 4 });
    const held = thinker.run(puzzles, { steps: 1, hook });
    const logitsOf = ({ end }: typeof free) =>
      answerLogits(reasoner, tf.tensor(end.high, [5, 17, 8])).arraySync() as number[][][];
    const [before, after] = [logitsOf(free), logitsOf(held)];
    for (let puzzle = 0; puzzle < 5; puzzle++)
      for (let cell = 0; cell < 16; cell++)
        for (let token = 0; token < 6; token++) {
          const isHeld = cell === cells[puzzle] && token === tokens[puzzle];
          const others = before[puzzle][cell].filter((_, other) => other !== token);
          const expected = isHeld ? Math.max(...others) + 4 : before[puzzle][cell][token];
          assert.ok(Math.abs(after[puzzle][cell][token] - expected) < 1e-4);
        }
    for (const [puzzle, cell] of cells.entries())
      if (cell >= 0) assert.equal(held.answers[puzzle * 16 + cell], tokens[puzzle]);
    assert.deepEqual(held.end.low, free.end.low); // only the next step thinks on from what was moved
    assert.throws(
      () => clampLogit(reasoner, { cells: [16], tokens: [2], margin: 1 }),
      /cells are from 0 to 15 .* got cell 16/,
    );
    thinker.dispose();
  });
});
