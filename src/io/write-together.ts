// Replaces a group of files as one: all are staged and flushed, a journal then names them, and only then are they put
// in place, one rename after the other. Before the journal nothing has changed; after it nothing is lost: whoever opens
// the folder next finishes what a killed process began. A reader in the few microseconds between two renames, or
// between a kill and the next opening, can see new files beside old ones; POSIX has no rename of several files.
// No npm package does this for a group of files (test/io/interrupted-writes.test.ts kills a writer at every step).

import { existsSync, rmSync, statSync } from "node:fs";
import { dirname, join, normalize, resolve, sep } from "node:path";
import { readJson } from "./json";
import {
  discard,
  explainWriteFailure,
  type FileContent,
  flushFolder,
  placeFile,
  stageFile,
  writeFileAtomically,
} from "./write-atomically";

const JOURNAL = ".group.json";

/** What a journal asks for; its paths are relative to the folder. */
interface Journal {
  place: [temporary: string, name: string][];
  remove: string[];
}

/**
 * Writes several files of a folder, and removes others, so that either all of it happens or nothing.
 *
 * One writer at a time: the caller holds the folder's lock.
 *
 * @param files by name relative to the folder; the last is put in place last
 * @param options.remove names of files to remove in the same step
 * @throws {Error} as `writeFileAtomically` does. Where that comes while files are staged, nothing has changed and no
 *   temporary file stays; where a rename fails, the group is finished by the next write or opening
 */
export function writeTogether(
  folder: string,
  files: readonly { name: string; content: FileContent }[],
  { remove = [] }: { remove?: readonly string[] } = {},
): void {
  finishGroup(folder);
  if (files.length + remove.length === 0) return;
  if (files.length === 1 && remove.length === 0) {
    writeFileAtomically(join(folder, files[0].name), files[0].content);
    return;
  }
  for (const { name } of files) refuseFolder(join(folder, name));
  const root = resolve(folder);
  const place: Journal["place"] = [];
  try {
    for (const { name, content } of files) {
      place.push([stageFile(join(folder, name), content).slice(root.length + 1), name]);
    }
    for (const inner of foldersOf(folder, place)) flushFolder(inner);
    writeFileAtomically(join(folder, JOURNAL), JSON.stringify({ place, remove }));
  } catch (error) {
    for (const [temporary] of place) discard(join(folder, temporary));
    throw error;
  }
  finishGroup(folder);
}

/** Does what the journal of an interrupted group still asks for; nothing where there is none. */
export function finishGroup(folder: string): void {
  const journal = join(folder, JOURNAL);
  if (!existsSync(journal)) return;
  const { place, remove } = readJson(journal) as Journal;
  for (const name of [...place.flat(), ...remove]) refuseOutside(journal, name);
  for (const [temporary, name] of place) {
    if (existsSync(join(folder, temporary))) placeFile(join(folder, temporary), join(folder, name));
  }
  for (const name of remove) rmSync(join(folder, name), { force: true });
  for (const inner of foldersOf(folder, place)) flushFolder(inner);
  rmSync(journal);
  flushFolder(folder); // or a power cut could bring back a journal that removes later files
}

const foldersOf = (folder: string, place: Journal["place"]) =>
  new Set(place.map(([, name]) => dirname(join(folder, name))));

/** Looks before the first rename for what would stop a later one. */
function refuseFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw explainWriteFailure(path, dirname(path), { code: "EISDIR" });
}

function refuseOutside(journal: string, name: string): void {
  const inner = normalize(name);
  if (inner.startsWith("..") || resolve(sep, inner) === resolve(inner))
    throw new RangeError(`Cannot finish ${journal} as its files lie in its folder: got "${name}"`);
}
