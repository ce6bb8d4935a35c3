import assert from "node:assert/strict";
import fs, { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openMetricsLog, readMetrics } from "../../src/train/metrics-log";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const row = (step: number) => ({ step, epoch: step / 2, seconds: step, values: { loss: 1 } });

for (const [code, cure] of [
  ["ENOSPC", /is full: free some space or choose another disk \(ENOSPC\)/],
  ["EROFS", /is not writable: make it writable or choose another folder \(EROFS\)/],
] as const) {
  test(`append() names file and cure when the disk says ${code}, and keeps the rows before`, (t) => {
    const file = join(folder, `${code}.jsonl`);
    const log = openMetricsLog(file);
    log.append(row(1));
    const before = readFileSync(file, "utf8");
    t.mock.method(fs, "appendFileSync", () => {
      throw Object.assign(new Error(`disk says ${code}`), { code });
    });
    assert.throws(
      () => log.append(row(2)),
      (error: NodeJS.ErrnoException) =>
        error.code === code && cure.test(error.message) && error.message.includes(file),
    );
    t.mock.restoreAll();
    assert.equal(readFileSync(file, "utf8"), before);
    assert.deepEqual([log.rows, readMetrics(file)], [[row(1)], [row(1)]]);
  });
}
