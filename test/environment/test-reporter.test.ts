import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inProject } from "../../src/environment/paths.mjs";
import { temporaryFolder } from "../support/temporary-folder";

test("the report of npm test names what was skipped and why, before Node's closing lines", () => {
  const file = join(temporaryFolder(), "some.test.mjs");
  const inside = `import { describe, test } from "node:test";
    describe("a suite", () => { test("needs a browser", (t) => t.skip("NOT TESTED: no browser")); });
    test("passes", () => {});
    test("fails", () => { throw new Error("no"); });`;
  writeFileSync(file, inside);
  const reporter = pathToFileURL(inProject("src", "environment", "test-reporter.mjs")).href;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // or the run would report to this one
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--test", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", file],
    { encoding: "utf8", env },
  );
  assert.equal(status, 1);
  assert.match(
    stdout,
    /ℹ skipped: needs a browser: NOT TESTED: no browser\nℹ tests 3\nℹ suites 1\nℹ pass 1\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\n/,
  );
});
