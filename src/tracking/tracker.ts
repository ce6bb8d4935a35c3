// A tracker keeps what runs have to say in journals (journal.ts) and sends it to MLflow meanwhile (sender.ts). A run that is
// tracked has a run of its own in MLflow, and one below it for each of its parts.
import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join, relative, resolve } from "node:path";
import { writeFileAtomically } from "../io";
import { listenToTraining, type TrainingRow } from "../train";
import {
  type JournalEntry,
  journalFile,
  journalNumber,
  openJournal,
  type RunStatus,
  trackingFolder,
} from "./journal";
import { mlflowClient } from "./mlflow-client";
import { openMlflowServer } from "./mlflow-server";
import { type Sender, type SendingEnd, sendingEnd, startSender, WHOLE } from "./sender";
import { projectStore, type TrackingStore, type TrackingTarget, targetName, trackingTarget } from "./store";

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

/** What a run is called and made of. */
export interface RunFacts {
  title: string;
  parameters?: Readonly<Record<string, unknown>>;
  tags?: Readonly<Record<string, string>>;
}

/** A run that is tracked. Nothing here throws, waits for a server, or takes longer than appending a line to a file. */
export interface TrackedRun {
  readonly id: string;
  /** Keeps numbers. @param step of a training, by default 0 */
  metrics(values: Readonly<Record<string, number>>, options?: { step?: number }): void;
  tags(tags: Readonly<Record<string, string>>): void;
  /** Keeps a file as an artefact. @param file within the run's folder @param path its name in MLflow, by default the same */
  file(file: string, path?: string): void;
  /** Keeps a text as an artefact. */
  text(path: string, content: string): void;
  /** Keeps each row of metrics that the trainings in `body` log, as train.loss and so on. */
  watch<Value>(body: () => Value): Value;
  end(status: Exclude<RunStatus, "RUNNING">): void;
}

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

const aboutFile = (folder: string) => join(trackingFolder(folder), "about.json");

/** What is known of a folder's tracking; undefined where nothing of it is tracked. @throws {SyntaxError} for a damaged file */
export function readTrackedFolder(folder: string): TrackedFolder | undefined {
  const file = aboutFile(folder);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as TrackedFolder;
}

/** Says how a folder's runs are tracked, where that is not said yet: a sweep does so, with its own `tracker.id` as their parent. */
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

/**
 * Begins to track a run, or goes on with it.
 *
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
export function createTracker({
  folder,
  experiment,
  store,
  folders,
  sends = true,
  whole = WHOLE,
}: TrackerOptions): Tracker {
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
 * @param options.patience milliseconds without progress after which the rest is left
 */
export async function syncTracking(
  folder: string,
  { store }: Pick<TrackedFolder, "store">,
  { patience = PATIENCE }: { patience?: number } = {},
): Promise<TrackingEnd> {
  const target = trackingTarget(store);
  const sender = startTargetSender(target, () => [folder]);
  return { target: targetName(target), ...(await sender.finish(patience)) };
}

/** Opens a run's journal, in whatever process; nothing is sent from here. @param about what its folder says */
export function openTrackedRun(
  folder: string,
  key: string,
  { title, parameters = {}, tags = {} }: RunFacts,
  { experiment, parent, whole }: TrackedFolder,
): TrackedRun {
  const { entries, append } = openJournal(journalFile(folder, key));
  const [first] = entries;
  const isWhole = key === whole?.key;
  const id = first?.kind === "run" ? first.id : isWhole ? whole.id : randomUUID();
  const time = Date.now();
  if (first === undefined)
    append({
      kind: "run",
      id,
      parent: isWhole ? undefined : parent,
      experiment,
      title,
      time,
      parameters: Object.fromEntries(
        Object.entries(flat(parameters)).map(([name, value]) => [name, textOf(value)]),
      ),
      tags: {
        "mlflow.user": userName(),
        "mlflow.source.name": "dolab",
        "dolab.folder": resolve(folder),
        ...tags,
      },
    });
  else append({ kind: "status", status: "RUNNING", time });
  const keepMetrics = (values: Readonly<Record<string, number>>, step: number) =>
    append({
      kind: "metrics",
      time: Date.now(),
      step,
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, journalNumber(value)])),
    });
  const kept = newestSteps(entries);
  return {
    id,
    metrics: (values, { step = 0 } = {}) => keepMetrics(values, step),
    tags: (given) => append({ kind: "tags", tags: { ...given } }),
    file: (file, path = file) => append({ kind: "file", file, path }),
    text: (path, content) => append({ kind: "text", path, content }),
    watch: (body) =>
      listenToTraining((row) => {
        const fresh = Object.entries(named(row, folder, key)).filter(
          ([name]) => row.step > (kept.get(name) ?? -1),
        );
        if (fresh.length === 0) return;
        for (const [name] of fresh) kept.set(name, row.step);
        keepMetrics(Object.fromEntries(fresh), row.step);
      }, body),
    end: (status) => append({ kind: "status", status, time: Date.now() }),
  };
}

/** The last step of each metric: a run that is gone on with repeats none. */
function newestSteps(entries: readonly JournalEntry[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === "metrics")
      for (const name of Object.keys(entry.values))
        newest.set(name, Math.max(entry.step, newest.get(name) ?? -1));
  return newest;
}

/**
 * Names a row's numbers: train.loss. Where a run trains more than once, the trainings' folders tell them apart, without what
 * all of them share: train.sweep.loss for FOLDER/checkpoints/KEY/sweep.
 */
function named({ values, folder: place, epoch }: TrainingRow, folder: string, key: string) {
  const within = place === undefined ? "" : relative(join(folder, "checkpoints"), place);
  const parts = within.startsWith("..")
    ? []
    : within.split(/[\\/]/).filter((part) => part !== "" && part !== key);
  const prefix = ["train", ...parts].join(".");
  const all = { ...values, ...(Number.isFinite(epoch) ? { epoch } : {}) };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** Nested keys with dots: { data: { dim_z: 3 } } as { "data.dim_z": 3 }. Lists stay whole. */
export function flat(values: Readonly<Record<string, unknown>>, prefix = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.entries(flat(value as Record<string, unknown>, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  );
}

const textOf = (value: unknown) =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return hostname(); // a container's user may have no name
  }
}
