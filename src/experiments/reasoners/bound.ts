// What a notebook calls of the recursive reasoners beside figures and tables.
import { bindExperiment } from "../bound-experiment";
import { reasoners } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } =
  bindExperiment(reasoners);
