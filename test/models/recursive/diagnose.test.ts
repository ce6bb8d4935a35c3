import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { allSudokuGrids, makeSudokuPuzzles, selectPuzzles, sudokuBoard } from "../../../src/data";
import {
  answerLogits,
  createDiagnosis,
  createReasoner,
  embedPuzzles,
  initialThought,
  lyapunovSpectrum,
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
const reasonerOf = (kind: "trm" | "hrm") =>
  createReasoner(
    { ...miniatureReasoner(kind), channels: 8, channelWidth: 8, positionWidth: 8 },
    { rng: createRandom(1) },
  );

describe("createDiagnosis()", () => {
  before(startBackend);

  for (const kind of ["trm", "hrm"] as const)
    it(`measures what ${kind.toUpperCase()} does step by step, whatever the batches`, async () => {
      const reasoner = reasonerOf(kind);
      const steps = 5;
      const make = (rows: number) =>
        createDiagnosis(reasoner, { exponents: 3, steps, rng: createRandom(3), rows });
      const diagnosis = make(2);
      const found = await diagnosis.run(puzzles);
      const injection = embedPuzzles(reasoner, tf.tensor2d(puzzles.inputs, [5, 16], "int32"));
      let state = initialThought(reasoner, 5);
      for (let time = 0; time < steps; time++) {
        const next = think(reasoner, state, injection);
        for (const [field, before, after] of [
          [found.driftHigh, state.high, next.high],
          [found.driftLow, state.low, next.low],
        ] as const) {
          const drift = after.sub(before).square().sum([1, 2]).sqrt().dataSync();
          for (let row = 0; row < 5; row++)
            assert.ok(Math.abs(field[row * steps + time] - drift[row]) < 1e-3);
        }
        state = next;
      }
      const right = answerLogits(reasoner, state.high).argMax(-1).cast("int32").dataSync();
      for (let row = 0; row < 5; row++) {
        const share = Array.from({ length: 16 }, (_, cell) => row * 16 + cell).filter(
          (at) => right[at] === puzzles.labels[at],
        );
        assert.ok(Math.abs(found.tokenAccuracy[row] - share.length / 16) < 1e-9);
        assert.equal(found.correct[row], Number(share.length === 16));
      }
      const other = make(5);
      const whole = await other.run(puzzles);
      for (const [i, exponent] of whole.lyapunov.entries())
        assert.ok(Math.abs(exponent - found.lyapunov[i]) < 1e-3);
      assert.deepEqual(found.haltedAt, new Float64Array(5).fill(steps)); // the heads begin at -5, -5
      assert.deepEqual([...found.index], [0, 1, 2, 3, 4]);
      diagnosis.dispose();
      other.dispose();
    });

  it("gives the exponents that lyapunovSpectrum() gives, which draws other frames, once the frame has settled", async () => {
    const reasoner = reasonerOf("trm");
    const one = selectPuzzles(puzzles, [3]);
    const diagnosis = createDiagnosis(reasoner, { exponents: 1, steps: 200, rng: createRandom(4), rows: 1 });
    const { lyapunov } = await diagnosis.run(one);
    diagnosis.dispose();
    const injection = embedPuzzles(reasoner, tf.tensor2d(one.inputs, [1, 16], "int32"));
    const { high, low } = initialThought(reasoner, 1);
    const start = tf.concat([high.reshape([1, -1]), low.reshape([1, -1])], 1);
    const { spectrum } = lyapunovSpectrum(
      (state) => {
        const [zH, zL] = tf.split(state, 2, 1).map((part) => part.reshape(high.shape));
        const next = think(reasoner, { high: zH, low: zL }, injection);
        return tf.concat([next.high.reshape([1, -1]), next.low.reshape([1, -1])], 1) as typeof state;
      },
      start as Parameters<typeof lyapunovSpectrum>[1],
      { exponents: 1, steps: 200, rng: createRandom(5), variables: Object.values(reasoner.parameters) },
    );
    assert.ok(Math.abs(lyapunov[0] - spectrum[0]) < 0.05, `${lyapunov[0]} ${spectrum[0]}`);
  });

  it("leaves out puzzles whose states are not finite, and says which are there", async () => {
    const reasoner = reasonerOf("trm");
    const weight = reasoner.parameters["inner.embed_tokens.embedding_weight"];
    const values = weight.dataSync().slice();
    values.fill(Number.NaN, 8 * 5); // the token of digit 4
    weight.assign(tf.tensor(values, weight.shape));
    const diagnosis = createDiagnosis(reasoner, { exponents: 1, steps: 2, rng: createRandom(3), rows: 2 });
    const without = selectPuzzles(puzzles, [0, 1]);
    without.inputs.set(without.inputs.map((token, at) => (at < 16 && token === 5 ? 1 : token)));
    const { samples, index } = await diagnosis.run(without);
    assert.equal(samples, 1);
    assert.deepEqual([...index], [0]);
    diagnosis.dispose();
  });

  it("stops between batches when it is told to, and keeps no tensor", async () => {
    const diagnosis = createDiagnosis(reasonerOf("trm"), {
      exponents: 1,
      steps: 2,
      rng: createRandom(3),
      rows: 2,
    });
    await diagnosis.run(puzzles);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const seen: number[] = [];
    const onRows = (done: number) => {
      seen.push(done);
      if (done === 4) controller.abort();
    };
    await assert.rejects(diagnosis.run(puzzles, { signal: controller.signal, onRows }), {
      name: "AbortError",
    });
    assert.deepEqual(seen, [2, 4]);
    assert.equal(tf.memory().numTensors, before);
    diagnosis.dispose();
  });
});
