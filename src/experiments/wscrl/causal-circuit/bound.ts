// What a notebook calls of CausalCircuit beside its figures and tables.
import { bindExperiment } from "../../bound-experiment";
import { type PresetName, type Resolved, resolveConfiguration } from "../../configuration";
import type { CircuitConfiguration } from "./configuration";
import { causalCircuit } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } =
  bindExperiment(causalCircuit);

/**
 * Gives the parameters of a preset, for a notebook that shows CausalCircuit beside another experiment: what `--set` changes in a
 * headless run is that experiment's.
 *
 * @param preset smoke, quick, standard or paper
 * @example
 * import { causalCircuit } from "dolab";
 * causalCircuit.presetParameters("smoke").configuration.size; // => 8
 */
export const presetParameters = (preset: PresetName): Resolved<CircuitConfiguration> =>
  resolveConfiguration(causalCircuit, { preset }) as Resolved<never> as Resolved<CircuitConfiguration>;
