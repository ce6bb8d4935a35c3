// Where tracked runs go: MLFLOW_TRACKING_URI names a server of the user's, or a SQLite file; otherwise they go to a SQLite file
// that the caller names, by default one for the whole project. A file is reached through a server of our own.
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { inProject } from "../environment/paths.mjs";

/** A SQLite file, and the folder beside it that takes artefacts. */
export interface TrackingStore {
  database: string;
  artefacts: string;
}

/** A server's address, or a store behind a server of our own. */
export type TrackingTarget = { server: string } | { store: TrackingStore };

/** The file that all runs go to for which nothing else is said. */
export const projectStore = (): TrackingStore => storeAt(inProject("results", "mlflow", "mlflow.db"));

/**
 * Names a store by its file: artefacts lie beside it, in `artifacts`.
 *
 * @param database path of a SQLite file
 * @example
 * import { storeAt } from "dolab";
 * storeAt("/data/mlflow.db"); // => { database: "/data/mlflow.db", artefacts: "/data/artifacts" }
 */
export const storeAt = (database: string): TrackingStore => ({
  database: resolve(database),
  artefacts: join(dirname(resolve(database)), "artifacts"),
});

/**
 * Finds where tracked runs go: to what MLFLOW_TRACKING_URI names, and where it names nothing, to a SQLite file.
 *
 * @param store the SQLite file where MLFLOW_TRACKING_URI names nothing; by default one for the whole project
 * @throws {RangeError} where MLFLOW_TRACKING_URI is neither a server's address nor a SQLite file
 * @example
 * import { trackingTarget } from "dolab";
 * process.env.MLFLOW_TRACKING_URI = "http://localhost:5000/";
 * trackingTarget(); // => { server: "http://localhost:5000" }
 * delete process.env.MLFLOW_TRACKING_URI;
 */
export function trackingTarget(store: TrackingStore = projectStore()): TrackingTarget {
  const uri = process.env.MLFLOW_TRACKING_URI;
  if (!uri) return { store };
  if (/^https?:\/\//.test(uri)) return { server: uri.replace(/\/+$/, "") };
  const [, file] = /^sqlite:\/{3}(.+)$/.exec(uri) ?? [];
  if (file) return { store: storeAt(file) };
  throw new RangeError(
    `Cannot track as MLFLOW_TRACKING_URI must be a server's address (http://...) or a SQLite file (sqlite:////path/of/mlflow.db): got "${uri}"`,
  );
}

/** A target's name in positions and messages. */
export const targetName = (target: TrackingTarget): string =>
  "server" in target ? target.server : target.store.database;
