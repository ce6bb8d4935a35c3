// Does a unit of a run, in whatever process: it claims the unit, so that no other process or machine does it meanwhile, looks
// whether its row is there by now, does it, and keeps its row. A claim is the folder claims/KEY of the run, held as a run
// folder is (src/io/folder-lock.ts): that of a process that was killed here is seen at once, that of another machine lapses
// when it has given no sign of life for DOLAB_LEASE_SECONDS. A checkpoint that its last holder left is gone on from.
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { silentProgress } from "../io";
import { claimedBy, FolderTakenError, lockFolder } from "../io/folder-lock";
import { makeFolder, removeAbandonedFiles } from "../io/write-atomically";
import type { CommonConfiguration, Experiment, RunData, Unit, UnitContext, UnitWorker } from "./experiment";
import { joinRun } from "./join-run";
import { experimentNamed } from "./registry";
import { trackUnits } from "./track-run";
import { hasUnitRow, unitsFolder, writeUnitRow } from "./unit-rows";

/** What came of a unit: it was done, its row was there, the signal paused it, or another process does it. */
export type UnitEnd = "done" | "found" | "paused" | "taken";

const claimsFolder = (folder: string) => join(folder, "claims");

/** Does a unit that is not done, and that nobody else does. */
export async function doUnit<Row>(
  worker: UnitWorker<Row>,
  unit: Unit,
  context: UnitContext,
): Promise<UnitEnd> {
  const { folder } = context;
  if (hasUnitRow(folder, unit)) return "found";
  const place = join(claimsFolder(folder), unit.key);
  const claim = claimOf(place);
  if (!claim) return "taken";
  try {
    if (claim.lapsed.length > 0) removeAbandonedFiles(unitsFolder(folder), claim.lapsed);
    if (hasUnitRow(folder, unit)) return "found"; // it was done between the two looks
    const row = await worker.run(unit, context);
    if (row === undefined) return "paused";
    claim.check();
    writeUnitRow(folder, unit, row);
    return "done";
  } finally {
    claim.release();
    removeEmpty(place); // a killed holder made it, and cannot
  }
}

function claimOf(place: string) {
  makeFolder(dirname(place)); // which stays: the next claim need not make it
  try {
    return lockFolder(place);
  } catch (error) {
    if (error instanceof FolderTakenError) return undefined;
    throw error;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has gone, or the next claim lies in it.
  }
}

/** Which units of a run are being done, by key: each with its process, such as "process 12 of another machine". */
export function unitsBeingDone(folder: string): Map<string, string> {
  const claims = claimsFolder(folder);
  const keys = existsSync(claims) ? readdirSync(claims) : [];
  return new Map(
    keys.flatMap((key): [string, string][] => {
      const holder = claimedBy(join(claims, key));
      return holder === undefined ? [] : [[key, holder]];
    }),
  );
}

/** A unit, and all that another process needs to do it. */
export interface UnitJob {
  /** The experiment's name, or the file that declares it. */
  experiment: string;
  configuration: CommonConfiguration;
  unit: Unit;
  folder: string;
  /** Where the data come from, where somebody has loaded them before. */
  dataSource?: string;
}

/** Does units of any runs, one after the other; those in a row of the same run share its data and its worker. */
export function createUnitDoer() {
  let current: { run: object; worker: Promise<UnitWorker<unknown>> } | undefined;
  const dispose = async () => {
    const worker = await current?.worker.catch(() => undefined);
    current = undefined;
    worker?.dispose();
  };
  return {
    /** Does a unit. @throws what its experiment throws */
    async do(
      { experiment, configuration, unit, folder, dataSource }: UnitJob,
      context: Omit<UnitContext, "folder">,
    ): Promise<UnitEnd> {
      const run = { experiment, configuration, folder, dataSource };
      if (!isDeepStrictEqual(current?.run, run)) {
        await dispose();
        current = { run, worker: startWorker(experimentNamed(experiment), run) };
      }
      try {
        return await doUnit(await (current as NonNullable<typeof current>).worker, unit, {
          folder,
          ...context,
        });
      } catch (error) {
        await dispose(); // the next unit begins afresh
        throw error;
      }
    },
    dispose,
  };
}

async function startWorker(
  experiment: Experiment,
  { configuration, folder, dataSource }: Omit<UnitJob, "unit" | "experiment">,
): Promise<UnitWorker<unknown>> {
  const loaded = await experiment.load(configuration, { progress: silentProgress });
  const data: RunData = { ...loaded, dataSource: dataSource ?? loaded.dataSource };
  await joinRun(experiment, configuration, data, folder);
  return trackUnits(experiment, configuration, experiment.begin(configuration, data));
}
