import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { figureBundle, runBundle } from "../../src/notebook";
import { readExecutedNotebook, writeReportIndex } from "../../src/report";
import { scratchFolder } from "../io/scratch";
import { launchBrowser, openOffline } from "../support/browser";
import { cells, executedNotebook, hostile, notebookOf } from "../support/sample-notebook";

/** The smallest PNG there is: one pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("readExecutedNotebook() finds title, outcome, run and the marked figure", (t) => {
  const file = join(scratchFolder(t), "sample.ipynb");
  writeFileSync(file, JSON.stringify(executedNotebook()));
  const { title, outcome, run, figure } = readExecutedNotebook(file);
  assert.equal(title, "A sample report");
  assert.deepEqual([outcome?.passed, outcome?.error?.name], [false, "RangeError"]);
  assert.deepEqual([run?.preset, run?.seed], ["smoke", "3"]);
  assert.equal(figure?.data[0].type, "bar");
});

test("readExecutedNotebook() does without a title, a run and a figure", (t) => {
  const file = join(scratchFolder(t), "plain.ipynb");
  writeFileSync(
    file,
    JSON.stringify(notebookOf([cells.markdown("```\n# not a heading\n```"), cells.code("1")])),
  );
  assert.deepEqual(readExecutedNotebook(file), {
    title: "plain",
    outcome: undefined,
    run: undefined,
    figure: undefined,
  });
  writeFileSync(file, "[]");
  assert.throws(() => readExecutedNotebook(file), {
    name: "SyntaxError",
    message: /must be a Jupyter notebook/,
  });
});

test("writeReportIndex() gives each report a card, and failed ones their reason", async (t) => {
  const folder = scratchFolder(t);
  const put = (name: string, notebook: object) => {
    writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
    writeFileSync(join(folder, `${name}.html`), "<!DOCTYPE html><title>report</title>");
  };
  put("b-failed", executedNotebook());
  const run = { title: "x", preset: "quick", seed: 1, dataSource: "CIFAR-10 (cached copy)", parameters: {} };
  const outputs = [
    { output_type: "display_data", ...runBundle(run) },
    { output_type: "display_data", ...figureBundle({ data: [] }) },
  ];
  put(
    "a & passed",
    notebookOf([cells.markdown(`# ${hostile}`), cells.code("1", outputs)], {
      passed: true,
      startedAt: "2026-01-02T03:04:05Z",
      wallTimeSeconds: 125,
    }),
  );
  writeFileSync(join(folder, "a & passed.png"), png);
  writeFileSync(join(folder, "c-without-report.ipynb"), "{}");

  const browser = await launchBrowser(t);
  const index = writeReportIndex(folder);
  if (!browser) return;
  const { page, requests, complaints } = await openOffline(t, browser, index);
  assert.deepEqual([requests.filter((address) => !address.startsWith("data:")).length, complaints], [1, []]);
  assert.match(String(await page.locator(".kicker").textContent()), /^2 reports, 1 failed$/);
  const [passed, failed] = await page.locator(".card").all();
  assert.deepEqual(await passed.locator("dd").allTextContents(), [
    "quick",
    "CIFAR-10 (cached copy)",
    "2 min 05 s",
    "2026-01-02, 03:04 UTC",
  ]);
  assert.equal(await passed.locator("h2").textContent(), hostile.replace(/[*_`$]/g, ""));
  assert.equal(
    await passed.locator("img").evaluate((image) => (image as { naturalWidth?: number }).naturalWidth),
    1,
  );
  assert.deepEqual(await passed.locator(".status").allTextContents(), ["passed"]);
  assert.deepEqual(await failed.locator(".status").allTextContents(), ["failed", "synthetic data"]);
  assert.equal(await failed.locator("pre").textContent(), "cell 5: RangeError: no <b>way</b>");
  assert.equal(await failed.locator("img").count(), 0);
  await passed.locator("h2 a").click();
  assert.equal(await page.title(), "report");
});

test("writeReportIndex() of an empty folder says what to do", (t) => {
  const folder = scratchFolder(t);
  assert.equal(writeReportIndex(folder), join(folder, "index.html"));
});
