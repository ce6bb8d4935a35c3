// What a notebook calls of CausalCircuit beside its figures and tables.
import { bindExperiment } from "../../bound-experiment";
import { causalCircuit } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } =
  bindExperiment(causalCircuit);
