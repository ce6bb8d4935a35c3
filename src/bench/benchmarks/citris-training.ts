// Training steps of CITRIS against eager PyTorch's on the same cores.
import { trainingBenchmark } from "../training-benchmark";

const benchmark = (part: string, title: string, ours: number, theirs: number, speed: number) =>
  trainingBenchmark({
    name: `citris-${part}`,
    title,
    step: `citris-${part}`,
    steps: { compiled: ours },
    aim: "compiled",
    peers: [{ title: "PyTorch, eager", program: "training_citris", args: [part], steps: theirs, speed }],
    turns: 5,
  });

export const citrisTraining = [
  benchmark("autoencoder", "CITRIS's autoencoder of 64 x 64 scenes, 16 channels, batch 32, AdamW", 6, 6, 1.5),
  benchmark("nf", "CITRIS-NF on 16 codes, 128 pairs, two draws, autoregressive prior", 30, 15, 2),
  benchmark("vae", "CITRIS-VAE of 64 x 64 scenes, 16 channels, 32 pairs, MLP prior and flow", 3, 3, 1.3),
];
