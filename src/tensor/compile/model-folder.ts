// The folder through which a graph reaches TensorFlow, whose binding loads SavedModels from disk only. It is removed as
// soon as the graph is loaded; one that a crash left behind is removed by the next process that compiles.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "dolab-graph-";
/** A folder lives for the seconds of one load: an older one of a process that is gone is stale. */
const youngestStale = 60_000;
let cleaned = false;

/**
 * Writes a SavedModel to a temporary folder for as long as `load` runs.
 *
 * @param savedModel the bytes of saved_model.pb
 */
export function withModelFolder<T>(savedModel: Uint8Array, load: (folder: string) => T): T {
  if (!cleaned) removeStaleFolders();
  cleaned = true;
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel);
    return load(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the folders that crashed processes left. */
export function removeStaleFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const folder = join(tmpdir(), name);
    try {
      if (Date.now() - statSync(folder).mtimeMs < youngestStale) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process has removed it, or it is another user's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
