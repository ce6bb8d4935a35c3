// dolab wscrl scaling: source document 004's command, `experiments/scaling.py`, in its own words. What it prints at the end is
// the document's check that all has gone well. And dolab wscrl sweep: Figure 8, every model at every dimension and seed.
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { trackingPythonReady } from "../environment/tracking-python.mjs";
import { experimentNamed, parseAssignments, RunPausedError, runExperiment } from "../experiments";
import {
  composeConfiguration,
  configurationText,
} from "../experiments/wscrl/document/composed-configuration";
import { documentRun, testMetricsFile } from "../experiments/wscrl/document/document-run";
import { wscrl } from "../experiments/wscrl/experiment";
import { writeFileAtomically } from "../io";
import { terminalProgress } from "../notebook";
import { trackingTarget } from "../tracking";
import { interruptedBySigint } from "../train";
import { circuitCommand, isCircuitConfiguration } from "./causal-circuit";
import { INTERRUPTED, type RunFlags, runCommand } from "./experiment-command";
import { linkToRun } from "./link-to-run";

/** Adds `scaling` and `sweep` to the experiment's command. */
export function addScaling(program: Command): void {
  const command = program.commands.find((one) => one.name() === wscrl.name);
  const run = command?.commands.find((one) => one.name() === "run");
  const sweep = command?.command("sweep").description("Figure 8: every model, dimension and pair of seeds");
  for (const option of run?.options ?? []) sweep?.addOption(option);
  sweep?.action(async ({ preset, set, out = `results/wscrl/${preset}`, ...flags }: RunFlags) => {
    await runCommand(experimentNamed(wscrl.name), { preset, ...parseAssignments(set) }, { ...flags, out });
  });
  command
    ?.command("scaling")
    .description(
      "train and evaluate one model of document 004's scaling experiment, in the document's own words",
    )
    .argument("[overrides...]", "key=value and group=option, such as data.dim_z=3 training=scaling_fast")
    .option(
      "--config-name <name>",
      "scaling_ilcm, scaling_dvae, scaling_betavae or scaling_elcm",
      "scaling_ilcm",
    )
    .addHelpText("after", trackingHelp)
    .action(async (overrides: string[], { configName }: { configName: string }) => {
      await scaling(configName, overrides);
    });
}

const trackingHelp = `
MLflow: parameters, learning curves, the evaluation and the result files are logged as the document does, under the experiment
general.exp_name in the SQLite file general.mlflow.db. They are always kept in EXP_DIR/tracking, which needs no Python. They are
sent at once where MLFLOW_TRACKING_URI names a server, or where MLflow's server has been installed here ("dolab mlflow" does
that, 850 MB, once); otherwise "dolab mlflow sync EXP_DIR" sends them later.`;

async function scaling(name: string, overrides: readonly string[]): Promise<void> {
  if (isCircuitConfiguration(name)) return circuitCommand(name, overrides);
  const groups = await composeConfiguration(name, overrides);
  const { configuration, folder, tracking } = documentRun(groups);
  const { signal, release } = interruptedBySigint();
  try {
    const progress = terminalProgress();
    const data = await wscrl.load(configuration, { progress, signal });
    const run = await runExperiment(wscrl, { configuration, overrides: {} }, data, {
      folder,
      progress,
      signal,
      tracking: { ...tracking, isSent: "server" in trackingTarget(tracking.store) || trackingPythonReady() },
    });
    const [row] = run.rows;
    const { name: file, content } = testMetricsFile(row);
    writeFileAtomically(join(folder, "config.yml"), await configurationText(groups));
    writeFileAtomically(join(folder, file), content);
    linkToRun(groups.general, folder);
    console.log(join(folder, file));
    console.log(
      `Final evaluation: causal disentanglement = ${row.evaluation.dci.disentanglement.toFixed(2)}`,
    );
    console.log("Anders nog iets?");
  } catch (error) {
    if (!(error instanceof RunPausedError)) throw error;
    process.stderr.write("Paused: the same command goes on from here\n");
    process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}
