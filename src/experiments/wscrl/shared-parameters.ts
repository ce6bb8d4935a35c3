// What the parameters of document 004's two experiments share: the scaling experiment (configuration.ts) and CausalCircuit
// (causal-circuit/configuration.ts).
import { z } from "zod";

/** Implicit latent causal model, disentangled VAE, beta-VAE: those of the published experiments. */
export const publishedKinds = ["ilcm", "dvae", "betavae"] as const;

export const isDistinct = (list: readonly unknown[]) => new Set(list).size === list.length;
export const distinct = "each may stand there once";

export const seedValue = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
export const pairs = z.int().min(32).max(10_000_000);
export const epoch = z.int().min(0).max(10_000);
export const weight = z.number().min(0).max(1e6);

/** Makes the error that refuses a configuration of an experiment. */
export const refuseConfiguration = (experiment: string) => (rule: string, got: string) =>
  new RangeError(`Cannot configure ${experiment} as ${rule}: got ${got}`);

interface Phases {
  pretrainingEpochs: number;
  interventionsAfter: number;
  deterministicAfter: number;
  warmUpEpochs: number;
}

/** @throws {RangeError} where the phases of a training are out of order, or its warm-up is one that the published change cannot have */
export function requirePhases(phases: Phases, refuse: ReturnType<typeof refuseConfiguration>): void {
  const { pretrainingEpochs, interventionsAfter, deterministicAfter, warmUpEpochs } = phases;
  if (!(interventionsAfter >= pretrainingEpochs && deterministicAfter >= interventionsAfter))
    throw refuse(
      "pretrainingEpochs, interventionsAfter and deterministicAfter must not fall",
      `${pretrainingEpochs}, ${interventionsAfter}, ${deterministicAfter}`,
    );
  if (warmUpEpochs === 1)
    throw refuse("the published change takes warmUpEpochs - 1 epochs: it must be 0 or above 1", "1");
}
