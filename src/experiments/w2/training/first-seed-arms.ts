// What is asked of the first seed's networks alone, as it takes long:
// - longer: is a branch at rest, or only slow? The same jump, four times as long.
// - speed: how much of a loop is the speed of its sweep? The sweep from the ordered checkpoint at other holds.
// - lifetime: how long does an ordered network survive close to the critical λ?
// - dead, escape: does anything free a network that is at chance?
// - tree: what would have come of another λ? From both checkpoints λ takes one of a few values, is held, and branches again,
//   every way, so that any history of λ in these steps has been trained. Each step begins with a fresh optimiser, as a jump does.
import { constantSchedule } from "../../../tensor";
import type { DecidingConfiguration } from "../configuration";
import { learningRateOf } from "./learning-rate";
import { armSeed, treeSeed } from "./phase-seeds";
import {
  checkpoint,
  checkpointNames,
  fromCheckpoint,
  intervention,
  lowRate,
  type Phase,
  sweep,
  sweepRate,
} from "./phases";

export function firstSeedArms(configuration: DecidingConfiguration, seed: number): Phase[] {
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
    ...checkpointNames.flatMap((history) => tree(configuration, seed, history)),
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

/** The name of a step of the tree. @param lambdas those of the steps up to it, from the first */
export const treeStepName = (history: "ordered" | "collapse", lambdas: readonly number[]): string =>
  ["tree", history, ...lambdas].join("-");

/** The steps of the tree from one checkpoint, each after the one that it goes on from. */
function tree(configuration: DecidingConfiguration, seed: number, history: "ordered" | "collapse"): Phase[] {
  const { treeLambdas, treeDepth, treeHold: epochs } = configuration;
  const after = (before: readonly number[]): Phase[] =>
    treeLambdas.flatMap((target) => {
      const lambdas = [...before, target];
      const step: Phase = {
        name: treeStepName(history, lambdas),
        kind: "tree",
        history,
        target,
        seed: treeSeed(seed, before.length),
        from:
          before.length === 0
            ? fromCheckpoint(configuration, history)
            : { name: treeStepName(history, before), epochs },
        epochs,
        evaluateEvery: 1,
        lambda: constantSchedule(target),
        learningRate: constantSchedule(sweepRate(configuration)),
      };
      return [step, ...(lambdas.length < treeDepth ? after(lambdas) : [])];
    });
  return after([]);
}
