// dolab wscrl causalcircuit_reduce_dim and dolab wscrl causalcircuit: source document 004's two commands of CausalCircuit, in its
// own words. The first makes codes of pictures, the second learns a causal model of them.
import process from "node:process";
import type { Command } from "commander";
import { trackingPythonReady } from "../environment/tracking-python.mjs";
import { RunPausedError, runExperiment } from "../experiments";
import { trackingLine } from "../experiments/track-run";
import {
  causalCircuitRun,
  circuitMetricsFile,
  type ReduceDimRun,
  reduceDimensions,
  reduceDimRun,
  writeInto,
} from "../experiments/wscrl/causal-circuit/document-runs";
import { causalCircuit } from "../experiments/wscrl/causal-circuit/experiment";
import {
  composeConfiguration,
  configurationText,
} from "../experiments/wscrl/document/composed-configuration";
import { terminalProgress } from "../notebook";
import { startBackend } from "../tensor";
import { createTracker, trackingTarget } from "../tracking";
import { interruptedBySigint } from "../train";
import { INTERRUPTED } from "./experiment-command";
import { linkToRun } from "./link-to-run";

/** The configurations of each command; the first is its default. */
export const circuitConfigurations = {
  causalcircuit_reduce_dim: ["causalcircuit_reduce_dim"],
  causalcircuit: ["causalcircuit_ilcm", "causalcircuit_dvae", "causalcircuit_betavae", "causalcircuit"],
} as const;

/** Adds both to the command of document 004's experiment. */
export function addCircuitCommands(program: Command): void {
  const command = program.commands.find((one) => one.name() === "wscrl");
  const add = (name: keyof typeof circuitConfigurations, description: string, example: string) => {
    const [usual] = circuitConfigurations[name];
    command
      ?.command(name)
      .description(description)
      .argument("[overrides...]", `key=value and group=option, such as ${example}`)
      .option("--config-name <name>", circuitConfigurations[name].join(", "), usual)
      .action((overrides: string[], { configName }: { configName: string }) =>
        circuitCommand(configName, overrides),
      );
  };
  add(
    "causalcircuit_reduce_dim",
    "stage 1 of document 004's CausalCircuit: make codes of pictures, in the document's own words",
    "data=causalcircuit_synthetic training=causalcircuit_reduce_dim_fast",
  );
  add(
    "causalcircuit",
    "stage 2: train and evaluate one causal model on the codes, in the document's own words",
    "data.data_dir=FOLDER/data training=causalcircuit_fast",
  );
}

/** Whether a configuration is one of CausalCircuit's. */
export const isCircuitConfiguration = (name: string): boolean =>
  Object.values(circuitConfigurations).some((names) => (names as readonly string[]).includes(name));

/** Whether a server is there already: none is installed for these commands. */
const isSentAtOnce = ({ store }: ReduceDimRun["tracking"]): boolean =>
  "server" in trackingTarget(store) || trackingPythonReady();

/** Stage 1, tracked as one run of MLflow. */
async function trackedReduction(
  run: ReduceDimRun,
  options: Parameters<typeof reduceDimensions>[1],
): ReturnType<typeof reduceDimensions> {
  const { folder, tracking } = run;
  const { experiment, title, parameters, store } = tracking;
  const whole = "causalcircuit_reduce_dim";
  const tracker = createTracker({ folder, experiment, store, whole, sends: isSentAtOnce(tracking) });
  const tracked = tracker.run({ title, parameters });
  let status: "FINISHED" | "FAILED" | "KILLED" = "FAILED";
  try {
    const found = await tracked.watch(() => reduceDimensions(run, options));
    status = found ? "FINISHED" : "KILLED";
    if (found) {
      tracked.metrics({ "eval.squared_error": found.squaredError });
      tracked.file("config.yml");
      tracked.file("models/model.safetensors");
    }
    return found;
  } finally {
    tracked.end(status);
    process.stderr.write(`${trackingLine(await tracker.close(), folder)}\n`);
  }
}

/** Runs the command that a configuration belongs to. */
export async function circuitCommand(name: string, overrides: readonly string[]): Promise<void> {
  const groups = await composeConfiguration(name, overrides);
  const { signal, release } = interruptedBySigint();
  const progress = terminalProgress();
  const paused = () => {
    process.stderr.write("Paused: the same command goes on from here\n");
    process.exitCode = INTERRUPTED;
  };
  const resolved = { name: "config.yml", content: await configurationText(groups) };
  try {
    if (name === "causalcircuit_reduce_dim") {
      const run = reduceDimRun(groups);
      await startBackend();
      console.log(run.train.source);
      writeInto(run.folder, [resolved]);
      linkToRun(groups.general, run.folder);
      const found = await trackedReduction(run, { progress, signal });
      if (!found) return paused();
      console.log(`Squared error of a pair ${found.squaredError.toFixed(2)}; codes in ${found.codes}`);
    } else {
      const { configuration, folder, tracking } = causalCircuitRun(groups);
      const data = await causalCircuit.load(configuration, { progress, signal });
      console.log(`Data: ${data.dataSource}`);
      const run = await runExperiment(causalCircuit, { configuration, overrides: {} }, data, {
        folder,
        progress,
        signal,
        tracking: { ...tracking, isSent: isSentAtOnce(tracking) },
      });
      const [model] = run.rows[0].models;
      writeInto(folder, [resolved, circuitMetricsFile(model)]);
      linkToRun(groups.general, folder);
      const [causal, noise] = [model.dci, model.noiseDci].map(({ disentanglement }) =>
        disentanglement.toFixed(2),
      );
      console.log(`Final evaluation: causal disentanglement = ${causal}, noise disentanglement = ${noise}`);
    }
    console.log("Anders nog iets?");
  } catch (error) {
    if (!(error instanceof RunPausedError)) throw error;
    paused();
  } finally {
    release();
  }
}
