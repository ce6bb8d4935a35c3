// What a notebook calls of CITRIS beside its figures and tables.
import { bindExperiment } from "../bound-experiment";
import { citris } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } =
  bindExperiment(citris);
