// A sweep as its folder keeps it: read back without training anything.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inProject } from "../../environment/paths.mjs";
import { readJson } from "../../io";
import { isPlainObject, type PlainObject } from "../../io/plain-data";
import type { BooleanWorldConfiguration } from "./configuration";
import type { TrialRow } from "./trials";

/** The sweep's name in its folder's config.json and environment.json. */
export const sweepName = "boolean-world sweep";
export const sweepFile = "exclusion-sweep.json";

export interface SavedSweep {
  rows: TrialRow[];
  configuration: Omit<BooleanWorldConfiguration, "preset">;
  /** How it was made: versions, backend, machine, date. */
  environment: PlainObject;
}

/** @throws {RangeError} where it is no folder of a sweep; {SyntaxError} naming a file that is damaged */
export function savedSweep(folder: string): SavedSweep {
  const [configurations, environments, rows] = ["config.json", "environment.json", sweepFile].map((name) => {
    const file = join(folder, name);
    return existsSync(file) ? readJson(file) : undefined;
  });
  const configuration = isPlainObject(configurations) ? configurations[sweepName] : undefined;
  if (!isPlainObject(configuration) || !isPlainObject(environments) || !Array.isArray(rows))
    throw new RangeError(
      `Cannot read "${folder}" as it must be the folder of a sweep (dolab boolean --sweep): got no ${sweepFile} with its config.json`,
    );
  return {
    rows: rows as TrialRow[],
    configuration: configuration as unknown as SavedSweep["configuration"],
    environment: environments[sweepName] as PlainObject,
  };
}

/** The sweep of preset standard that is committed under results/reference. */
export const referenceSweep = (): SavedSweep =>
  savedSweep(inProject("results", "reference", "boolean-sweep"));
