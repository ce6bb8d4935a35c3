// What is trained for one seed, in order: the document's checkpoints and interventions, control and sweeps, and the arms of the
// first seed.
import type { DecidingConfiguration } from "../configuration";
import { firstSeedArms } from "./first-seed-arms";
import { checkpoint, checkpointNames, control, intervention, type Phase, sweep } from "./phases";

/** Lists the phases of one seed; longer interventions, lifetime, escapes, speed and tree are those of the first seed alone. */
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
