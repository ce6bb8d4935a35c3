import { existsSync } from "node:fs";
import type { TestContext } from "node:test";
import { environmentPython } from "../../src/environment/paths.mjs";

/** Whether the project's Python environment is there; skips the test with the reason if not. */
export function havePython(t: TestContext): boolean {
  if (existsSync(environmentPython)) return true;
  t.skip("NOT TESTED: the Python environment is missing (npm run set-up)");
  return false;
}
