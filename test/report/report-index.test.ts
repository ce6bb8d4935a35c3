import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { claimsBundle, figureBundle, runBundle } from "../../src/notebook";
import { readExecutedNotebook } from "../../src/report/executed-notebook";
import { writeReportIndex } from "../../src/report/report-index";
import { scratchFolder } from "../io/scratch";
import { launchBrowser, openOffline } from "../support/browser";
import { cells, executedNotebook, hostile, notebookOf, sampleClaims } from "../support/sample-notebook";

/** The smallest PNG there is: one pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("readExecutedNotebook() finds title, outcome, run and the marked figure", (t) => {
  const file = join(scratchFolder(t), "sample.ipynb");
  writeFileSync(file, JSON.stringify(executedNotebook()));
  const { title, outcome, run, claims, figure } = readExecutedNotebook(file);
  assert.equal(title, "A sample report");
  assert.deepEqual([outcome?.passed, outcome?.error?.name], [false, "RangeError"]);
  assert.deepEqual([run?.preset, run?.seed], ["smoke", "3"]);
  assert.deepEqual(claims, JSON.parse(JSON.stringify(sampleClaims)));
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
    claims: undefined,
    figure: undefined,
  });
  writeFileSync(file, "[]");
  assert.throws(() => readExecutedNotebook(file), {
    name: "SyntaxError",
    message: /must be a Jupyter notebook/,
  });
});

interface Folder {
  folder: string;
  put(name: string, notebook: object): void;
}

function reportFolder(t: TestContext): Folder {
  const folder = scratchFolder(t);
  return {
    folder,
    put(name, notebook) {
      writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
      writeFileSync(join(folder, `${name}.html`), "<!DOCTYPE html><title>report</title>");
    },
  };
}

const dataSource =
  "Generated textured shapes (seed 0), not CIFAR-10, which cannot be had here (no network): 500 training images";

function passedNotebook(title: string) {
  const run = { title: "x", preset: "quick", seed: 1, dataSource, parameters: {} };
  const outputs = [runBundle(run), figureBundle({ data: [] }), claimsBundle(sampleClaims)].map((bundle) => ({
    output_type: "display_data",
    ...bundle,
  }));
  return notebookOf([cells.markdown(`# ${title}`), cells.code("1", outputs)], {
    passed: true,
    startedAt: "2026-01-02T03:04:05Z",
    wallTimeSeconds: 125,
  });
}

test("writeReportIndex() gives each report a card, and failed ones their reason", async (t) => {
  const { folder, put } = reportFolder(t);
  put("b.failed", executedNotebook());
  put("a & passed", passedNotebook(hostile));
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
    "1 of 3 claims shown",
    "quick",
    dataSource,
    "2 min 05 s",
    "2026-01-02, 03:04 UTC",
  ]);
  assert.equal(await passed.locator("h2").textContent(), hostile.replace(/[*_`$]/g, ""));
  assert.equal(
    await passed.locator("img").evaluate((image) => (image as { naturalWidth?: number }).naturalWidth),
    1,
  );
  assert.deepEqual(await passed.locator(".status").allTextContents(), ["ready"]);
  assert.deepEqual(await failed.locator(".status").allTextContents(), ["failed", "synthetic data"]);
  assert.equal(await failed.locator("pre").textContent(), "cell 5: RangeError: no <b>way</b>");
  assert.equal(await failed.locator("img").count(), 0);
  await passed.locator("h2 a").click();
  assert.equal(await page.title(), "report");
});

test("a card tells a long data source in one line, and all of it after a click", async (t) => {
  const { folder, put } = reportFolder(t);
  put("a", passedNotebook("A"));
  const browser = await launchBrowser(t);
  const index = writeReportIndex(folder);
  if (!browser) return;
  const { page } = await openOffline(t, browser, index);
  const source = page.locator(".long summary");
  const height = async () => (await source.boundingBox())?.height ?? 0;
  const line = await height();
  assert.ok(line < 30, `${line} pixels`);
  await source.click();
  assert.ok((await height()) > 1.9 * line);
});

test("a failed run stands beside the good report, and the index says so", async (t) => {
  const { folder, put } = reportFolder(t);
  put("a", passedNotebook("A"));
  put("a.failed", executedNotebook());
  const browser = await launchBrowser(t);
  const index = writeReportIndex(folder);
  const [{ state, report, failed, ...rest }] = JSON.parse(
    readFileSync(join(folder, "index.json"), "utf8"),
  ).reports;
  assert.deepEqual(
    [rest.notebook, state, report.html, failed.html],
    ["a", "failed", "a.html", "a.failed.html"],
  );
  assert.equal(failed.error.name, "RangeError");
  if (!browser) return;
  const { page } = await openOffline(t, browser, index);
  assert.equal(await page.locator("h2 a").getAttribute("href"), "a.html");
  assert.match(String(await page.locator(".failure").textContent()), /A later run .* failed.*last good one/);
  await page.locator(".failure a").click();
  assert.match(page.url(), /a\.failed\.html$/);
});

test("index.json has preset, seed, data source, time and claims of each report", (t) => {
  const { folder, put } = reportFolder(t);
  put("a", passedNotebook("A"));
  writeReportIndex(folder);
  const { schema, reports } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  assert.equal(schema, 1);
  assert.deepEqual(reports, [
    {
      notebook: "a",
      title: "A",
      state: "ready",
      report: {
        html: "a.html",
        preset: "quick",
        seed: "1",
        dataSource,
        dataIsSynthetic: false,
        startedAt: "2026-01-02T03:04:05Z",
        wallTimeSeconds: 125,
        claims: JSON.parse(JSON.stringify(sampleClaims)),
      },
    },
  ]);
});

test("while notebooks run, the index says how far each is, and reloads itself as a file until all are done", async (t) => {
  const { folder, put } = reportFolder(t);
  put("b", passedNotebook("B"));
  const pending = [
    { name: "a", title: "First", state: "running", cell: 3, cells: 9, heading: "2. Data" },
    { name: "b", title: "B", state: "waiting" },
  ] as const;
  const browser = await launchBrowser(t);
  const index = writeReportIndex(folder, pending);
  if (!browser) return;
  const { page } = await openOffline(t, browser, index);
  assert.match(String(await page.locator(".kicker").textContent()), /^2 reports, 1 running, 1 waiting$/);
  const [first, second] = await page.locator(".card").all();
  assert.match(String(await first.locator(".pending").textContent()), /^cell 3 of 9 · 2\. Data/);
  assert.equal(await first.locator("a").count(), 0, "there is nothing to open yet");
  assert.match(String(await second.textContent()), /last report; it stays until the new one is ready/);
  assert.equal(await second.locator("h2 a").getAttribute("href"), "b.html");
  assert.ok(await page.locator(".ended").isHidden());

  put("a", passedNotebook("First"));
  writeReportIndex(folder);
  await page.locator(".good").nth(1).waitFor();
  assert.equal(await page.locator("script").count(), 0, "a finished page does not reload itself");
});

test("an index whose run ended without a word says so", async (t) => {
  const { folder } = reportFolder(t);
  const browser = await launchBrowser(t);
  const index = writeReportIndex(folder, [{ name: "a", title: "A", state: "running" }]);
  if (!browser) return;
  const html = readFileSync(index, "utf8");
  writeFileSync(index, html.replace(/data-written="\d+"/, `data-written="${Date.parse("2026-01-01")}"`));
  const { page } = await openOffline(t, browser, index);
  assert.ok(await page.locator(".ended").isVisible());
});

test("writeReportIndex() of an empty folder says what to do", (t) => {
  const folder = scratchFolder(t);
  assert.equal(writeReportIndex(folder), join(folder, "index.html"));
  assert.match(readFileSync(join(folder, "index.html"), "utf8"), /run <code>npm start<\/code>/);
});
