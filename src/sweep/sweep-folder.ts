// The folder of a sweep. config.json says what is swept, environment.json with which resources; points/NAME is the run
// folder of a point, which `dolab EXPERIMENT report` shows too; log/ says who did what when; jobs/ what was submitted. It is
// the only thing that the processes and machines of a sweep share.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../environment/versions";
import { openRunFolder, type Run } from "../io";
import { FolderTakenError } from "../io/folder-lock";
import { type PlainObject, plainObject } from "../io/plain-data";
import { configurationChanges, readRecords } from "../io/run-records";
import type { Sweep } from "./sweep-file";

const RECORD = "sweep";
const [PATIENCE, TRIES] = [250, 240];

/** The run folder of a point. */
export const pointFolder = (folder: string, { name }: { name: string }): string =>
  join(folder, "points", name);

/** The run as which a sweep stands in its folder's records. */
export function sweepRun({ experiment, preset, grid, rows, resources, track, name }: Sweep): Run {
  const environment = { ...versions(), resources, track, name };
  return { name: RECORD, configuration: { experiment, preset, grid, rows }, environment };
}

/**
 * Makes a folder ready for a sweep, where that has not been done.
 *
 * @throws {RangeError} where it holds another sweep, saying what differs, or results of no sweep
 */
export async function joinSweep(folder: string, sweep: Sweep): Promise<void> {
  const run = sweepRun(sweep);
  for (let tries = TRIES; !isSweepThere(folder, run); tries--) {
    try {
      const output = openRunFolder(folder, [run]);
      output.write([]);
      output.close();
    } catch (error) {
      if (!(error instanceof FolderTakenError) || tries === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
}

/** Whether a folder holds this sweep. @throws {RangeError} as `joinSweep` does */
export function isSweepThere(folder: string, run: Run): boolean {
  const refuse = (why: string) =>
    new RangeError(`Cannot sweep in ${folder} as ${why}: name another with --out`);
  const records = readRecords(folder);
  if (!records.has(RECORD)) {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : [];
    if (names.length > 0) throw refuse(`it holds other files (${names.slice(0, 3).join(", ")})`);
    return false;
  }
  const configuration = plainObject(run.configuration, "the sweep");
  const [changes] = configurationChanges(records, [{ name: RECORD, configuration }]);
  if (changes)
    throw refuse(`it holds another sweep:\n${changes.lines.map((line) => `  ${line}`).join("\n")}\n`);
  return true;
}

/**
 * Reads the sweep that a folder holds.
 *
 * @param folder the sweep's folder
 * @throws {RangeError} where it holds none
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { collectSweep, planSweep, readSweep, readSweepFile } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/sweep-`);
 * const sweep = await readSweepFile("data/sweeps/w2-ten-seeds.yaml");
 * collectSweep(folder, sweep, planSweep(sweep)); // which keeps the sweep in its folder
 * readSweep(folder).name; // => "w2-ten-seeds"
 * rmSync(folder, { recursive: true });
 */
export function readSweep(folder: string): Sweep {
  const record = existsSync(folder) ? readRecords(folder).get(RECORD) : undefined;
  if (!record)
    throw new RangeError(
      `Cannot read a sweep from ${folder} as it holds none: "dolab sweep run FILE --out ${folder}" begins one`,
    );
  const { resources, track, name } = record.environment;
  return { ...(record.configuration as PlainObject), resources, track, name } as unknown as Sweep;
}
