// Every experiment, in the order in which `npm start` shows them: the quickest first.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { nearest } from "../io/nearest-name";
import { booleanWorld } from "./boolean-world/experiment";
import { citris } from "./citris/experiment";
import type { Experiment } from "./experiment";
import { reasoners } from "./reasoners/experiment";
import { twoByTwo } from "./two-by-two/experiment";
import { w2 } from "./w2/experiment";
import { causalCircuit } from "./wscrl/causal-circuit/experiment";
import { wscrl } from "./wscrl/experiment";

/** All experiments, the quickest first. */
export const experiments: readonly Experiment[] = [
  wscrl,
  causalCircuit,
  booleanWorld,
  w2,
  twoByTwo,
  reasoners,
  citris,
];

/**
 * Finds an experiment.
 *
 * @param name its name, or the path of a file outside of dolab that declares it and exports the declaration
 * @throws {RangeError} for a name that none has, with the nearest, and for a file that exports no experiment
 * @example
 * import { experimentNamed } from "dolab";
 * experimentNamed("w2").notebook; // => "w2-causal-intervention"
 */
export function experimentNamed(name: string): Experiment {
  if (isFile(name)) return experimentOf(resolve(name));
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name);
  throw new RangeError(`Cannot find experiment "${name}": did you mean "${nearest(name, names)}"?`);
}

/** Whether an experiment is named by a file that declares it, such as "./darts.ts". */
export const isFile = (name: string): boolean => /[\\/]/.test(name);

function experimentOf(file: string): Experiment {
  if (!existsSync(file)) throw new RangeError(`Cannot find an experiment in ${file}: there is no such file`);
  const declared: unknown[] = Object.values(require(file));
  const found = declared.find((value) => typeof (value as Experiment | undefined)?.begin === "function");
  if (found) return found as Experiment;
  throw new RangeError(`Cannot find an experiment in ${file}: it must export a declaration of one`);
}
