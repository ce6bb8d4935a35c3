import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type BenchmarkRecord, newestRecords, writeBenchmarkRecord } from "../../src/bench/benchmark-record";
import { formatBenchmarks, formatSpread, formatVerdict } from "../../src/bench/benchmark-table";
import { spread } from "../../src/bench/harness";
import { formatTable } from "../../src/bench/markdown-table";
import { temporaryFolder } from "../support/temporary-folder";

function recordOf(benchmark: string, measuredAt: string, seconds: number[]): BenchmarkRecord {
  return {
    schema: 1,
    benchmark,
    title: benchmark,
    measuredAt,
    warmUps: 1,
    turns: 3,
    repeat: 1,
    machine: { description: "Node.js v20, 2 cores", backend: "native TensorFlow", version: "0.1.0 (abc)" },
    load: { before: 0.52, after: 1.1 },
    peerVersions: { numpy: "2.4.6" },
    rows: [
      {
        title: "AUC",
        unit: "seconds",
        ours: spread(seconds),
        peerName: "sklearn",
        peer: spread([0.2, 0.4, 0.3]),
        ratio: spread([1.1, 1.2, 1.3]),
        target: { ratioAtMost: 1 },
        verdict: { met: false, missedBy: 0.2 },
      },
      { title: "space", unit: "bytes", ours: spread([2.2e9]) },
      {
        title: "start",
        unit: "seconds",
        ours: spread([9]),
        target: { atMost: 8 },
        verdict: { met: true, missedBy: 0 },
      },
    ],
  };
}

describe("formatBenchmarks()", () => {
  it("shows medians, ranges, ratio, target and verdict, and what they were measured with", () => {
    const text = formatBenchmarks([recordOf("stats", "2026-11-22T09:13:30.123Z", [0.01, 0.03, 0.02])]);
    const [head, rule, auc, space, start] = text.split("\n");
    const cells = (line: string) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
    assert.deepEqual(cells(head), ["benchmark", "measure", "dolab", "peer", "ratio", "target", ""]);
    assert.match(rule, /^(\|-{3,})+\|$/);
    assert.deepEqual(cells(auc), [
      "stats",
      "AUC",
      "20.0 ms (10.0–30.0)",
      "300 ms (200–400) sklearn",
      "1.20 (1.10–1.30)",
      "≤ 1 × peer",
      "missed by 20 %",
    ]);
    assert.deepEqual(cells(space), ["stats", "space", "2.20 GB", "–", "–", "–", ""]);
    assert.deepEqual(cells(start).slice(2), ["9.00 s", "–", "–", "≤ 8 s", "met"]);
    assert.match(
      text,
      /`stats`: 2026-11-22 09:13 UTC; dolab 0\.1\.0 \(abc\); .*numpy 2\.4\.6; .*load 0\.5 before, 1\.1 after/,
    );
  });

  it("shows numbers as people read them, all of one cell in one unit", () => {
    assert.equal(formatSpread(spread([0.9, 1.1, 0.95]), "seconds"), "950 ms (900–1100)");
    assert.equal(formatSpread(spread([62, 61, 1234]), "seconds"), "62.0 s (61.0–1234)");
    assert.equal(formatSpread(spread([3.5e6]), "bytes"), "3.50 MB");
    assert.equal(formatVerdict({ met: false, missedBy: 0.0123 }), "missed by 1.2 %");
    assert.equal(formatVerdict({ met: false, missedBy: 2.5 }), "missed by 250 %");
  });
});

describe("formatTable()", () => {
  it("lines its columns up and keeps a cell in its place", () => {
    const lines = formatTable(["a", "long heading"], [["x | y", "1\n2"]])
      .trimEnd()
      .split("\n");
    assert.equal(new Set(lines.map((line) => line.length)).size, 1);
    assert.equal(lines[2], "| x \\| y | 1 2          |");
  });
});

describe("writeBenchmarkRecord()", () => {
  it("keeps every run, and the newest of each benchmark in latest.md", () => {
    const folder = join(temporaryFolder(), "bench");
    const old = writeBenchmarkRecord(folder, recordOf("stats", "2026-11-21T23:59:59.000Z", [1]));
    writeBenchmarkRecord(folder, recordOf("set-up", "2026-11-22T08:00:00.000Z", [4]));
    const last = recordOf("stats", "2026-11-22T09:00:00.000Z", [7]);
    writeBenchmarkRecord(folder, last);
    writeFileSync(join(folder, "notes.json"), "{");
    assert.match(old, /2026-11-21T23-59-59Z-stats\.json$/);
    assert.deepEqual(readdirSync(folder).sort(), [
      "2026-11-21T23-59-59Z-stats.json",
      "2026-11-22T08-00-00Z-set-up.json",
      "2026-11-22T09-00-00Z-stats.json",
      "latest.md",
      "notes.json",
    ]);
    assert.deepEqual(
      newestRecords(folder).map(({ benchmark }) => benchmark),
      ["set-up", "stats"],
    );
    assert.deepEqual(newestRecords(folder)[1], last);
    const table = readFileSync(join(folder, "latest.md"), "utf8");
    assert.match(table, /7\.00 s/);
    assert.match(table, /4\.00 s/);
    assert.doesNotMatch(table, /1\.00 s/);
  });
});
