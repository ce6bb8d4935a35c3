// A run as its folder keeps it: config.json says what decided it, environment.json how it was made, units/ what was found.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inProject } from "../environment/paths.mjs";
import type { PlainObject } from "../io";
import { readRecords } from "../io/run-records";
import { type PresetName, presetNames, resolveConfiguration } from "./configuration";
import type { CommonConfiguration, Experiment, RunData, SavedRun } from "./experiment";
import { hasUnitRow, keepsUnitRows, readUnitRow } from "./unit-rows";

/** The name of an experiment in config.json and environment.json. */
export const recordName = ({ record, name }: Pick<Experiment, "record" | "name">): string => record ?? name;

/** What config.json holds: the keys that decide results. */
export function decidingPart(
  { undeciding }: Pick<Experiment, "undeciding">,
  configuration: CommonConfiguration,
): PlainObject {
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => !undeciding.includes(key)));
}

/** The configuration and the environment that a folder records. @throws {RangeError} where it is no folder of such a run */
function recorded<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  folder: string,
): Pick<SavedRun<Configuration, unknown>, "configuration" | "recorded" | "environment" | "output"> {
  const { name } = experiment;
  const refuse = (found: string) =>
    new RangeError(
      `Cannot read "${folder}" as it must be the folder of a ${name} run (dolab ${name} run --out): got ${found}`,
    );
  if (!existsSync(folder)) throw refuse("no such folder");
  if (!existsSync(join(folder, "config.json"))) {
    const found = experiment.readDocumentFolder?.(folder);
    if (!found) throw refuse("no config.json in it");
    const { configuration } = resolveConfiguration(experiment, found.configuration);
    return {
      configuration: configuration as Configuration,
      recorded: decidingPart(experiment, configuration as Configuration),
      environment: { dataSource: found.dataSource, synthetic: false },
      output: join(folder, "dolab"),
    };
  }
  const record = readRecords(folder).get(recordName(experiment));
  if (!record) throw refuse("a config.json of other runs");
  const { environment } = record;
  const preset = presetNames.includes(environment.preset as PresetName) ? { preset: environment.preset } : {};
  const { configuration } = resolveConfiguration(experiment, { ...preset, ...record.configuration });
  return {
    configuration: configuration as Configuration,
    recorded: record.configuration,
    environment,
    output: folder,
  };
}

/**
 * Reads a run, finished or not; nothing is trained.
 *
 * @param folder what `--out` named
 * @throws {RangeError} where it is no folder of such a run; {SyntaxError} naming a file that is damaged
 */
export function readRun<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  folder: string,
): SavedRun<Configuration, Row> {
  const { environment, ...rest } = recorded(experiment, folder);
  return {
    folder,
    environment,
    ...rest,
    dataSource: String(environment.dataSource ?? "unknown"),
    synthetic: environment.synthetic === true,
    ...doneUnits(experiment, rest.configuration, folder),
  };
}

/** The units of a run, and the rows of those that are done. */
export function doneUnits<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  configuration: Configuration,
  folder: string,
): Pick<SavedRun<Configuration, Row>, "units" | "rows"> {
  const units = experiment.units(configuration);
  if (keepsUnitRows(folder) || !experiment.readRows) {
    const done = units.filter((unit) => hasUnitRow(folder, unit));
    return { units, rows: done.map((unit) => readUnitRow(folder, unit) as Row) };
  }
  const rows = experiment.readRows(folder, configuration);
  return { units, rows: units.flatMap(({ key }) => rows.get(key) ?? []) };
}

/**
 * Reads a run of which something is to be shown.
 *
 * @throws {RangeError} as `readRun` does, and where no unit is done
 */
export function readShownRun<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  folder: string,
): SavedRun<Configuration, Row> {
  const place = existsSync(folder) ? folder : inProject(folder); // a notebook's kernel runs in its own folder
  const run = readRun(experiment, existsSync(place) ? place : folder);
  if (run.rows.length > 0) return run;
  throw new RangeError(
    `Cannot show "${folder}" as nothing of it is done: "dolab ${experiment.name} resume ${folder}" goes on with it`,
  );
}
