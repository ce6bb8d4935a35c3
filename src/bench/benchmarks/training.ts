// Training steps of the five documents' kinds of models against eager PyTorch's on the same cores.
import { trainingBenchmark } from "../training-benchmark";

const eagerPyTorch = "PyTorch, eager";

export const training = [
  trainingBenchmark({
    name: "mlp",
    title: "MLP 16-64x3-16, batch 64, Adam",
    steps: { eager: 40, compiled: 200, jit: 400 },
    peers: [{ title: eagerPyTorch, program: "training_mlp", steps: 300, speed: 1.8 }],
    turns: 11,
  }),
];
