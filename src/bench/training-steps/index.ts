import type { TrainingStep } from "../training-step";
import { convVae } from "./conv-vae";
import { mlp } from "./mlp";

/** What training-process.ts can run, by name. */
export const trainingSteps: Readonly<Record<string, () => TrainingStep>> = { mlp, "conv-vae": convVae };
