// What a training run keeps: checkpoints and rows of metrics in a folder that is locked meanwhile, or, without a folder,
// rows in memory. A checkpoint is written after the rows of its step, so a run that is killed resumes at a checkpoint and
// drops the rows after it.
import { join } from "node:path";
import type { PlainObject } from "../io";
import { lockFolder } from "../io/folder-lock";
import { removeAbandonedFiles } from "../io/write-atomically";
import {
  type Checkpoint,
  type CheckpointNotes,
  type NamedVariables,
  readCheckpoint,
  type readVariables,
  requireFit,
  writeCheckpoint,
} from "./checkpoint";
import {
  checkpointFile,
  checkpointsIn,
  chooseCheckpoint,
  pruneCheckpoints,
  type Resume,
  removeCheckpointsAfter,
} from "./checkpoint-folder";
import { type MetricsLog, type MetricsRow, memoryLog, openMetricsLog } from "./metrics-log";

export interface RunStore {
  /** What to go on from, found to fit; nothing of it is restored yet. */
  readonly checkpoint: Checkpoint | undefined;
  readonly rows: readonly MetricsRow[];
  /** File of the newest checkpoint. */
  readonly newest: string | undefined;
  /** Removes what comes after the checkpoint to go on from, or all where there is none. */
  begin(): void;
  append(row: MetricsRow): void;
  /** Writes a checkpoint and removes old ones. */
  save(tensors: ReturnType<typeof readVariables>, notes: Omit<CheckpointNotes, "config">): void;
  /** Lets others write to the folder. */
  close(): void;
}

export interface StoreOptions {
  variables: NamedVariables;
  config: PlainObject;
  resume: Resume;
  replace: boolean;
  keep: number;
  keepSteps: readonly number[];
}

/** Keeps nothing but the rows of this run. */
export function memoryStore(): RunStore {
  const { rows, append } = memoryLog();
  return { checkpoint: undefined, newest: undefined, rows, append, begin() {}, save() {}, close() {} };
}

/**
 * Opens a folder for a run, changing nothing in it yet.
 *
 * @throws {CheckpointError} where the checkpoint to go on from does not fit; {RangeError} where there is none such;
 *   {Error} where another process writes there
 */
export function openRunStore(folder: string, options: StoreOptions): RunStore {
  const lock = lockFolder(folder);
  try {
    for (const place of [folder, checkpointsIn(folder)]) removeAbandonedFiles(place, lock.lapsed);
    const { variables, config, resume, replace, keep, keepSteps } = options;
    const step = chooseCheckpoint(folder, resume, { replace });
    const checkpoint = step === undefined ? undefined : readCheckpoint(checkpointFile(folder, step));
    if (checkpoint) requireFit(checkpoint, variables, { config });
    const log = openMetricsLog(join(folder, "metrics.jsonl"));
    return new FolderStore(folder, { log, checkpoint, config, lock, keep, keepSteps });
  } catch (error) {
    lock.release();
    throw error;
  }
}

class FolderStore implements RunStore {
  readonly checkpoint: Checkpoint | undefined;
  newest: string | undefined;

  constructor(
    private readonly folder: string,
    private readonly parts: Pick<StoreOptions, "config" | "keep" | "keepSteps"> & {
      log: MetricsLog;
      checkpoint: Checkpoint | undefined;
      lock: ReturnType<typeof lockFolder>;
    },
  ) {
    this.checkpoint = parts.checkpoint;
    this.newest = parts.checkpoint?.file;
  }

  get rows(): readonly MetricsRow[] {
    return this.parts.log.rows;
  }

  begin(): void {
    const step = this.checkpoint?.step ?? -1;
    removeCheckpointsAfter(this.folder, step); // before the rows: no checkpoint without its rows
    this.parts.log.cutAfter(step);
  }

  append(row: MetricsRow): void {
    this.parts.lock.check();
    this.parts.log.append(row);
  }

  save(tensors: ReturnType<typeof readVariables>, notes: Omit<CheckpointNotes, "config">): void {
    const { config, keep, keepSteps, lock, log } = this.parts;
    const file = checkpointFile(this.folder, notes.step);
    lock.check();
    log.flush();
    writeCheckpoint(file, tensors, { ...notes, config });
    this.newest = file;
    pruneCheckpoints(this.folder, keep, keepSteps);
  }

  close(): void {
    this.parts.lock.release();
  }
}
