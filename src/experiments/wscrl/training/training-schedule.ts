// Phases, learning rate and loss weights of a training over its epochs, as published for source document 004. The rate
// changes from epoch to epoch, the weights from step to step.
import { exponentialEpochSchedule, type IlcmPhase, linearEpochSchedule } from "../../../models/lcm";
import { cosineWarmRestartsSchedule } from "../../../tensor";
import type { TrainingConfiguration } from "../configuration";

/** What a step's loss is weighted with, in the order in which a compiled step takes them. */
export const weightNames = [
  "learningRate",
  "beta",
  "noiseRegularisation",
  "consistency",
  "entropy",
  "offset",
] as const;
export type StepWeights = Record<(typeof weightNames)[number], number>;

export interface TrainingSchedule {
  /** @param epoch whole epochs done */
  phase(epoch: number): IlcmPhase;
  /** @param epoch steps done over steps of an epoch */
  weights(epoch: number): StepWeights;
  /** Whether Adam begins anew with this epoch. */
  isRestart(epoch: number): boolean;
}

export function trainingSchedule(configuration: TrainingConfiguration): TrainingSchedule {
  const { pretrainingEpochs, interventionsAfter, deterministicAfter, restartEpochs, learningRate } =
    configuration;
  const {
    lowestRate: lowest,
    warmUpAfter: after,
    warmUpEpochs: epochs,
    consistency,
    entropy,
  } = configuration;
  const rate =
    restartEpochs === 0
      ? () => learningRate
      : cosineWarmRestartsSchedule(learningRate, { period: restartEpochs, lowest });
  const change = (make: typeof linearEpochSchedule, from: number, to: number) =>
    epochs === 0 ? () => to : make({ from, to, after, epochs });
  const { initialBeta, beta, initialNoiseRegularisation, noiseRegularisation } = configuration;
  const betaAt = change(linearEpochSchedule, initialBeta, beta);
  const noiseAt = change(linearEpochSchedule, initialNoiseRegularisation, noiseRegularisation);
  const offsetAt = change(exponentialEpochSchedule, configuration.initialOffset, configuration.offset);
  return {
    phase(epoch) {
      if (epoch < pretrainingEpochs) return "pretraining";
      if (epoch < interventionsAfter) return "observational";
      return epoch < deterministicAfter ? "interventional" : "deterministic";
    },
    weights: (epoch) => ({
      learningRate: rate(Math.floor(epoch)),
      beta: betaAt(epoch),
      noiseRegularisation: noiseAt(epoch), // below 0 for an epoch, where the published change overshoots
      consistency,
      entropy,
      offset: offsetAt(epoch),
    }),
    isRestart: (epoch) => epoch > 0 && restartEpochs > 0 && epoch % restartEpochs === 0,
  };
}
