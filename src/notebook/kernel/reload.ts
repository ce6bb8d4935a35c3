// Edits to the library are seen without a kernel restart: before a cell that imports dolab runs, every module of
// src that changed on disk is forgotten, together with all others of src, so that they load anew as one consistent
// set. What must outlive that (the TensorFlow instance, the kernel itself) lives outside of src or in this folder.
import fs from "node:fs";
import path from "node:path";

export interface SourceWatch {
  /** Forgets the loaded modules if a source file changed since the last call; returns whether it did. */
  forgetChanged(): boolean;
}

/**
 * @param folder the library's sources
 * @param kept modules under it that are never loaded anew
 */
export function watchSources(folder: string, kept: string): SourceWatch {
  let newest = stamp(folder);
  return {
    forgetChanged() {
      const now = stamp(folder);
      if (now === newest) return false;
      newest = now;
      for (const file of Object.keys(require.cache)) {
        if (file.startsWith(folder + path.sep) && !file.startsWith(kept)) delete require.cache[file];
      }
      return true;
    },
  };
}

/** Changes when any source file is edited, added or removed. */
function stamp(folder: string): string {
  let count = 0;
  let newest = 0;
  let total = 0;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const { mtimeMs, size } = fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name));
    count += 1;
    total += size;
    newest = Math.max(newest, mtimeMs);
  }
  return `${count}:${newest}:${total}`;
}
