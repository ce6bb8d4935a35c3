// Every experiment, in the order in which `npm start` shows them: the quickest first.
import { booleanWorld } from "./boolean-world/experiment";
import { citris } from "./citris/experiment";
import { nearest } from "./configuration";
import type { Experiment } from "./experiment";
import { reasoners } from "./reasoners/experiment";
import { twoByTwo } from "./two-by-two/experiment";
import { w2 } from "./w2/experiment";
import { causalCircuit } from "./wscrl/causal-circuit/experiment";
import { wscrl } from "./wscrl/experiment";

export const experiments: readonly Experiment[] = [
  wscrl,
  causalCircuit,
  booleanWorld,
  w2,
  twoByTwo,
  reasoners,
  citris,
];

/** Finds an experiment. @throws {RangeError} for a name that none has, with the nearest */
export function experimentNamed(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name);
  throw new RangeError(`Cannot find experiment "${name}": did you mean "${nearest(name, names)}"?`);
}
