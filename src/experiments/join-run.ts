// Opens a run's folder, with the rows in it that this configuration found before, and no others: for a run as a whole, which
// holds the folder, or for one of many processes that do its units.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { versions } from "../environment/versions";
import { openRunFolder, type RunFolder } from "../io";
import { FolderTakenError } from "../io/folder-lock";
import { plainObject } from "../io/plain-data";
import { readRecords } from "../io/run-records";
import { startBackend } from "../tensor";
import type { CommonConfiguration, Experiment, RunData } from "./experiment";
import { decidingPart, recordName } from "./saved-run";
import { keepsUnitRows } from "./unit-rows";

interface Place {
  place: string;
  replace: boolean;
}

/** Milliseconds between two tries to open a folder in which others begin too, and how often it is tried. */
const [PATIENCE, TRIES] = [250, 240];

/** Whether a folder records a run of this configuration. */
export function isRecorded(
  experiment: Pick<Experiment, "undeciding" | "record" | "name">,
  configuration: CommonConfiguration,
  place: string,
): boolean {
  if (!existsSync(join(place, "config.json"))) return false;
  const record = readRecords(place).get(recordName(experiment));
  const wanted = plainObject(decidingPart(experiment, configuration), "the configuration");
  return record !== undefined && isDeepStrictEqual(record.configuration, wanted);
}

/** Makes a run's folder ready for units, where that has not been done. @throws {RangeError} where it holds another run */
export async function joinRun<Configuration extends CommonConfiguration, Data extends RunData, Row>(
  experiment: Experiment<Configuration, Data, Row, unknown>,
  configuration: Configuration,
  data: Data,
  place: string,
): Promise<void> {
  await requireBackend(experiment);
  for (let tries = TRIES; !isRecorded(experiment, configuration, place); tries--) {
    try {
      const output = await openOutput(experiment, configuration, data, { place, replace: false });
      output.write(experiment.startFiles?.(configuration, data) ?? []);
      output.close(); // others do their units meanwhile
      return;
    } catch (error) {
      if (!(error instanceof FolderTakenError) || tries === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
}

/** Opens a run's folder for this process alone. @throws {RangeError} where it holds another run */
export async function openOutput<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  configuration: Configuration,
  { dataSource, synthetic }: RunData,
  { place, replace }: Place,
): Promise<RunFolder> {
  const { title: backend, device } = await requireBackend(experiment);
  const record = recordName(experiment);
  const threads = process.env.TF_NUM_INTRAOP_THREADS; // sums of floats depend on how many share them
  const { preset } = configuration;
  const run = {
    name: record,
    configuration: decidingPart(experiment, configuration),
    environment: { ...versions(), backend, device, threads, dataSource, synthetic, preset },
  };
  const output = openRunFolder(place, [run], { replace });
  if (output.recorded.has(record)) return output;
  if (keepsUnitRows(place) && !replace) {
    output.close();
    throw new RangeError(
      `Cannot run in ${place} as it holds units of no run that it records: choose another folder (--out), or replace them (--replace)`,
    );
  }
  if (replace)
    for (const rest of ["checkpoints", "units"]) rmSync(join(place, rest), { recursive: true, force: true });
  return output;
}

async function requireBackend<Configuration extends CommonConfiguration, Data extends RunData, Row>({
  trainsConvolutions,
}: Pick<Experiment<Configuration, Data, Row, unknown>, "trainsConvolutions">) {
  const backend = await startBackend();
  if (backend.name === "wasm" && trainsConvolutions)
    throw new Error(
      "Cannot train on WebAssembly as it has no gradient of convolution filters: run `npm run set-up` for native TensorFlow",
    );
  return backend;
}
