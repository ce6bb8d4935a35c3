// Writes a file so that readers see either the old content or all of the new: a temporary file in the
// same folder, flushed to disk, then renamed over the target (rename(2) is atomic within one folder).
// A symbolic link at the target is replaced, not followed.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Writes a whole file or nothing, creating its folder where absent.
 *
 * @param path the file to create or replace
 * @param content text (written as UTF-8), bytes, or a list of byte chunks written one after another
 * @throws {Error} naming the path and the cure where the folder is read-only, the disk full or the name taken
 *   by a folder; the error keeps the system's `code` (such as "ENOSPC"), and no temporary file stays behind
 */
export function writeFileAtomically(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): void {
  const target = resolve(path);
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target).slice(0, 60)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    makeFolder(folder);
    try {
      writeDurably(temporary, content);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw explain(path, folder, error);
  }
  flushFolder(folder);
}

/** Makes a folder and those above it; mkdir's own `recursive` never returns for a folder under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}

function writeDurably(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const file = openSync(path, "wx");
  try {
    const chunks = Array.isArray(content) ? content : [content];
    for (const chunk of chunks) writeFileSync(file, chunk); // on a descriptor: appends at its position
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename itself durable; Windows and some network disks cannot, and lose nothing by it. */
function flushFolder(folder: string): void {
  try {
    const directory = openSync(folder, "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {
    // The content is in place; only its survival of a power cut in the next seconds is unknown.
  }
}

const CURES: Record<string, (folder: string) => string> = {
  EACCES: (folder) => `folder ${folder} is not writable: make it writable or choose another folder`,
  ENOSPC: (folder) => `the disk of ${folder} is full: free some space or choose another disk`,
  EISDIR: () => "a folder has that name: remove the folder or choose another name",
  ENOTDIR: (folder) =>
    `a file stands where folder ${folder} should be: remove the file or choose another folder`,
  ENOENT: (folder) =>
    `folder ${folder} cannot be made: see that its disk is mounted and its links lead somewhere`,
  ENAMETOOLONG: () => "the name is too long for this disk: choose a shorter one",
};
const SAME_CURE: Record<string, string> = {
  EPERM: "EACCES",
  EROFS: "EACCES",
  EDQUOT: "ENOSPC",
  ENOTEMPTY: "EISDIR",
};

function explain(path: string, folder: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const cure = CURES[SAME_CURE[code] ?? code];
  const reason = cure ? `${cure(folder)} (${code})` : message;
  return Object.assign(new Error(`Cannot write ${path} as ${reason}`, { cause: error }), { code });
}
