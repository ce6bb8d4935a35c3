import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { allSudokuGrids, makeSudokuPuzzles, sudokuBoard } from "../../../src/data";
import {
  actLoss,
  createActTrainer,
  createReasoner,
  miniatureReasoner,
  type Reasoner,
} from "../../../src/models";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import published from "../../fixtures/recursive/trm_loss.json";
import { farthest, type PublishedCase, publishedReasoner } from "./published-reasoner";

const tf = tensorflow();

/** The new carry of a fixture, and what it has in common with ours. */
interface Carry {
  steps: number[];
  halted: boolean[];
  z_H: number[][][];
  z_L: number[][][];
}

const tiny = () =>
  createReasoner(
    { ...miniatureReasoner("trm"), channels: 8, channelWidth: 8, positionWidth: 8 },
    { rng: createRandom(1) },
  );

describe("createActTrainer()", () => {
  before(startBackend);

  for (const [index, fixture] of published.cases.entries())
    it(`takes the published step of ${["TRM", "TRM with a continuing head", "HRM"][index]}`, () => {
      const reasoner = publishedReasoner(fixture as unknown as PublishedCase);
      const carried = fixture.carry as unknown as Carry;
      // With SGD of rate 1 the change of a weight is its gradient.
      const trainer = createActTrainer(reasoner, {
        batchSize: 3,
        mostSteps: 4,
        exploration: 0,
        optimiser: { kind: "sgd" },
        learnsToContinue: fixture.q_continue_loss !== null,
      });
      const { variables } = trainer;
      const inputs = tf.tensor2d(fixture.inputs, undefined, "int32");
      const labels = tf.tensor2d(fixture.labels, undefined, "int32");
      const assign = (name: string, tensor: Tensor) => variables[`carry.${name}`].assign(tensor);
      assign("high", tf.tensor(carried.z_H));
      assign("low", tf.tensor(carried.z_L));
      assign("steps", tf.tensor(carried.steps, undefined, "int32"));
      assign("halted", tf.tensor(carried.halted, undefined, "bool"));
      assign("inputs", inputs);
      assign("labels", labels);
      const before = Object.fromEntries(
        Object.entries(reasoner.parameters).map(([name, variable]) => [name, variable.clone()]),
      );
      const { loss, exact } = trainer.step(inputs, labels, tf.scalar(1), tf.tensor1d([0, 0], "int32"));
      assert.ok(Math.abs(loss.dataSync()[0] - fixture.loss / 3) < fixture.tol);
      assert.ok(Math.abs(exact.dataSync()[0] - fixture.seq_is_correct.filter(Boolean).length / 3) < 1e-6);
      const after = fixture.new_carry as unknown as Carry;
      assert.ok(farthest(variables["carry.high"], after.z_H) < fixture.tol);
      assert.ok(farthest(variables["carry.low"], after.z_L) < fixture.tol);
      assert.deepEqual([...variables["carry.steps"].dataSync()], after.steps);
      assert.deepEqual([...variables["carry.halted"].dataSync()].map(Boolean), after.halted);
      for (const [name, gradient] of Object.entries(fixture.grad_of_loss_over_batch)) {
        const moved = before[name].sub(reasoner.parameters[name]);
        assert.ok(farthest(moved, gradient) < fixture.tol, name);
      }
      trainer.dispose();
    });

  it("begins with new puzzles where sequences have halted, and leaves the others theirs", () => {
    const reasoner = tiny();
    const trainer = createActTrainer(reasoner, { batchSize: 2, mostSteps: 2, exploration: 0 });
    const rows = (value: number) => tf.fill([2, 16], value, "int32") as Tensor2D;
    const step = (value: number) =>
      trainer.step(rows(value), rows(2), tf.scalar(0), tf.tensor1d([0, value], "int32"));
    const puzzles = () => [0, 1].map((row) => trainer.variables["carry.inputs"].dataSync()[16 * row]);
    step(1);
    assert.deepEqual(puzzles(), [1, 1]);
    step(2);
    assert.deepEqual(puzzles(), [1, 1]); // halting logits begin at -5: both think on, to the most steps
    step(3);
    assert.deepEqual(puzzles(), [3, 3]);
    trainer.dispose();
  });

  it("explores: a sequence that would halt thinks on for a drawn number of steps", () => {
    const reasoner = tiny();
    reasoner.parameters["inner.q_head.bias"].assign(tf.tensor1d([50, 0]));
    const share = (exploration: number) => {
      const trainer = createActTrainer(reasoner, { batchSize: 400, exploration });
      const rows = tf.ones([400, 16], "int32") as Tensor2D;
      trainer.step(rows, rows, tf.scalar(0), tf.tensor1d([3, 4], "int32"));
      const halted = trainer.variables["carry.halted"].dataSync().filter(Boolean).length / 400;
      trainer.dispose();
      return halted;
    };
    assert.equal(share(0), 1);
    assert.ok(Math.abs(share(0.5) - 0.5) < 0.1);
    assert.equal(share(1), 0);
  });

  for (const kind of ["trm", "hrm"] as const)
    it(`lowers the loss of ${kind.toUpperCase()} on a few puzzles, and resumes bit for bit in the middle of thoughts`, () => {
      const puzzles = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), {
        count: 8,
        clues: [10, 10],
        rng: createRandom(2),
      });
      const inputs = tf.tensor2d(puzzles.inputs, [8, 16], "int32");
      const labels = tf.tensor2d(puzzles.labels, [8, 16], "int32");
      const make = () => {
        const configuration = {
          ...miniatureReasoner(kind),
          channels: 16,
          channelWidth: 16,
          positionWidth: 16,
        };
        return createActTrainer(createReasoner(configuration, { rng: createRandom(3) }), {
          batchSize: 8,
          noise: 0.1,
          averageDecay: 0.9,
        });
      };
      const run = (trainer: ReturnType<typeof make>, from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => {
          const seed = tf.tensor1d([1, from + i], "int32");
          return trainer.step(inputs, labels, tf.scalar(0.01), seed).loss.dataSync()[0];
        });
      const whole = make();
      const losses = run(whole, 0, 24);
      assert.ok(losses[23] < losses[0] - 0.1, `${losses[0]} ${losses[23]}`);
      const [first, second] = [make(), make()];
      run(first, 0, 11);
      for (const [name, variable] of Object.entries(second.variables)) variable.assign(first.variables[name]);
      run(second, 11, 24);
      for (const [name, variable] of Object.entries(whole.variables))
        assert.deepEqual(second.variables[name].dataSync(), variable.dataSync(), name);
      for (const trainer of [whole, first, second]) trainer.dispose();
    });

  it("averages the weights where it is told to", () => {
    const trainer = createActTrainer(tiny(), { batchSize: 2, averageDecay: 0.75 });
    const name = "inner.lm_head.weight";
    const first = trainer.reasoner.parameters[name].dataSync().slice();
    const rows = tf.ones([2, 16], "int32") as Tensor2D;
    trainer.step(rows, tf.fill([2, 16], 3, "int32"), tf.scalar(0.1), tf.tensor1d([3, 4], "int32"));
    const second = trainer.reasoner.parameters[name].dataSync();
    const averaged = trainer.averaged.parameters[name].dataSync();
    for (const [i, value] of averaged.entries())
      assert.ok(Math.abs(value - (0.75 * first[i] + 0.25 * second[i])) < 1e-6);
    trainer.dispose();
  });

  it("keeps the number of tensors, and frees what it made", () => {
    const reasoner: Reasoner = tiny();
    const start = tf.memory().numTensors;
    const trainer = createActTrainer(reasoner, { batchSize: 2 });
    const rows = tf.ones([2, 16], "int32") as Tensor2D;
    const step = () =>
      tf.tidy(() => void trainer.step(rows, rows, tf.scalar(0.1), tf.tensor1d([3, 4], "int32")));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) step();
    assert.equal(tf.memory().numTensors, before);
    trainer.dispose();
    rows.dispose();
    assert.equal(tf.memory().numTensors, start);
  });

  it("refuses options out of their range", () => {
    const make = (options: object) => () => createActTrainer(tiny(), { batchSize: 2, ...options });
    assert.throws(make({ exploration: 2 }), /exploration is a probability: got 2/);
    assert.throws(make({ averageDecay: 1 }), /averageDecay is from 0 to below 1: got 1/);
    assert.throws(make({ batchSize: 0 }), /batchSize is a whole number from 1: got 0/);
  });
});

describe("actLoss()", () => {
  before(startBackend);

  it("has the gradient of finite differences", () => {
    const labels = tf.tensor2d([[1, -100]], undefined, "int32");
    const halting = tf.tensor2d([[0.3, -0.2]]);
    const loss = (logits: Tensor) =>
      actLoss(logits as Tensor3D, halting, labels, tf.tensor1d([0.4])).loss.sum();
    const at = tf.tensor3d([
      [
        [0.5, 1.5, -0.7],
        [0.2, 0.1, -0.3],
      ],
    ]);
    const gradient = tf.grad(loss)(at).dataSync();
    const values = [...at.dataSync()];
    for (let i = 0; i < values.length; i++) {
      const moved = (by: number) =>
        loss(
          tf.tensor3d(
            values.map((value, j) => (j === i ? value + by : value)),
            [1, 2, 3],
          ),
        ).dataSync()[0];
      assert.ok(Math.abs(gradient[i] - (moved(0.01) - moved(-0.01)) / 0.02) < 1e-3);
    }
  });
});
