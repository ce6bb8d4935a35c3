import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { figureBundle, tableBundle } from "../../src/notebook";
import { exportReport } from "../../src/report/export-report";
import { launchBrowser, openOffline } from "../support/browser";
import { havePython } from "../support/python";
import { cells, executedNotebook, hostile, notebookOf } from "../support/sample-notebook";

const folder = mkdtempSync(join(tmpdir(), "dolab-report-"));
const report = join(folder, "sample.html");
after(() => rmSync(folder, { recursive: true, force: true }));

/** Exports the sample once for all tests. */
let exported: Promise<string> | undefined;
function sampleReport(): Promise<string> {
  exported ??= (async () => {
    const notebook = join(folder, "sample.ipynb");
    writeFileSync(notebook, JSON.stringify(executedNotebook()));
    await exportReport(notebook, report);
    return readFileSync(report, "utf8");
  })();
  return exported;
}

const inkOfTicks = `getComputedStyle(document.querySelector(".xtick text")).fill`;

const drawn = (page: Page) =>
  page.waitForFunction(
    `Array.from(document.querySelectorAll(".plot")).every((plot) => plot.querySelector(".main-svg"))`,
  );

async function open(t: TestContext, view: Parameters<typeof openOffline>[3] = {}) {
  const browser = havePython(t) && (await launchBrowser(t));
  if (!browser) return null;
  await sampleReport();
  return openOffline(t, browser, report, view);
}

test("exportReport() carries plotly.js once, and only if there is a figure", async (t) => {
  if (!havePython(t)) return;
  const html = await sampleReport();
  assert.equal(html.match(/id="plotly-js"/g)?.length, 1);
  assert.equal(html.match(/plotly\.js v\d+\.\d+\.\d+/g)?.length, 1);
  const plain = join(folder, "plain.ipynb");
  writeFileSync(
    plain,
    JSON.stringify(notebookOf([cells.markdown("# No figure, no formula"), cells.code("1", [])])),
  );
  await exportReport(plain, join(folder, "plain.html"));
  const light = readFileSync(join(folder, "plain.html"), "utf8");
  assert.ok(light.length < 40_000, `${light.length} characters`);
  assert.doesNotMatch(light, /plotly\.js v|KaTeX_Main/);
});

test("exportReport() leaves no temporary file behind and nothing at all when nbconvert fails", async (t) => {
  if (!havePython(t)) return;
  await sampleReport();
  const broken = join(folder, "broken.ipynb");
  writeFileSync(broken, "{}");
  await assert.rejects(
    exportReport(broken, join(folder, "broken.html")),
    /^Error: Cannot export .*broken\.ipynb as nbconvert failed: /,
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => !/^(sample|plain|broken|slider|wide)\.(ipynb|html)$/.test(name)),
    [],
  );
  assert.ok(!readdirSync(folder).includes("broken.html"));
});

test("the report opens with the network off: nothing is asked for, nothing complains, every figure is drawn", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const { page, requests, complaints } = opened;
  await drawn(page);
  assert.equal(await page.locator(".plot .main-svg").count(), 2 * 3); // Plotly stacks three
  assert.deepEqual(
    requests.filter((address) => !/^(data|blob):/.test(address)),
    [page.url()],
  );
  assert.deepEqual(complaints, []);
});

test("the report's own policy forbids it the network", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const answer = opened.page.evaluate(`fetch("https://example.org/").then(() => "sent", () => "refused")`);
  assert.equal(await answer, "refused");
  assert.match(opened.complaints.join(), /Content Security Policy/);
});

test("hostile texts stay texts", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  await drawn(opened.page);
  assert.equal(await opened.page.evaluate("globalThis.hacked"), undefined);
  assert.equal(await opened.page.locator(`td:text-is("tame"), th:text-is("tame")`).count(), 1);
  assert.equal(await opened.page.locator("tbody th").filter({ hasText: hostile }).count(), 1);
});

