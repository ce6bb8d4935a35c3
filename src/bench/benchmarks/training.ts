// Training steps of the five documents' kinds of models against eager PyTorch's on the same cores.
import { trainingBenchmark } from "../training-benchmark";

const eagerPyTorch = "PyTorch, eager";
const channelsLast = `${eagerPyTorch}, channels last`;

export const training = [
  trainingBenchmark({
    name: "training-mlp",
    title: "MLP 16-64x3-16, batch 64, Adam",
    steps: { eager: 40, jit: 300, compiled: 400 },
    aim: "compiled",
    peers: [{ title: eagerPyTorch, program: "training_mlp", steps: 300, speed: 1.8 }],
    turns: 11,
  }),
  trainingBenchmark({
    name: "training-gpt2-32",
    title: "GPT-2 of 4 layers, 128 wide, 16 x 24 tokens of 32, AdamW",
    steps: { eager: 4, compiled: 30, jit: 30 },
    aim: "jit",
    peers: [{ title: eagerPyTorch, program: "training_gpt2", args: ["32"], steps: 30, speed: 1 }],
  }),
  trainingBenchmark({
    name: "training-gpt2-50257",
    title: "GPT-2 of 4 layers, 128 wide, 16 x 24 tokens of 50,257, AdamW",
    steps: { eager: 2, compiled: 5, jit: 5 },
    aim: "jit",
    peers: [{ title: eagerPyTorch, program: "training_gpt2", args: ["50257"], steps: 3, speed: 2 }],
  }),
  resnet(64, 32, 1.05),
  resnet(16, 128, 1),
  w2(16, 128),
  w2(64, 32),
  trainingBenchmark({
    name: "training-conv-vae",
    title: "VAE of 64 x 64 images, 32-64-128-256 channels, batch 32, Adam, noise inside",
    steps: { eager: 2, compiled: 5 },
    aim: "compiled",
    peers: [
      { title: eagerPyTorch, program: "training_conv_vae", steps: 5, speed: 1 },
      { title: channelsLast, program: "training_conv_vae", args: ["channels_last"], steps: 5 },
    ],
  }),
  trainingBenchmark({
    name: "training-ilcm",
    title: "ILCM of 3 variables, 4 interventions enumerated, batch 64, Adam, clipped",
    steps: { eager: 4, jit: 100, compiled: 100 },
    aim: "compiled",
    peers: [
      {
        title: "PyTorch, loop over interventions, one thread",
        program: "training_ilcm",
        args: ["loop"],
        steps: 20,
        speed: 8,
      },
      {
        title: "PyTorch, batched, one thread",
        program: "training_ilcm",
        args: ["batched"],
        steps: 40,
        speed: 3,
      },
    ],
  }),
];

function resnet(width: number, batch: number, speed: number) {
  const args = [String(width), String(batch)];
  return trainingBenchmark({
    name: `training-resnet-${width}`,
    title: `ResNet-18 of width ${width}, 32 x 32 images, batch ${batch}, SGD with momentum`,
    steps: { eager: 1, compiled: 3 },
    aim: "compiled",
    peers: [
      { title: eagerPyTorch, program: "training_resnet", args, steps: 3, speed },
      { title: channelsLast, program: "training_resnet", args: [...args, "channels_last"], steps: 3 },
    ],
    operations: resnetOperations(width, batch),
  });
}

/** Sixteen steps a turn, of which one takes the clean gradient. */
function w2(width: number, batch: number) {
  return trainingBenchmark({
    name: `w2-${width}`,
    title: `dual-gradient steps of ResNet-18, width ${width}, batch ${batch}, one in 16 with a clean gradient`,
    steps: { compiled: 16 },
    aim: "compiled",
    peers: [
      {
        title: "the document's code in PyTorch",
        program: "training_w2",
        args: [String(width), String(batch)],
        steps: 16,
        speed: 1,
      },
    ],
    turns: 5,
  });
}

/** Multiplications and additions of a step's convolutions: forwards, and backwards to the weights and to the input. */
function resnetOperations(width: number, batch: number): number {
  const convolution = (kernel: number, inputs: number, outputs: number, side: number) =>
    2 * kernel ** 2 * inputs * outputs * side ** 2;
  const stem = 2 * convolution(3, 3, width, 32); // no gradient of the images
  const stages = [0, 1, 2, 3].map((stage) => {
    const [outputs, side] = [width << stage, 32 >> stage];
    const first = stage === 0 ? outputs : outputs / 2;
    const shortcut = stage === 0 ? 0 : convolution(1, first, outputs, side);
    return 3 * (convolution(3, first, outputs, side) + 3 * convolution(3, outputs, outputs, side) + shortcut);
  });
  return batch * stages.reduce((sum, operations) => sum + operations, stem);
}
