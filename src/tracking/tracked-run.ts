// A run that is tracked: what it has to say goes into its journal (journal.ts), whatever becomes of the sending.
import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { join, relative, resolve } from "node:path";
import { listenToTraining, type TrainingRow } from "../train";
import { type JournalEntry, journalFile, journalNumber, openJournal, type RunStatus } from "./journal";
import type { TrackedFolder } from "./tracked-folder";

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

/**
 * Opens a run's journal, in whatever process; nothing is sent from here.
 *
 * @param folder the run's folder, where its journal lies
 * @param key the run's key among those of the folder, as a file's name
 * @param facts its title, parameters and tags; a run that was begun before keeps those that it has
 * @param about what its folder says of its tracking
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { openTrackedRun, storeAt } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/tracked-`);
 * const about = { experiment: "darts", store: storeAt("mlflow.db") };
 * const run = openTrackedRun(folder, "seed-1", { title: "seed 1" }, about);
 * run.metrics({ pi: 3.2 });
 * openTrackedRun(folder, "seed-1", { title: "seed 1" }, about).id === run.id; // => true
 * rmSync(folder, { recursive: true });
 */
export function openTrackedRun(
  folder: string,
  key: string,
  facts: RunFacts,
  about: TrackedFolder,
): TrackedRun {
  const { title, parameters = {}, tags = {} } = facts;
  const { experiment, parent, whole } = about;
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
