// A folder for one test file, or for the one test that is given, removed when that is over.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";

export function temporaryFolder(test?: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "dolab-test-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (test) test.after(remove);
  else after(remove);
  return folder;
}
