// A run as its folder keeps it: config.json says what decided it, environment.json how it was made, units/ what was found.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inProject } from "../environment/paths.mjs";
import type { PlainObject } from "../io";
import { readRecords } from "../io/run-records";
import { type PresetName, presetNames, resolveConfiguration } from "./configuration";
import type { CommonConfiguration, Experiment, RunData, SavedRun } from "./experiment";
import { doneKeys, readUnitRow } from "./unit-rows";

/** The name of an experiment in config.json and environment.json. */
export const recordName = ({ record, name }: Pick<Experiment, "record" | "name">): string => record ?? name;

/** What config.json holds: the keys that decide results. */
export function decidingPart(
  { undeciding }: Pick<Experiment, "undeciding">,
  configuration: CommonConfiguration,
): PlainObject {
  return Object.fromEntries(
    Object.entries(configuration).filter(([key]) => key !== "track" && !undeciding.includes(key)),
  );
}

/** The configuration and the environment that a folder records. @throws {RangeError} where it is no folder of such a run */
function recorded<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  folder: string,
): Pick<
  SavedRun<Configuration, unknown>,
  "configuration" | "recorded" | "assumed" | "environment" | "output"
> {
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
      assumed: [],
      environment: { dataSource: found.dataSource, synthetic: false },
      output: join(folder, "dolab"),
    };
  }
  const record = readRecords(folder).get(recordName(experiment));
  if (!record) throw refuse("a config.json of other runs");
  const { environment } = record;
  const preset = presetNames.includes(environment.preset as PresetName) ? { preset: environment.preset } : {};
  const { configuration } = resolveConfiguration(withoutDecidingPresets(experiment), {
    ...preset,
    ...record.configuration,
  });
  const known = [...Object.keys(record.configuration), "preset"];
  return {
    configuration: configuration as Configuration,
    recorded: record.configuration,
    assumed: Object.keys(decidingPart(experiment, configuration as Configuration)).filter(
      (key) => !known.includes(key),
    ),
    environment,
    output: folder,
  };
}

/**
 * A key that came after a run has its default there, which is what was done before there was a choice; what a preset says of it
 * today is not what that run did.
 */
const withoutDecidingPresets = ({
  presets,
  undeciding,
  ...source
}: Pick<Experiment, "name" | "schema" | "presets" | "undeciding">) => ({
  ...source,
  presets: Object.fromEntries(
    presetNames.map((name) => [
      name,
      Object.fromEntries(Object.entries(presets[name]).filter(([key]) => undeciding.includes(key))),
    ]),
  ) as Experiment["presets"],
});

/** What to say of keys that a run's config.json lacks; nothing where it has all. */
export const assumedInWords = ({
  assumed,
}: Pick<SavedRun<unknown, unknown>, "assumed">): string | undefined =>
  assumed.length > 0
    ? `its config.json is older than ${assumed.join(", ")}, for which the defaults stand`
    : undefined;

/**
 * Reads a run, finished or not; nothing is trained.
 *
 * @param experiment the declaration
 * @param folder what `--out` named
 * @throws {RangeError} where it is no folder of such a run
 * @throws {SyntaxError} naming a file that is damaged
 * @example
 * import { experimentNamed, readRun } from "dolab";
 * const run = readRun(experimentNamed("wscrl"), "results/reference/wscrl-standard");
 * run.configuration.preset; // => "standard"
 */
export function readRun<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  folder: string,
): SavedRun<Configuration, Row> {
  const run = readRunRecord(experiment, folder);
  return { ...run, ...doneUnits(experiment, run.configuration, folder) };
}

/** Reads what a run's folder says of it, without its rows. @throws {RangeError} where it is no folder of such a run */
export function readRunRecord<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  folder: string,
): Omit<SavedRun<Configuration, unknown>, "units" | "rows"> {
  const { environment, ...rest } = recorded(experiment, folder);
  return {
    folder,
    environment,
    ...rest,
    dataSource: String(environment.dataSource ?? "unknown"),
    synthetic: environment.synthetic === true,
  };
}

/** The units of a run, and the rows of those that are done. */
export function doneUnits<Configuration extends CommonConfiguration, Row>(
  experiment: Experiment<Configuration, RunData, Row, unknown>,
  configuration: Configuration,
  folder: string,
): Pick<SavedRun<Configuration, Row>, "units" | "rows"> {
  const units = experiment.units(configuration);
  const keys = doneKeys(folder);
  if (keys.size > 0 || !experiment.readRows) {
    const done = units.filter(({ key }) => keys.has(key));
    return { units, rows: done.map((unit) => readUnitRow(folder, unit) as Row) };
  }
  const rows = experiment.readRows(folder, configuration);
  return { units, rows: units.flatMap(({ key }) => rows.get(key) ?? []) };
}

/**
 * Reads a run of which something is to be shown.
 *
 * @param experiment the declaration
 * @param folder what `--out` named; where there is none of that name here, the project's
 * @throws {RangeError} as `readRun` does, and where no unit is done
 * @example
 * import { experimentNamed, readShownRun } from "dolab";
 * const citris = experimentNamed("citris");
 * readShownRun(citris, "results/reference/citris-five-seeds").rows.length; // => 5
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