test("tables sort by click and by keyboard, with what is missing last, and turn pages", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const table = opened.page.locator(".dolab-table").first();
  const values = () => table.locator("tbody tr:not([hidden]) td").allTextContents();
  const button = table.locator("thead button").nth(1);
  const order = () => table.locator("thead th").nth(1).getAttribute("aria-sort");
  const given = await values();
  assert.equal(given.length, 10);

  await button.click();
  assert.equal(await order(), "ascending");
  assert.deepEqual((await values()).slice(0, 3), ["0.000", "0.333", "0.667"]);
  await button.focus();
  await opened.page.keyboard.press("Enter");
  assert.equal(await order(), "descending");
  assert.deepEqual((await values()).slice(0, 2), ["8.000", "7.667"]);

  const status = table.locator("[role=status]");
  await table.getByRole("button", { name: "Next" }).click();
  assert.equal(await status.textContent(), "rows 11–20 of 25");
  await table.getByRole("button", { name: "Next" }).press("Space");
  assert.equal(await status.textContent(), "rows 21–25 of 25");
  assert.deepEqual((await values()).slice(-1), ["0.000"]);
  assert.equal(await table.getByRole("button", { name: "Next" }).isDisabled(), true);
  await table.getByRole("button", { name: "All rows" }).click();
  assert.equal((await values()).length, 25);

  await table.getByRole("button", { name: "10 rows a page" }).click();
  await button.click();
  assert.equal(await order(), null);
  assert.deepEqual(await values(), given);

  const second = opened.page.locator(".dolab-table").nth(1);
  for (const direction of ["ascending", "descending"]) {
    await second.locator("thead button").nth(1).click();
    assert.equal(await second.locator("thead th").nth(1).getAttribute("aria-sort"), direction);
    assert.deepEqual(await second.locator("tbody td").allTextContents(), ["1", "NaN"]);
  }
});

test("formulas are set, with MathML for screen readers; code and broken formulas stay as they are", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const { page } = opened;
  assert.deepEqual(await page.locator("main math annotation").allTextContents(), [
    "\\lambda_1 < 0",
    "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}",
    "x^2",
    "x^2",
  ]);
  assert.equal(await page.locator("main .katex-html").count(), 4);
  assert.equal(
    await page.evaluate(`document.fonts.ready.then(() => document.fonts.check("16px KaTeX_Math"))`),
    true,
  );
  assert.match(String(await page.locator(".prose").first().textContent()), /but \$not\\_math\$\./);
  assert.match(String(await page.locator(".prose pre").textContent()), /'\$5 and \$6'/);
  assert.equal(await page.locator("code.tex").textContent(), "\\frac{1}{");
});

test("the masthead tells title, failure, synthetic data and how the run was made", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const { page } = opened;
  assert.deepEqual(await page.locator("h1").allTextContents(), ["A sample report"]);
  assert.equal(await page.title(), "A sample report");
  const facts = await page.locator(".facts > div").allInnerTexts();
  assert.deepEqual(
    facts.map((fact) => fact.split(/\s*\n+/)),
    [
      ["Claims", "1 of 3 shown 1 not shown, 1 cannot be told here"],
      ["Preset", "smoke"],
      ["Seed", "3"],
      ["Data", "a generator"],
      ["Device", "plain JS, CPU"],
      ["Wall time", "1 min 05 s"],
      ["Set for this run", "steps = 10"],
    ],
  );
  assert.match(
    String(await page.locator(".banner.bad").textContent()),
    /stopped at cell 5\. RangeError: no <b>way<\/b>/,
  );
  assert.match(String(await page.locator(".banner.caution").textContent()), /not the published data/);
  await page.getByText("How this was made").click();
  const parameters = await page.locator(".how tr.changed").allInnerTexts();
  assert.deepEqual(
    parameters.map((row) => row.split(/\s+/).slice(0, 2)),
    [["steps", "10"]],
  );
  assert.match(String(await page.locator(".how").textContent()), /nested\.depth\s*2/);
  await page.locator(".banner.bad a").click();
  assert.match(await page.evaluate("document.querySelector(location.hash).className"), /failed/);
});

test("the claims on the masthead lead to their table, which says each verdict", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const { page } = opened;
  await page.locator(".facts .claims a").click();
  const table = page.locator(`${new URL(page.url()).hash} .dolab-claims`);
  assert.match(String(await table.locator("caption").textContent()), /1 of 3 claims shown/);
  assert.deepEqual(await table.locator("tbody td:first-child").allTextContents(), [
    "✓ shown",
    "✗ not shown",
    "? cannot be told here",
  ]);
});

