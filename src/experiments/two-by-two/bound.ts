// What a notebook calls of the 2x2 analysis beside its figures and tables.
import { bindExperiment } from "../bound-experiment";
import { twoByTwo } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun } = bindExperiment(twoByTwo);
