// Reads and writes the two records of a run folder: config.json holds the configuration of each run, by name, and
// environment.json how each was made and which files hold its results.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "./json";
import { differences, isPlainObject, type PlainObject } from "./plain-data";

export interface RunRecord {
  configuration: PlainObject;
  environment: PlainObject;
  /** Names within the folder. */
  files: readonly string[];
}

export type RunRecords = ReadonlyMap<string, RunRecord>;

export const CONFIGURATIONS = "config.json";
export const ENVIRONMENTS = "environment.json";

/** @throws {TypeError} where the folder's config.json or environment.json is not a run folder's */
export function readRecords(folder: string): Map<string, RunRecord> {
  const environments = readObjects(join(folder, ENVIRONMENTS));
  const configurations = Object.entries(readObjects(join(folder, CONFIGURATIONS)));
  return new Map(
    configurations.map(([name, configuration]) => {
      const { files = [], ...environment } = environments[name] ?? {};
      return [name, { configuration, environment, files: files as string[] }];
    }),
  );
}

function readObjects(path: string): Record<string, PlainObject> {
  if (!existsSync(path)) return {};
  const value = readJson(path);
  if (isPlainObject(value) && Object.values(value).every(isRecord))
    return value as Record<string, PlainObject>;
  throw new TypeError(
    `Cannot use ${path} as it is not a run folder's, which holds an object for each run: choose another folder`,
  );
}

const isRecord = (value: unknown) =>
  isPlainObject(value) &&
  (value.files === undefined ||
    (Array.isArray(value.files) && value.files.every((name) => typeof name === "string")));

/** Returns the two files, in the order in which they are put in place. */
export function recordFiles(records: RunRecords): { name: string; content: string }[] {
  const text = (select: (record: RunRecord) => object) =>
    `${JSON.stringify(Object.fromEntries(Array.from(records, ([name, record]) => [name, select(record)])), null, 2)}\n`;
  return [
    { name: ENVIRONMENTS, content: text(({ environment, files }) => ({ ...environment, files })) },
    { name: CONFIGURATIONS, content: text(({ configuration }) => configuration) },
  ];
}

/** Returns the names of the runs whose results a file holds. */
export function ownersOf(file: string, records: RunRecords): string[] {
  return Array.from(records)
    .filter(([, { files }]) => files.includes(file))
    .map(([name]) => name);
}

/** Returns the records after a file was written that holds the results of these runs and no others. */
export function withOwners(records: RunRecords, file: string, owners: readonly string[]): RunRecords {
  return new Map(
    Array.from(records, ([name, record]) => {
      const others = record.files.filter((other) => other !== file);
      const files = owners.includes(name) ? [...others, file].sort() : others;
      return [name, { ...record, files }];
    }),
  );
}

/** Returns lines that say what differs between the recorded configurations and others of the same names. */
export function configurationChanges(
  records: RunRecords,
  wanted: readonly { name: string; configuration: PlainObject }[],
): { name: string; lines: string[] }[] {
  return wanted
    .map(({ name, configuration }) => {
      const there = records.get(name)?.configuration;
      return { name, lines: there ? differences(there, configuration) : [] };
    })
    .filter(({ lines }) => lines.length > 0);
}
