import type { Mode, TrainingStep } from "../training-step";
import { citrisAutoencoder, citrisNf, citrisVae } from "./citris";
import { convVae } from "./conv-vae";
import { dualGradient } from "./dual-gradient";
import { gpt2 } from "./gpt2";
import { ilcm } from "./ilcm";
import { mlp } from "./mlp";
import { reasonerDiagnosis, reasonerTraining } from "./reasoner";
import { resnet } from "./resnet";

/** What training-process.ts can run, by name. */
export const trainingSteps: Readonly<Record<string, (mode: Mode) => TrainingStep>> = {
  mlp,
  "resnet-64": () => resnet(64, 32),
  "resnet-16": () => resnet(16, 128),
  "w2-64": (mode) => dualGradient(64, 32, mode),
  "w2-16": (mode) => dualGradient(16, 128, mode),
  "conv-vae": convVae,
  ilcm: () => ilcm(),
  ...Object.fromEntries(
    [3, 4, 6].flatMap((latents) => [
      [`wscrl-${latents}-full`, () => ilcm(latents, "interventional")],
      [`wscrl-${latents}-deterministic`, () => ilcm(latents, "deterministic")],
    ]),
  ),
  "reasoners-trm": (mode) => reasonerTraining("trm", mode),
  "reasoners-hrm": (mode) => reasonerTraining("hrm", mode),
  "reasoners-diagnosis-trm": (mode) => reasonerDiagnosis("trm", mode),
  "reasoners-diagnosis-hrm": (mode) => reasonerDiagnosis("hrm", mode),
  "citris-autoencoder": citrisAutoencoder,
  "citris-nf": citrisNf,
  "citris-vae": citrisVae,
  "gpt2-32": () => gpt2(32),
  "gpt2-50257": () => gpt2(50_257),
};
