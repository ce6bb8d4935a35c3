// The loops of one seed from the ordered checkpoint at every speed that was run: its sweep, and the same at other holds.
import type { DecidingConfiguration } from "../configuration";
import type { SeedResult, SpeedSweep } from "./seed-result";

/** @returns nothing where the sweep was run at one speed alone; else the loops, from the fastest on */
export function sweepsBySpeed(
  { hysteresis, speed }: SeedResult,
  { hysteresisEpochs: hold }: Pick<DecidingConfiguration, "hysteresisEpochs">,
): SpeedSweep[] {
  if (speed.length === 0) return [];
  const usual = hysteresis.filter(({ source }) => source === "ordered").map((sweep) => ({ hold, ...sweep }));
  return [...usual, ...speed].sort((a, b) => a.hold - b.hold);
}
