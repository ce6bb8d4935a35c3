// What is trained for one seed, in order: source document 000's ordered checkpoint, collapse checkpoint and interventions, and
// arms of ours, each of which asks one more question. A phase is one run of the training loop; its learning rate and its λ are
// functions of the epoch.
// - control: where does λ lead without a jump? A fresh network is trained at the target for as many epochs, and at the same
//   learning rates, as the ordered checkpoint and the intervention from it together. It differs from that branch in more than
//   the λ of its past: its seed is its own, and it keeps momentum and the kept clean gradient where the branch begins afresh.
// - sweep: does the way back retrace the way out, as λ moves step by step? The speed sweeps do the same at other holds.
// - longer: is a branch at rest, or only slow? The same jump, four times as long.
// - lifetime: how long does an ordered network survive close to the critical λ?
// - dead, escape: does anything free a network that is at chance?
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

/** The phases of one seed; longer interventions, lifetime, escapes and speed are those of the first seed alone. */
export function phasesOf(configuration: DecidingConfiguration, seed: number): Phase[] {
  const { targets, hysteresis, hysteresisEpochs } = configuration;
  const withArms = seed < configuration.seed + configuration.armSeeds;
  const withControl = configuration.control && withArms;
  return [
    ...checkpointNames.map((history) => checkpoint(configuration, seed, history)),
    ...targets.flatMap((target) =>
      checkpointNames.map((history) => intervention(configuration, seed, { target, history })),
    ),
    ...(withControl ? targets.map((target) => control(configuration, seed, target)) : []),
    ...(hysteresis.length > 0 && withArms
      ? checkpointNames.map((history) => sweep(configuration, seed, { history, hold: hysteresisEpochs }))
      : []),
    ...(seed === configuration.seed ? firstSeedArms(configuration, seed) : []),
  ];
}

function checkpoint(
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
const lowRate = (configuration: DecidingConfiguration) =>
  learningRateOf(configuration) * configuration.interventionRate;

const fromCheckpoint = (configuration: DecidingConfiguration, history: "ordered" | "collapse") => ({
  name: history,
  epochs: configuration[`${history}Epochs`],
});

function intervention(
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

function control(configuration: DecidingConfiguration, seed: number, target: number): Phase {
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
function sweep(
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
    learningRate: constantSchedule(learningRateOf(configuration) * configuration.hysteresisRate),
  };
}

function firstSeedArms(configuration: DecidingConfiguration, seed: number): Phase[] {
  const { longerTargets, hysteresis, speedHolds, lifetimeEpochs, escapeEpochs } = configuration;
  return [
    ...longerTargets.flatMap((target) =>
      checkpointNames.map((history) => longer(configuration, seed, { target, history })),
    ),
    ...(hysteresis.length > 0
      ? speedHolds.map((hold): Phase => {
          const plain = sweep(configuration, seed, { history: "ordered", hold });
          return { ...plain, kind: "speed", name: `speed-${hold}-from-ordered` };
        })
      : []),
    ...(lifetimeEpochs > 0 ? [lifetime(configuration, seed)] : []),
    ...(escapeEpochs > 0 ? escapes(configuration, seed) : []),
  ];
}

/** How much longer a longer intervention is. */
const longerFactor = 4;

/** Its first epochs are those of the intervention to the same λ, step for step. */
function longer(
  configuration: DecidingConfiguration,
  seed: number,
  place: { target: number; history: "ordered" | "collapse" },
): Phase {
  const { target, history } = place;
  const plain = intervention(configuration, seed, place);
  const name = `longer-${target}-from-${history}`;
  return { ...plain, kind: "longer", name, epochs: longerFactor * plain.epochs };
}

function lifetime(configuration: DecidingConfiguration, seed: number): Phase {
  const { lifetimeLambda: target, lifetimeEpochs: epochs } = configuration;
  const plain = intervention(configuration, seed, { target, history: "ordered" });
  return { ...plain, kind: "lifetime", name: "lifetime-from-ordered", epochs };
}

/** How much longer the steps are that kill a network, and those that are to free it. */
export const deadlyFactor = 4;
export const escapeFactor = 10;

/** The attempts to free a dead network: λ after the jump, and the learning rate over that of an intervention. */
export const escapeAttempts = ({ collapseLambda }: Pick<DecidingConfiguration, "collapseLambda">) => [
  { name: "lambda-0", target: 0, factor: 1 },
  { name: "lambda-0.2", target: 0.2, factor: 1 },
  { name: "rate", target: collapseLambda, factor: escapeFactor },
  { name: "both", target: 0.2, factor: escapeFactor },
];

function escapes(configuration: DecidingConfiguration, seed: number): Phase[] {
  const { escapeEpochs: epochs, evaluateEvery, collapseLambda } = configuration;
  const deadly: Phase = {
    ...checkpoint(configuration, seed, "collapse"),
    name: "dead",
    kind: "dead",
    epochs,
    learningRate: constantSchedule(deadlyFactor * learningRateOf(configuration)),
  };
  const attempts = escapeAttempts({ collapseLambda }).map(
    ({ name, target, factor }): Phase => ({
      name: `escape-${name}`,
      kind: "escape",
      history: "collapse",
      target,
      seed: armSeed(seed, target),
      from: { name: deadly.name, epochs },
      epochs,
      evaluateEvery,
      lambda: constantSchedule(target),
      learningRate: constantSchedule(lowRate(configuration) * factor),
    }),
  );
  return [deadly, ...attempts];
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
