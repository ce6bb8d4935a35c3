// Writes a file so that readers see either the old content or all of the new: a temporary file in the
// same folder, flushed to disk, then renamed over the target (rename(2) is atomic within one folder).
// A symbolic link at the target is replaced, not followed. The package write-file-atomic leaves the temporary files of
// killed processes for good, where the next writer here removes them (test/io/interrupted-writes.test.ts).

import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { markedProcess, processMark, processMarkPattern } from "./process-mark";

/** Text (written as UTF-8), bytes, or a list of byte chunks written one after another. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

/**
 * Writes a whole file or nothing, creating its folder where absent.
 *
 * @param path the file to create or replace
 * @param content text (written as UTF-8), bytes, or a list of byte chunks written one after another
 * @throws {Error} naming the path and the cure where the folder is read-only, the disk full or the name taken
 *   by a folder; the error keeps the system's `code` (such as "ENOSPC"), and no temporary file stays behind
 * @example
 * import { readFileSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { writeFileAtomically } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.txt`;
 * writeFileAtomically(path, ["tau,", "0.5\n"].map((text) => Buffer.from(text)));
 * readFileSync(path, "utf8"); // => "tau,0.5\n"
 * rmSync(path);
 */
export function writeFileAtomically(path: string, content: FileContent): void {
  const temporary = stageFile(path, content);
  try {
    placeFile(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
  flushFolder(dirname(resolve(path)));
}

/**
 * Writes a file's content, flushed to disk, under a temporary name beside it.
 *
 * @returns the temporary file, for `placeFile`
 * @throws {Error} as `writeFileAtomically` does, with nothing left behind
 */
export function stageFile(path: string, content: FileContent): string {
  const target = resolve(path);
  const folder = dirname(target);
  const maker = `${processMark()}-${randomBytes(6).toString("hex")}`;
  const temporary = join(folder, `.${basename(target).slice(0, 60)}.${maker}.tmp`);
  try {
    makeFolder(folder);
    writeDurably(temporary, content);
    return temporary;
  } catch (error) {
    discard(temporary);
    throw explainWriteFailure(path, folder, error);
  }
}

/** Puts a staged file in its place, in one step. @throws {Error} as `writeFileAtomically` does; the staged file stays */
export function placeFile(temporary: string, path: string): void {
  try {
    renameSync(temporary, path);
  } catch (error) {
    throw explainWriteFailure(path, dirname(resolve(path)), error);
  }
}

/** Removes a file where that can be done: what went wrong before is the error to tell. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder is gone, is no folder, or was made read-only: then the next opening of a writable one cleans up.
  }
}

const TEMPORARY = new RegExp(`^\\..*\\.(${processMarkPattern})-[0-9a-f]+\\.tmp$`, "s");

/**
 * Removes the temporary files that ended processes left in a folder; those of living ones stay.
 *
 * @param ended marks of processes of other machines that are known to have ended
 */
export function removeAbandonedFiles(folder: string, ended: readonly string[] = []): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const mark = TEMPORARY.exec(name)?.[1];
    if (mark && (ended.includes(mark) || markedProcess(mark) === "ended")) discard(join(folder, name));
  }
}

/**
 * Makes a folder and those above it; mkdir's own `recursive` never returns for a folder under /proc.
 *
 * @returns the folders that were made, innermost first
 */
export function makeFolder(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
    return above;
  }
  return [folder, ...above];
}

function writeDurably(path: string, content: FileContent): void {
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
export function flushFolder(folder: string): void {
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
  EFBIG: (folder) =>
    `the file is larger than ${folder} or your limit (ulimit -f) lets it be: raise the limit`,
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

/** The error for a file that could not be written: the reason and the cure, with the system's `code`. */
export function explainWriteFailure(path: string, folder: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const cure = CURES[SAME_CURE[code] ?? code];
  const reason = cure ? `${cure(folder)} (${code})` : message;
  return Object.assign(new Error(`Cannot write ${path} as ${reason}`, { cause: error }), { code });
}
