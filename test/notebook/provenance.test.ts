import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration } from "../../src/notebook/format-duration";
import { noteBundle } from "../../src/notebook/note";
import { announceRun, type RunRecord, runBundle, runMime } from "../../src/notebook/provenance";
import { fakeKernel } from "./kernel-bridge";

const run = {
  title: "Two by two",
  preset: "quick",
  seed: 7,
  dataSource: "built-in generator",
  parameters: { samples: 512, grid: new Float32Array([0.1, NaN]), nested: { depth: 2 } },
};

test("announceRun() shows a strip and carries the run as data in the same output", (t) => {
  const { shown } = fakeKernel(t);
  announceRun(run);
  assert.deepEqual(Object.keys(shown[0].data), [runMime, "text/html", "text/plain"]);
});

test("runBundle() records everything a report needs, as plain JSON", () => {
  const details = {
    overrides: { samples: 512 },
    backend: "native",
    device: "CPU",
    wallTimeSeconds: 3,
    versions: { tensorflow: "2.21.0" },
  };
  const { data } = runBundle({ ...run, ...details, dataIsSynthetic: true }, new Date(0));
  assert.deepEqual(JSON.parse(JSON.stringify(data[runMime])), {
    schema: 1,
    title: "Two by two",
    preset: "quick",
    seed: "7",
    dataSource: "built-in generator",
    dataIsSynthetic: true,
    parameters: { samples: 512, grid: [0.1, null], nested: { depth: 2 } },
    overrides: { samples: 512 },
    backend: "native",
    device: "CPU",
    wallTimeSeconds: 3,
    versions: { node: process.versions.node, tensorflow: "2.21.0" },
    announcedAt: "1970-01-01T00:00:00.000Z",
  });
});

test("runBundle() says in words what was set and that data are synthetic", () => {
  const { data } = runBundle({ ...run, overrides: { samples: 512, data: "<b>" }, dataIsSynthetic: true });
  assert.match(
    String(data["text/plain"]),
    /Preset: quick\nSeed: 7\nData: built-in generator\nSet for this run: samples = 512, data = "<b>"\nCaution: The data are not the published ones/,
  );
  assert.match(String(data["text/html"]), /data = &quot;&lt;b&gt;&quot;/);
  assert.doesNotMatch(String(runBundle(run).data["text/html"]), /Caution|Set for this run/);
});

test("runBundle() takes several seeds", () => {
  const record = runBundle({ ...run, seed: [1, 2, 3] }).data[runMime] as RunRecord;
  assert.equal(record.seed, "1, 2, 3");
});

test("noteBundle() knows code, bold and line breaks, and lets nothing else through", () => {
  const { data } = noteBundle("Set `a < b & **c**` to **0.5 < 1**\n<script>alert(1)</script>", "warning");
  const html = String(data["text/html"]);
  assert.match(
    html,
    /Set <code>a &lt; b &amp; \*\*c\*\*<\/code> to <strong>0.5 &lt; 1<\/strong><br>&lt;script&gt;/,
  );
  assert.match(String(data["text/plain"]), /^Caution: Set `a < b/);
  assert.throws(
    () => noteBundle("x", "shout" as never),
    /kind must be one of information, success, warning, error: got "shout"/,
  );
});

test("formatDuration() reads well from milliseconds to days", () => {
  const seconds = [0.004, 0.42, 9.94, 9.96, 59.4, 59.6, 185, 7805, 273_600, NaN, -1];
  assert.deepEqual(seconds.map(formatDuration), [
    "0.00 s",
    "0.42 s",
    "9.9 s",
    "10 s",
    "59 s",
    "1 min 00 s",
    "3 min 05 s",
    "2 h 10 min",
    "3 d 04 h",
    "–",
    "–",
  ]);
});