test("a table of nine columns is whole at 1,280 pixels, and scrolls on a phone", async (t) => {
  const browser = havePython(t) && (await launchBrowser(t));
  if (!browser) return;
  const names = "cell n share lam1 lam1_q25 lam1_q75 lam8 token_acc halted_at".split(" ");
  const row = Object.fromEntries(names.map((name, i) => [name, i ? -0.12345 * i : "C_nonconv_correct"]));
  const output = { output_type: "display_data", ...tableBundle([row, row]) };
  const notebook = join(folder, "wide.ipynb");
  writeFileSync(
    notebook,
    JSON.stringify(
      notebookOf([cells.markdown("# Wide\n\n## One\n\n## Two"), cells.code("table(x);", [output])]),
    ),
  );
  const file = join(folder, "wide.html");
  await exportReport(notebook, file);
  const hidden = async (width: number) => {
    const { page } = await openOffline(t, browser, file, { viewport: { width, height: 800 } });
    return Number(
      await page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector(".dolab-scroll"))`,
      ),
    );
  };
  assert.equal(await hidden(1280), 0);
  assert.ok((await hidden(400)) > 0);
});

test("code is folded, opens cell by cell by keyboard, and all at once", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const { page } = opened;
  const open_ = page.locator("details.code[open]");
  assert.equal(await open_.count(), 0);
  await page.locator("details.code summary").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await open_.count(), 1);
  assert.ok(await page.locator("details.code .highlight .nx").first().isVisible());
  const toggle = page.getByRole("button", { name: "Show all code" });
  await toggle.press("Enter");
  assert.equal(await open_.count(), await page.locator("details.code").count());
  await page.getByRole("button", { name: "Hide all code", pressed: true }).click();
  assert.equal(await open_.count(), 0);
  assert.deepEqual(await page.locator(".code .count").allTextContents(), ["1", "2", "3", "4", "5"]);
});

test("the contents name every heading once and lead there", async (t) => {
  const opened = await open(t);
  if (!opened) return;
  const links = opened.page.locator(".contents a");
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.deepEqual(addresses, ["#figures-and", "#tables", "#deeper", "#figures-and-2"]);
  for (const address of addresses) assert.equal(await opened.page.locator(address ?? "").count(), 1);
});

test("a page of 400 pixels scrolls its wide parts, never itself, and breaks titles into lines", async (t) => {
  const opened = await open(t, { viewport: { width: 400, height: 800 } });
  if (!opened) return;
  await drawn(opened.page);
  assert.equal(await opened.page.evaluate("document.documentElement.scrollWidth"), 400);
  assert.ok((await opened.page.locator(".plot").first().locator(".gtitle tspan.line").count()) > 1);
});

test("figures take the page's colours, in the dark as in the light, and when that changes", async (t) => {
  const opened = await open(t, { colorScheme: "dark" });
  if (!opened) return;
  const { page } = opened;
  await drawn(page);
  const ink = () => page.evaluate(inkOfTicks);
  assert.equal(await ink(), "rgb(228, 231, 234)");
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForTimeout(300);
  assert.equal(await ink(), "rgb(31, 35, 40)");
});

test("printed in the dark, figures are dark on white and no wider than the paper", async (t) => {
  const opened = await open(t, { colorScheme: "dark" });
  if (!opened) return;
  const { page } = opened;
  await drawn(page);
  await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
  const ink = await page.evaluate(inkOfTicks);
  const width = await page.evaluate(`document.querySelector(".plot .main-svg").clientWidth`);
  assert.equal(ink, "rgb(31, 35, 40)");
  assert.equal(width, 640);
  assert.equal(await page.locator(".how[open]").count(), 1);
  await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
  assert.equal(await page.locator(".how[open]").count(), 0);
  assert.ok((await page.pdf({ format: "A4" })).length > 20_000);
});

test("a slider moves its figure", async (t) => {
  const browser = havePython(t) && (await launchBrowser(t));
  if (!browser) return;
  const step = (name: string) => ({ label: name, method: "animate", args: [[name], { mode: "immediate" }] });
  const bundle = figureBundle({
    data: [{ y: [0, 0] }],
    frames: ["0", "1", "2"].map((name) => ({ name, data: [{ y: [Number(name), 0] }] })),
    layout: { sliders: [{ steps: ["0", "1", "2"].map(step) }] },
  });
  const notebook = join(folder, "slider.ipynb");
  const output = { output_type: "display_data", ...bundle };
  writeFileSync(notebook, JSON.stringify(notebookOf([cells.code("figure(spec);", [output])])));
  const file = join(folder, "slider.html");
  await exportReport(notebook, file);
  const { page, complaints } = await openOffline(t, browser, file);
  await drawn(page);
  const rail = await page.locator(".slider-rail-touch-rect").boundingBox();
  assert.ok(rail);
  await page.mouse.click(rail.x + rail.width - 2, rail.y + rail.height / 2);
  await page.waitForFunction(`document.querySelector(".plot").data[0].y[0] === 2`);
  assert.deepEqual(complaints, []);
});

test("without JavaScript the report still reads: tables, prose and words for each figure", async (t) => {
  const opened = await open(t, { javaScriptEnabled: false });
  if (!opened) return;
  assert.equal(await opened.page.locator(".dolab-table").first().locator("tbody tr:visible").count(), 10);
  assert.equal(await opened.page.locator("thead button").count(), 0);
  const figure = opened.page.locator(".plotly-figure").first();
  assert.equal(await figure.locator(".plot").isVisible(), false);
  assert.equal(await figure.locator("figcaption").isVisible(), true);
  assert.match(String(await figure.locator("li").textContent()), /^points \(scatter\): 3 points/);
});
