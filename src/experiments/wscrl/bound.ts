// What a notebook calls of document 004's experiment beside its figures and tables.
import { bindExperiment } from "../bound-experiment";
import { wscrl } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } = bindExperiment(wscrl);
