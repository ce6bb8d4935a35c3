import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findBrowser } from "../../src/environment/browser.mjs";
import { makeReport } from "../../src/report";
import { scratchFolder } from "../io/scratch";
import { havePython } from "../support/python";
import { cells, notebookOf } from "../support/sample-notebook";

test("makeReport() runs a notebook, exports it and says what came out", async (t) => {
  if (!havePython(t)) return;
  const folder = scratchFolder(t);
  const notebook = join(folder, "small.ipynb");
  const first = [
    `import { announceRun, figure } from "./src/notebook";`,
    `const overrides = JSON.parse(process.env.DOLAB_PARAMETERS ?? "{}");`,
    `announceRun({ title: "t", preset: "smoke", seed: 1, dataSource: "none", parameters: { a: 1, ...overrides }, overrides });`,
    `figure({ data: [{ y: [1, 2] }], layout: { title: "A figure" } });`,
  ];
  const list = [
    cells.markdown("# Small"),
    cells.code(first.join("\n"), [], null),
    cells.code("throw 'stop';", [], null),
  ];
  writeFileSync(notebook, JSON.stringify(notebookOf(list)));
  const out = join(folder, "reports");
  const report = await makeReport({ notebook, out, overrides: { a: 2 } });
  assert.deepEqual(
    { ...report, wallTimeSeconds: 0 },
    {
      ...{
        title: "Small",
        passed: false,
        htmlPath: join(out, "small.html"),
        executedPath: join(out, "small.ipynb"),
      },
      ...{ wallTimeSeconds: 0, preset: "smoke", dataSource: "none", dataIsSynthetic: false },
      error: { cell: 2, name: "Thrown", message: "stop" },
      thumbnail: findBrowser() ? join(out, "small.png") : undefined,
    },
  );
  const html = readFileSync(report.htmlPath, "utf8");
  assert.match(html, /a = 2/);
  assert.match(html, /This run stopped at/);
  if (report.thumbnail) assert.ok(existsSync(report.thumbnail));
});
