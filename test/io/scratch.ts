import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../support/temporary-folder";

/** Path of a fixture of src/io and src/data. */
export function fixture(name: string): string {
  return join(__dirname, "../fixtures/io", name);
}

/** Path of a file that document 001's own script wrote. */
export function documentFile(name: string): string {
  return join(__dirname, "../fixtures/seed001/expected", name);
}

/** A folder that goes when the test ends. */
export const scratchFolder = (t: TestContext) => temporaryFolder(t);

/** A file of these bytes in a folder that goes when the test ends. */
export function scratchFile(t: TestContext, content: Uint8Array | string, name = "file.npz"): string {
  const path = join(scratchFolder(t), name);
  writeFileSync(path, content);
  return path;
}
