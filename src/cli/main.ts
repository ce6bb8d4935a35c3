// The command line: one file a command, put together here. Errors that a user can mend are one sentence; the trace is
// shown with DOLAB_DEBUG=1.
import process from "node:process";
import { Command } from "commander";
import { version } from "../../package.json";
import { experiments } from "../experiments";
import { addBench } from "./bench";
import { addBoolean } from "./boolean";
import { addCircuitCommands } from "./causal-circuit";
import { addCitrisCommands } from "./citris";
import { addData } from "./data";
import { addDoctor } from "./doctor";
import { addExperiment } from "./experiment-command";
import { addLab } from "./lab";
import { addMlflow } from "./mlflow";
import { addPlayground } from "./playground";
import { addReasonersCommands } from "./reasoners";
import { addReport } from "./report";
import { addRun } from "./run";
import { addSweep } from "./sweep";
import { addTheatre } from "./theatre";
import { addDiagnosticsCommands } from "./two-by-two";
import { addValidate } from "./validate";
import { addScaling } from "./wscrl";

export async function main(argv: string[]): Promise<void> {
  const program = new Command("dolab")
    .version(version)
    .description("A lab for interventions in learning systems: notebooks, experiments and offline reports")
    .showHelpAfterError("(dolab --help shows every command)")
    .showSuggestionAfterError()
    .enablePositionalOptions();
  addReport(program);
  addRun(program);
  addSweep(program);
  for (const experiment of experiments) addExperiment(program, experiment);
  for (const add of [
    addDiagnosticsCommands,
    addReasonersCommands,
    addScaling,
    addCircuitCommands,
    addCitrisCommands,
    addBoolean,
    addPlayground,
    addTheatre,
    addMlflow,
    addLab,
    addData,
    addDoctor,
    addBench,
    addValidate,
  ])
    add(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const debugging = Boolean(process.env.DOLAB_DEBUG) && error instanceof Error;
    process.stderr.write(
      `${debugging ? error.stack : `dolab: ${error instanceof Error ? error.message : error}`}\n`,
    );
    process.exitCode = 1;
  }
}
