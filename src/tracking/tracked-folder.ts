// What a run's folder says of its tracking, in tracking/about.json, so that any process can go on with it.
import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../io";
import { trackingFolder } from "./journal";
import type { TrackingStore } from "./store";

/** What all that is tracked of a folder has in common, as FOLDER/tracking/about.json keeps it for every process. */
export interface TrackedFolder {
  /** MLflow's experiment. */
  experiment: string;
  /** The id of the run above, which may be that of another folder. */
  parent?: string;
  /** The journal of the run as a whole: `parent` is its id where it is here. */
  whole?: { key: string; id: string };
  store: TrackingStore;
}

const aboutFile = (folder: string) => join(trackingFolder(folder), "about.json");

/**
 * Reads how a folder's runs are tracked.
 *
 * @param folder the run's folder
 * @returns undefined where nothing of it is tracked
 * @throws {SyntaxError} for a damaged file
 * @example
 * import { readTrackedFolder } from "dolab";
 * readTrackedFolder("results/reference/wscrl-standard"); // => undefined
 */
export function readTrackedFolder(folder: string): TrackedFolder | undefined {
  const file = aboutFile(folder);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as TrackedFolder;
}

/**
 * Says how a folder's runs are tracked, where that is not said yet: a sweep does so, with its own `tracker.id` as their parent.
 *
 * @param folder the run's folder
 * @param about MLflow's experiment, the id of the run above, and where the runs go
 * @returns what the folder says now: `about`, or what another process said before
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { describeTracking, storeAt } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/tracked-`);
 * const store = storeAt("mlflow.db");
 * describeTracking(folder, { experiment: "darts", store }).experiment; // => "darts"
 * describeTracking(folder, { experiment: "archery", store }).experiment; // => "darts"
 * rmSync(folder, { recursive: true });
 */
export function describeTracking(folder: string, about: TrackedFolder): TrackedFolder {
  const own = `${aboutFile(folder)}.${randomUUID()}`;
  try {
    if (existsSync(aboutFile(folder))) return readTrackedFolder(folder) ?? about;
    writeFileAtomically(own, `${JSON.stringify(about, null, 1)}\n`);
    linkSync(own, aboutFile(folder)); // whole, and by the first of several processes alone
    return about;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readTrackedFolder(folder) ?? about;
  } finally {
    rmSync(own, { force: true });
  }
}
