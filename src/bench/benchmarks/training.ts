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
  trainingBenchmark({
    name: "conv-vae",
    title: "VAE of 64 x 64 images, 32-64-128-256 channels, batch 32, Adam, noise inside",
    steps: { eager: 2, compiled: 5 },
    peers: [
      { title: eagerPyTorch, program: "training_conv_vae", steps: 5, speed: 1 },
      {
        title: `${eagerPyTorch}, channels last`,
        program: "training_conv_vae",
        args: ["channels_last"],
        steps: 5,
      },
    ],
  }),
];
