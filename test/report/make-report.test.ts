import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findBrowser } from "../../src/environment/browser.mjs";
import { makeReport, makeReports } from "../../src/report";
import { scratchFolder } from "../io/scratch";
import { havePython } from "../support/python";
import { cells, notebookOf } from "../support/sample-notebook";

/** A notebook whose outcome the parameters decide; what it calls is loaded without its types, which takes seconds less. */
const small = notebookOf([
  cells.markdown("# Small"),
  cells.code(
    [
      `const { announceRun, figure } = require(process.cwd() + "/src/notebook");`,
      `const overrides = JSON.parse(process.env.DOLAB_PARAMETERS ?? "{}");`,
      `announceRun({ title: "t", preset: "smoke", seed: 1, dataSource: "none", parameters: { a: 1, ...overrides }, overrides });`,
      `figure({ data: [{ y: [1, 2] }], layout: { title: "A figure" } });`,
    ].join("\n"),
    [],
    null,
  ),
  cells.code("if (overrides.a === 2) throw 'stop';", [], null),
]);

test("a failed run stands beside the good report until a later one passes; the index is there from the start", async (t) => {
  if (!havePython(t)) return;
  const folder = scratchFolder(t);
  const out = join(folder, "reports");
  const notebooks = ["small", "other"].map((name) => join(folder, `${name}.ipynb`));
  for (const notebook of notebooks) writeFileSync(notebook, JSON.stringify(small));
  mkdirSync(out);
  const good = ["small.html", "small.ipynb", "small.png"];
  for (const name of good) writeFileSync(join(out, name), "good");

  const looks: string[] = [];
  const failed = await makeReport({
    notebook: notebooks[0],
    out,
    overrides: { a: 2 },
    looks: { first: 0, every: 0 },
    onSoFar: (html) => looks.push(html, readFileSync(html, "utf8")),
  });
  assert.equal(looks[0], join(out, "small.running.html"));
  assert.match(looks[1], /This run is not finished.*Cells 1 to 1 of 2 are done/);
  assert.ok(!existsSync(looks[0]), "a report of what was there goes when the run ends");
  assert.deepEqual(failed.error, { cell: 2, name: "Thrown", message: "stop" });
  assert.equal(failed.htmlPath, join(out, "small.failed.html"));
  const html = readFileSync(failed.htmlPath, "utf8");
  assert.match(html, /a = 2/);
  assert.match(html, /This run stopped at/);
  for (const name of good) assert.equal(readFileSync(join(out, name), "utf8"), "good");
  for (const name of good) rmSync(join(out, name));

  const states: string[] = [];
  const index = () => readFileSync(join(out, "index.html"), "utf8");
  const { notebooks: made } = await makeReports({
    notebooks,
    out,
    atOnce: 2,
    onChange: (now) => {
      if (states.length === 0) assert.match(index(), /2 reports, 2 waiting/);
      states.push(now.map(({ state }) => state).join(" "));
    },
  });
  assert.deepEqual(states.slice(0, 3), ["waiting waiting", "running waiting", "running running"]);
  assert.equal(states[states.length - 1], "ready ready");
  assert.match(index(), /2 reports</);
  const [report] = made.map((state) => "report" in state && state.report);
  assert.ok(report);
  assert.deepEqual(
    { ...report, wallTimeSeconds: 0 },
    {
      title: "Small",
      passed: true,
      wallTimeSeconds: 0,
      preset: "smoke",
      dataSource: "none",
      dataIsSynthetic: false,
      claims: undefined,
      error: undefined,
      htmlPath: join(out, "small.html"),
      executedPath: join(out, "small.ipynb"),
      thumbnail: findBrowser() ? join(out, "small.png") : undefined,
    },
  );
  const left = readdirSync(out).filter((name) => name.includes("failed"));
  assert.deepEqual(left, [], "a run that passes takes the failed one away");
});

test("makeReport() writes nothing where the notebook cannot be run", async (t) => {
  if (!havePython(t)) return;
  const folder = scratchFolder(t);
  await assert.rejects(
    makeReport({ notebook: join(folder, "absent.ipynb"), out: join(folder, "reports") }),
    /Cannot run .*absent\.ipynb/,
  );
  assert.ok(!existsSync(join(folder, "reports")));
});
