// What a notebook calls of document 004's experiment beside its figures and tables.
import { inProject } from "../../environment/paths.mjs";
import { bindExperiment } from "../bound-experiment";
import { type WscrlRun, wscrl } from "./experiment";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } = bindExperiment(wscrl);

/**
 * Reads the committed run of the trainings that the document's README reports: dimension 4, model seed 4901, data seed 302, 90
 * epochs, as preset `paper` trains them.
 *
 * @example
 * import { wscrl } from "dolab";
 * wscrl.readmeRun().configuration.epochs; // => 90
 */
export const readmeRun = (): WscrlRun => loadRun(inProject("results", "reference", "wscrl-readme"));
