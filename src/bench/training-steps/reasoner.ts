// One ACT step of training of the miniature reasoners, and the diagnosis of 48 puzzles (8 exponents over 16 ACT steps), which is
// timed as a step too. Each is a compiled graph of its own, on one thread.
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { allSudokuGrids, makeSudokuPuzzles, sudokuBoard } from "../../data";
import {
  createActTrainer,
  createReasoner,
  embedPuzzles,
  initialThought,
  miniatureReasoner,
  think,
} from "../../models";
import { orthonormalise, pushFrame } from "../../models/recursive/lyapunov-spectrum";
import { createRandom } from "../../random";
import { compile, tensorflow } from "../../tensor";
import type { Mode, TrainingStep } from "../training-step";

const BATCH = 96;
const [PUZZLES, EXPONENTS, STEPS, ROWS] = [48, 8, 16, 24];

const puzzlesOf = (count: number) => {
  const options = { count, clues: [4, 7], rng: createRandom(1) } as const;
  const { inputs, labels } = makeSudokuPuzzles(sudokuBoard(4), allSudokuGrids(), options);
  const tokens = (values: Int32Array) => tensorflow().tensor2d(values, [count, 16], "int32");
  return [tokens(inputs), tokens(labels)];
};

export function reasonerTraining(system: "trm" | "hrm", mode: Mode): TrainingStep {
  const reasoner = createReasoner(miniatureReasoner(system), { rng: createRandom(0) });
  const trainer = createActTrainer(reasoner, { batchSize: BATCH, jit: mode === "jit" });
  const rate = tensorflow().scalar(2e-3);
  return {
    variables: Object.values(trainer.variables),
    step: (inputs: Tensor, labels: Tensor, seed: Tensor) => {
      const { loss } = trainer.step(inputs as Tensor2D, labels as Tensor2D, rate, seed as Tensor1D);
      return loss as Scalar;
    },
    inputs: puzzlesOf(BATCH),
    seeded: true,
    ownGraph: true,
  };
}

export function reasonerDiagnosis(system: "trm" | "hrm", mode: Mode): TrainingStep {
  const tf = tensorflow();
  const reasoner = createReasoner(miniatureReasoner(system), { rng: createRandom(0) });
  const variables = Object.values(reasoner.parameters);
  const half = 17 * 48;
  const flatten = ({ high, low }: { high: Tensor; low: Tensor }) =>
    tf.concat([high.reshape([ROWS, half]), low.reshape([ROWS, half])], 1) as Tensor2D;
  const act = (state: Tensor2D, inputs: Tensor2D) => {
    const [high, low] = tf.split(state, 2, 1).map((part) => part.reshape([ROWS, 17, 48]));
    return flatten(think(reasoner, { high, low }, embedPuzzles(reasoner, inputs)));
  };
  const push = compile(
    (state: Tensor2D, frame: Tensor3D, inputs: Tensor2D) => pushFrame((at) => act(at, inputs), state, frame),
    { variables, threads: 1, jit: mode === "jit" },
  );
  const rng = createRandom(2);
  const draws = Float32Array.from({ length: EXPONENTS * 2 * half }, () => rng.normal());
  const [inputs] = puzzlesOf(PUZZLES);
  return {
    variables,
    step: () => {
      let sum = tf.scalar(0);
      for (let first = 0; first < PUZZLES; first += ROWS) {
        const some = inputs.slice([first, 0], [ROWS, 16]) as Tensor2D;
        let state = flatten(initialThought(reasoner, ROWS));
        const one = orthonormalise(tf.tensor3d(draws, [EXPONENTS, 1, 2 * half])).frame;
        let frame = one.tile([1, ROWS, 1]) as Tensor3D;
        for (let time = 0; time < STEPS; time++) {
          const moved = push(state, frame, some);
          sum = sum.add(moved.growth.sum());
          [state, frame] = [moved.next, moved.frame];
        }
      }
      return sum.div(PUZZLES * EXPONENTS * STEPS);
    },
    inputs: [],
    ownGraph: true,
  };
}
