// A tracker keeps what runs have to say in journals (journal.ts) and sends it to MLflow meanwhile (sender.ts). A run that is
// tracked has a run of its own in MLflow, and one below it for each of its parts.
import { randomUUID } from "node:crypto";
import { mlflowClient } from "./mlflow-client";
import { openMlflowServer } from "./mlflow-server";
import { type Sender, type SendingEnd, sendingEnd, startSender, WHOLE } from "./sender";
import { projectStore, type TrackingStore, type TrackingTarget, targetName, trackingTarget } from "./store";
import { describeTracking, type TrackedFolder } from "./tracked-folder";
import { openTrackedRun, type RunFacts, type TrackedRun } from "./tracked-run";

export interface TrackerOptions {
  /** The run's folder. */
  folder: string;
  /** MLflow's experiment. */
  experiment: string;
  /** The SQLite file where MLFLOW_TRACKING_URI names nothing else; by default one for the whole project. */
  store?: TrackingStore;
  /** Other folders of which this process sends the journals, such as those of a sweep's runs; asked anew at each look. */
  folders?: () => readonly string[];
  /** Whether this process sends what is kept; by default it does. */
  sends?: boolean;
  /** The key of the run as a whole, by default "run"; that of its only part where it has no other. */
  whole?: string;
}

export interface Tracker {
  /** The id of the run as a whole, to be the `parent` of other folders' runs (`describeTracking`). */
  readonly id: string;
  /** The run as a whole: the first call begins it, a later one, or that of a later process, goes on with it. */
  run(facts: RunFacts): TrackedRun;
  /** A part of it, by a key that is a file's name. */
  part(key: string, facts: RunFacts): TrackedRun;
  /**
   * Sends what is left, ends the server that was started, and says what could not be sent.
   *
   * @param options.patience milliseconds without progress after which the rest is left for `dolab mlflow sync`
   */
  close(options?: { patience?: number }): Promise<TrackingEnd>;
}

export interface TrackingEnd extends SendingEnd {
  /** Where the runs are: a server's address, or a SQLite file. */
  target: string;
}

/** Milliseconds without progress until the end of a run leaves the rest; a server of our own takes some seconds to start. */
const PATIENCE = 60_000;

/**
 * Begins to track a run, or goes on with it.
 *
 * @param options the run's folder, MLflow's experiment, and who sends what is kept
 * @returns at once; a server is started, and sent to, while the run goes
 * @throws {RangeError} where MLFLOW_TRACKING_URI is no address and no SQLite file
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { createTracker } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/tracked-`);
 * process.env.MLFLOW_TRACKING_URI = "http://127.0.0.1:9"; // nobody listens there
 * const tracker = createTracker({ folder, experiment: "darts" });
 * const run = tracker.run({ title: "a first try", parameters: { darts: 100 } });
 * run.metrics({ pi: 3.2 });
 * run.end("FINISHED");
 * const { waiting } = await tracker.close({ patience: 50 });
 * waiting; // => 1
 * delete process.env.MLFLOW_TRACKING_URI;
 * rmSync(folder, { recursive: true });
 */
export function createTracker(options: TrackerOptions): Tracker {
  const { folder, experiment, store, folders, sends = true, whole = WHOLE } = options;
  const id = randomUUID();
  const own: TrackedFolder = {
    experiment,
    parent: id,
    whole: { key: whole, id },
    store: store ?? projectStore(),
  };
  const about = describeTracking(folder, own);
  const target = trackingTarget(about.store);
  const all = () => [folder, ...(folders?.() ?? [])];
  const sender = sends ? startTargetSender(target, all) : undefined;
  return {
    id: about.parent ?? id,
    run: (facts) => openTrackedRun(folder, about.whole?.key ?? whole, facts, about),
    part: (key, facts) => openTrackedRun(folder, key, facts, about),
    async close({ patience = PATIENCE } = {}) {
      const name = targetName(target);
      const end = await (sender?.finish(patience) ?? sendingEnd(all(), name, "they are sent later"));
      return { target: name, ...end };
    },
  };
}

/** Sends journals to a target: a server's address, or a SQLite file through a server of our own. */
export function startTargetSender(target: TrackingTarget, folders: () => readonly string[]): Sender {
  return startSender({
    folders,
    store: targetName(target),
    async connect() {
      if ("server" in target) return { client: mlflowClient(target.server), close: async () => undefined };
      const server = await openMlflowServer(target.store);
      return { client: mlflowClient(server.uri), close: server.close };
    },
  });
}

/**
 * Sends what a folder's journals hold that was not sent.
 *
 * @param folder the run's folder
 * @param about what it says of its tracking, as `readTrackedFolder` reads it
 * @param options `patience` is how many milliseconds without progress pass before the rest is left
 * @returns how many runs still wait, and why
 * @throws {RangeError} where MLFLOW_TRACKING_URI is no address and no SQLite file
 * @example
 * import { storeAt, syncTracking } from "dolab";
 * process.env.MLFLOW_TRACKING_URI = "http://127.0.0.1:9"; // nobody listens there
 * const end = await syncTracking("a-folder-of-no-run", { store: storeAt("mlflow.db") }, { patience: 50 });
 * end.waiting; // => 0
 * delete process.env.MLFLOW_TRACKING_URI;
 */
export async function syncTracking(
  folder: string,
  about: Pick<TrackedFolder, "store">,
  { patience = PATIENCE }: { patience?: number } = {},
): Promise<TrackingEnd> {
  const target = trackingTarget(about.store);
  const sender = startTargetSender(target, () => [folder]);
  return { target: targetName(target), ...(await sender.finish(patience)) };
}
