// The rows of units that are done, a file each: units/KEY.json in the run's folder. A unit writes its file in one step, whoever
// does it, so that units of one run may be done by processes and machines that know nothing of each other.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeFileAtomically } from "../io";
import { isPlainObject } from "../io/plain-data";
import type { Unit } from "./experiment";

export const unitsFolder = (folder: string) => join(folder, "units");
const unitFile = (folder: string, key: string) => join(unitsFolder(folder), `${key}.json`);

/** Stands before a number that JSON has no word for, until it is written as Python writes it: NaN, Infinity. */
const MARK = "\u0000";
const marked = /"\\u0000(NaN|-?Infinity)"/g;

/** Keeps the row of a unit. @param row plain data; NaN and infinities are written as Python's json writes them */
export function writeUnitRow(folder: string, { key }: Unit, row: unknown): void {
  const text = JSON.stringify(
    { unit: key, row },
    (_, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? `${MARK}${value}` : value),
    1,
  );
  writeFileAtomically(unitFile(folder, key), `${text.replace(marked, "$1")}\n`);
}

/** @returns whether a unit's row is kept */
export const hasUnitRow = (folder: string, { key }: Unit): boolean => existsSync(unitFile(folder, key));

/** @returns the keys of all units whose rows are kept; to ask for each file by itself takes a disk longer */
export function doneKeys(folder: string): ReadonlySet<string> {
  const names = existsSync(unitsFolder(folder)) ? readdirSync(unitsFolder(folder)) : [];
  const rows = names.filter((name) => !name.startsWith(".") && name.endsWith(".json"));
  return new Set(rows.map((name) => name.slice(0, -".json".length)));
}

/** @returns whether a folder keeps rows in this way */
export const keepsUnitRows = (folder: string): boolean => doneKeys(folder).size > 0;

/** Reads a unit's row. @throws {SyntaxError} naming a file that is damaged or of another unit */
export function readUnitRow(folder: string, { key }: Unit): unknown {
  const file = unitFile(folder, key);
  const content = readJson(file);
  if (!isPlainObject(content) || content.unit !== key || !("row" in content))
    throw new SyntaxError(
      `Cannot read ${file} as it must hold the row of unit "${key}": remove it to do that unit again`,
    );
  return content.row;
}
