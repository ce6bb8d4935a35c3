import type { TrainingStep } from "../training-step";
import { convVae } from "./conv-vae";
import { gpt2 } from "./gpt2";
import { ilcm } from "./ilcm";
import { mlp } from "./mlp";
import { resnet } from "./resnet";

/** What training-process.ts can run, by name. */
export const trainingSteps: Readonly<Record<string, () => TrainingStep>> = {
  mlp,
  "resnet-64": () => resnet(64, 32),
  "resnet-16": () => resnet(16, 128),
  "conv-vae": convVae,
  ilcm,
  "gpt2-32": () => gpt2(32),
  "gpt2-50257": () => gpt2(50_257),
};
