import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Path of a fixture of src/io and src/data. */
export function fixture(name: string): string {
  return join(__dirname, "../fixtures/io", name);
}

/** Path of a file that document 001's own script wrote. */
export function documentFile(name: string): string {
  return join(__dirname, "../fixtures/seed001/expected", name);
}

/** A folder that goes when the test ends. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "dolab-io-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file of these bytes in a folder that goes when the test ends. */
export function scratchFile(t: TestContext, content: Uint8Array | string, name = "file.npz"): string {
  const path = join(scratchFolder(t), name);
  writeFileSync(path, content);
  return path;
}
