// The recursive reasoners in miniature against eager PyTorch on one thread: an ACT step of training (batch 96), and eight Lyapunov
// exponents of 48 puzzles over 16 ACT steps.
import { trainingBenchmark } from "../training-benchmark";

const eager = "PyTorch, eager, one thread";
const names = { trm: "TRM of one layer", hrm: "HRM of one layer a level" } as const;

export const reasoners = (["trm", "hrm"] as const).flatMap((system) => [
  trainingBenchmark({
    name: `reasoners-${system}`,
    step: `reasoners-${system}`,
    title: `${names[system]}, an ACT step with batch 96, AdamATan2`,
    steps: { compiled: 40, jit: 40 },
    aim: "compiled",
    peers: [{ title: eager, program: "training_reasoner", args: [system], steps: 40, speed: 2 }],
    turns: 7,
  }),
  trainingBenchmark({
    name: `reasoners-diagnosis-${system}`,
    step: `reasoners-diagnosis-${system}`,
    title: `${names[system]}, 8 exponents of 48 puzzles over 16 ACT steps`,
    steps: { compiled: 1 },
    aim: "compiled",
    peers: [{ title: eager, program: "diagnosis_reasoner", args: [system], steps: 1, speed: 1.5 }],
    turns: 5,
  }),
]);
