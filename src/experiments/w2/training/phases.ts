// The phases that every seed may have: source document 000's ordered checkpoint, collapse checkpoint and interventions, and arms
// of ours, each of which asks one more question. A phase is one run of the training loop; its learning rate and its λ are
// functions of the epoch.
// - control: where does λ lead without a jump? A fresh network is trained at the target for as many epochs, and at the same
//   learning rates, as the ordered checkpoint and the intervention from it together. It differs from that branch in more than
//   the λ of its past: its seed is its own, and it keeps momentum and the kept clean gradient where the branch begins afresh.
// - sweep: does the way back retrace the way out, as λ moves step by step?
// - boundary: at which λ does a fresh network collapse?
import { constantSchedule, multiStepSchedule, type Schedule } from "../../../tensor";
import type { DecidingConfiguration } from "../configuration";
import { learningRateOf } from "./learning-rate";
import { armSeed, collapseSeed, controlSeed, interventionSeed, orderedSeed, sweepSeed } from "./phase-seeds";

/** What a network has behind it: a low λ, a high λ, or nothing. */
export type History = "ordered" | "collapse" | "control";
export const checkpointNames = ["ordered", "collapse"] as const;

export type PhaseKind =
  | "checkpoint"
  | "intervention"
  | "longer"
  | "control"
  | "sweep"
  | "speed"
  | "lifetime"
  | "dead"
  | "escape"
  | "tree"
  | "boundary";

export interface Phase {
  /** Its own within the seed, and the name of its folder. */
  name: string;
  kind: PhaseKind;
  history: History;
  /** The λ that it trains at, where it stays at one. */
  target?: number;
  /** It decides its weights, its order of images and its augmentation. */
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

export function checkpoint(
  configuration: DecidingConfiguration,
  seed: number,
  history: "ordered" | "collapse",
): Phase {
  const milestones = configuration[`${history}Milestones`];
  const target = configuration[`${history}Lambda`];
  return {
    name: history,
    kind: "checkpoint",
    history,
    target,
    seed: history === "ordered" ? orderedSeed(seed) : collapseSeed(seed),
    epochs: configuration[`${history}Epochs`],
    evaluateEvery: configuration.evaluateEvery,
    lambda: constantSchedule(target),
    learningRate: multiStepSchedule(learningRateOf(configuration), { milestones }),
  };
}

/** The learning rate after a jump. */
export const lowRate = (configuration: DecidingConfiguration) =>
  learningRateOf(configuration) * configuration.interventionRate;

/** The learning rate while λ moves: of the sweeps and the tree. */
export const sweepRate = (configuration: DecidingConfiguration) =>
  learningRateOf(configuration) * configuration.hysteresisRate;

export const fromCheckpoint = (configuration: DecidingConfiguration, history: "ordered" | "collapse") => ({
  name: history,
  epochs: configuration[`${history}Epochs`],
});

export function intervention(
  configuration: DecidingConfiguration,
  seed: number,
  { target, history }: { target: number; history: "ordered" | "collapse" },
): Phase {
  return {
    name: `intervention-${target}-from-${history}`,
    kind: "intervention",
    history,
    target,
    seed: interventionSeed(seed, target),
    from: fromCheckpoint(configuration, history),
    epochs: configuration.interventionEpochs,
    evaluateEvery: configuration.evaluateEvery,
    lambda: constantSchedule(target),
    learningRate: constantSchedule(lowRate(configuration)),
  };
}

export function control(configuration: DecidingConfiguration, seed: number, target: number): Phase {
  const { orderedEpochs, orderedMilestones: milestones, interventionEpochs } = configuration;
  const before = multiStepSchedule(learningRateOf(configuration), { milestones });
  const after = lowRate(configuration);
  return {
    name: `control-${target}`,
    kind: "control",
    history: "control",
    target,
    seed: controlSeed(seed, target),
    epochs: orderedEpochs + interventionEpochs,
    evaluateEvery: configuration.evaluateEvery,
    lambda: constantSchedule(target),
    learningRate: (epoch) => (epoch < orderedEpochs ? before(epoch) : after),
  };
}

/**
 * The λs of a sweep in its order: from the ordered checkpoint up and then down again, from the collapse one down and then up.
 *
 * @returns the turning point once, in the middle; [2n - 1] of n λs
 */
export function sweepLambdas(
  { hysteresis }: Pick<DecidingConfiguration, "hysteresis">,
  history: "ordered" | "collapse",
): number[] {
  const rising = hysteresis.slice().sort((a, b) => a - b);
  const falling = rising.slice().reverse();
  const [outward, back] = history === "ordered" ? [rising, falling] : [falling, rising];
  return [...outward, ...back.slice(1)];
}

/** @param hold epochs at each λ */
export function sweep(
  configuration: DecidingConfiguration,
  seed: number,
  { history, hold }: { history: "ordered" | "collapse"; hold: number },
): Phase {
  const lambdas = sweepLambdas(configuration, history);
  return {
    name: `sweep-from-${history}`,
    kind: "sweep",
    history,
    seed: sweepSeed(seed),
    from: fromCheckpoint(configuration, history),
    epochs: hold * lambdas.length,
    evaluateEvery: hold,
    lambda: (epoch) => lambdas[Math.floor(epoch / hold)],
    learningRate: constantSchedule(sweepRate(configuration)),
  };
}

/** A fresh network at one λ: the ordered checkpoint's schedule in fewer epochs. */
export function boundaryPhase(configuration: DecidingConfiguration, seed: number, lambda: number): Phase {
  const { boundaryEpochs: epochs, orderedEpochs, orderedMilestones } = configuration;
  const scaled = orderedMilestones.map((epoch) => Math.round((epoch * epochs) / orderedEpochs));
  const milestones = Array.from(new Set(scaled)).filter((epoch) => epoch > 0);
  return {
    name: `boundary-${lambda}`,
    kind: "boundary",
    history: "control",
    target: lambda,
    seed: armSeed(seed, lambda),
    epochs,
    evaluateEvery: epochs,
    lambda: constantSchedule(lambda),
    learningRate: multiStepSchedule(learningRateOf(configuration), { milestones }),
  };
}
