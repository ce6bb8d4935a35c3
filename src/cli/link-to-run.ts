// Where the commands of source document 004 put their results, under both names that the document has for it.
import { lstatSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PlainObject } from "../io/plain-data";

/**
 * Makes BASE/NAME a link to BASE/experiments/NAME, where nothing stands there: the document says that experiments are in the
 * second, and looks for its metrics in the first.
 */
export function linkToRun({ base_dir: base, exp_name: name }: PlainObject, folder: string): void {
  const link = join(String(base), String(name));
  if (resolve(folder) !== resolve(String(base), "experiments", String(name))) return;
  if (lstatSync(link, { throwIfNoEntry: false })) return;
  try {
    symlinkSync(join("experiments", String(name)), link);
  } catch {
    // A file system without links: the path that is printed is the one to take.
  }
}
