import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { linkToRun } from "../../src/cli/link-to-run";
import { temporaryFolder } from "../support/temporary-folder";

test("linkToRun() lets the document's own path to the metrics lead to them, and takes nobody's place", (t) => {
  const base = temporaryFolder(t);
  const folder = join(base, "experiments", "dummy");
  mkdirSync(join(folder, "metrics"), { recursive: true });
  writeFileSync(join(folder, "metrics", "test_metrics.csv"), "1\n");
  for (let times = 0; times < 2; times++) linkToRun({ base_dir: base, exp_name: "dummy" }, folder);
  assert.equal(readFileSync(join(base, "dummy", "metrics", "test_metrics.csv"), "utf8"), "1\n");
  assert.equal(readlinkSync(join(base, "dummy")), join("experiments", "dummy")); // base may be moved
  mkdirSync(join(base, "other"));
  linkToRun({ base_dir: base, exp_name: "other" }, join(base, "experiments", "other"));
  linkToRun({ base_dir: base, exp_name: "third" }, join(base, "elsewhere"));
  assert.throws(() => readlinkSync(join(base, "other")));
  assert.throws(() => readlinkSync(join(base, "third")));
});
