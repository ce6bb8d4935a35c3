// What is trained for one seed, in order: source document 000's ordered checkpoint, collapse checkpoint and interventions, and
// two arms of ours. A phase is one run of the training loop; its learning rate and λ are functions of the epoch.
// The control arm asks where λ leads without a jump. A fresh network is trained at the target for as many epochs, and at the
// same learning rates, as the ordered checkpoint and the intervention from it together. It differs from that branch in more
// than the λ of its past: its seed is its own (weights, order of images), and it keeps momentum and the kept clean gradient
// where the branch begins with a fresh optimiser.
import { constantSchedule, multiStepSchedule, type Schedule } from "../../tensor";
import type { DecidingConfiguration } from "./configuration";
import { collapseSeed, controlSeed, interventionSeed, orderedSeed, sweepSeed } from "./phase-seeds";

/** What a network has behind it: λ low, λ high, or nothing. */
export type History = "ordered" | "collapse" | "control";

export interface Phase {
  /** Its own within the seed, and the name of its folder. */
  name: string;
  kind: "checkpoint" | "intervention" | "control" | "sweep";
  history: History;
  /** Of its weights, its order of images and its augmentation. */
  seed: number;
  /** The phase whose last weights and running statistics it takes over; it starts fresh where there is none. */
  from?: { name: string; epochs: number };
  epochs: number;
  /** Epochs between test errors; there is one at the end too. */
  evaluateEvery: number;
  /** λ of each epoch, from 0. */
  lambda: Schedule;
  /** Learning rate of each epoch, from 0. */
  learningRate: Schedule;
}

/** The phases of one seed. */
export function phasesOf(configuration: DecidingConfiguration, seed: number): Phase[] {
  return [
    ...checkpoints(configuration, seed),
    ...configuration.targets.flatMap((target) => interventions(configuration, seed, target)),
    ...(configuration.control ? configuration.targets : []).map((target) =>
      control(configuration, seed, target),
    ),
    ...(configuration.hysteresis.length > 0 ? sweeps(configuration, seed) : []),
  ];
}

function checkpoints(configuration: DecidingConfiguration, seed: number): Phase[] {
  const { learningRate: rate, evaluateEvery } = configuration;
  const checkpoint = (history: "ordered" | "collapse", own: number): Phase => ({
    ...{ name: history, kind: "checkpoint", history, seed: own, evaluateEvery },
    epochs: configuration[`${history}Epochs`],
    lambda: constantSchedule(configuration[`${history}Lambda`]),
    learningRate: multiStepSchedule(rate, { milestones: configuration[`${history}Milestones`] }),
  });
  return [checkpoint("ordered", orderedSeed(seed)), checkpoint("collapse", collapseSeed(seed))];
}

/** Name of an intervention's phase. */
export const interventionName = (target: number, history: "ordered" | "collapse") =>
  `intervention-${target}-from-${history}`;

function interventions(configuration: DecidingConfiguration, seed: number, target: number): Phase[] {
  const { learningRate, interventionRate, interventionEpochs: epochs, evaluateEvery } = configuration;
  return (["ordered", "collapse"] as const).map((history) => ({
    ...{ name: interventionName(target, history), kind: "intervention", history },
    from: { name: history, epochs: configuration[`${history}Epochs`] },
    ...{ seed: interventionSeed(seed, target), epochs, evaluateEvery },
    lambda: constantSchedule(target),
    learningRate: constantSchedule(learningRate * interventionRate),
  }));
}

export const controlName = (target: number) => `control-${target}`;

function control(configuration: DecidingConfiguration, seed: number, target: number): Phase {
  const { learningRate, interventionRate, orderedEpochs, orderedMilestones: milestones } = configuration;
  const before = multiStepSchedule(learningRate, { milestones });
  return {
    ...{ name: controlName(target), kind: "control", history: "control", seed: controlSeed(seed, target) },
    epochs: orderedEpochs + configuration.interventionEpochs,
    evaluateEvery: configuration.evaluateEvery,
    lambda: constantSchedule(target),
    learningRate: (epoch) => (epoch < orderedEpochs ? before(epoch) : learningRate * interventionRate),
  };
}

export const sweepName = (history: "ordered" | "collapse") => `sweep-from-${history}`;

/**
 * The λs of a sweep in its order: from the ordered checkpoint up and then down again, from the collapse one down and then up.
 *
 * @returns the turning point once, in the middle; [2n - 1] of n λs
 */
export function sweepLambdas(
  { hysteresis }: DecidingConfiguration,
  history: "ordered" | "collapse",
): number[] {
  const rising = hysteresis.slice().sort((a, b) => a - b);
  const falling = rising.slice().reverse();
  const [outward, back] = history === "ordered" ? [rising, falling] : [falling, rising];
  return [...outward, ...back.slice(1)];
}

function sweeps(configuration: DecidingConfiguration, seed: number): Phase[] {
  const { hysteresisEpochs: each, learningRate, interventionRate } = configuration;
  return (["ordered", "collapse"] as const).map((history) => {
    const lambdas = sweepLambdas(configuration, history);
    return {
      ...{ name: sweepName(history), kind: "sweep", history, seed: sweepSeed(seed) },
      from: { name: history, epochs: configuration[`${history}Epochs`] },
      ...{ epochs: each * lambdas.length, evaluateEvery: each },
      lambda: (epoch) => lambdas[Math.floor(epoch / each)],
      learningRate: constantSchedule(learningRate * interventionRate),
    };
  });
}
