import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readExecutedNotebook } from "../../src/report/executed-notebook";
import { launchBrowser, openOffline } from "../support/browser";
import { type Ended, runDolab } from "../support/run-dolab";
import { cells, notebookOf } from "../support/sample-notebook";
import { temporaryFolder } from "../support/temporary-folder";

const out = temporaryFolder();
const html = join(out, "two-by-two.html");

describe("dolab report two-by-two", () => {
  let ended: Ended;
  before(() => {
    ended = runDolab(["report", "two-by-two", "--preset", "smoke", "--set", "data=synthetic", "--out", out]);
  });

  it("runs the notebook headless and prints the report's path", () => {
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /two-by-two\.html {2}\(passed; \d+ s; synthetic diagnostics of seed 0\)/);
    assert.ok(existsSync(join(out, "index.html")));
  });

  it("records the overrides, and leaves the notebook itself without outputs", () => {
    const { run } = readExecutedNotebook(join(out, "two-by-two.ipynb"));
    assert.deepEqual(run?.overrides, { data: "synthetic", preset: "smoke" });
    assert.equal(run?.parameters.data, "synthetic");
    const source = readFileSync(join(__dirname, "..", "..", "notebooks", "two-by-two.ipynb"), "utf8");
    assert.doesNotMatch(source, /"output_type"/);
  });

  it("opens in a browser with the network off: figures drawn, formulas set, tables that sort, nothing amiss", async (test) => {
    const browser = await launchBrowser(test);
    if (!browser) return;
    const { page, requests, complaints } = await openOffline(test, browser, html);
    await page.locator(".js-plotly-plot .main-svg").first().waitFor();
    const figures = (readFileSync(join(out, "two-by-two.ipynb"), "utf8").match(/vnd\.plotly/g) ?? []).length;
    assert.ok(figures >= 9, `${figures} figures`);
    for (const plot of await page.locator(".js-plotly-plot").all()) await plot.scrollIntoViewIfNeeded();
    assert.equal(await page.locator(".js-plotly-plot").count(), figures);
    assert.ok((await page.locator("math").count()) >= 10);
    assert.equal(
      await page.getByRole("button", { name: /Share chart/ }).count(),
      0,
      "nothing offers an upload",
    );
    assert.ok(
      (await page.getByRole("button", { name: "Zoom in" }).count()) >= figures,
      "figures have their controls",
    );
    const scripts = (await page.locator("script").allTextContents()).map((text) => text.length);
    assert.equal(scripts.filter((length) => length > 1e6).length, 1, "plotly.js is embedded once");

    const table = page.locator("table", { hasText: "lam1_med_B" });
    const firstCell = table.locator("tbody tr:visible").first().locator("td, th").first();
    assert.equal(await firstCell.textContent(), "5");
    const header = table.getByRole("button", { name: "pct" });
    await header.click(); // ascending, as it is
    await header.click();
    assert.equal(await firstCell.textContent(), "95");

    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((address) => !/^(file|data|blob):/.test(address)),
      [],
    );
  });
});

describe("dolab report", () => {
  it("refuses what no configuration takes before a kernel starts, and leaves the last reports as they are", () => {
    const before = readFileSync(html);
    for (const [setting, message] of [
      ["foo=1", /^dolab: Cannot configure reasoners as it has no such key: got "foo" \(nearest: "\w+"\)/],
      ["testPuzzles=3", /^dolab: Cannot configure reasoners .*testPuzzles = 3/],
      ["preset=fast", /preset must be one of smoke, quick, standard, paper: got "fast"/],
    ] as const) {
      const { code, stderr, stdout } = runDolab(["report", "two-by-two", "--set", setting, "--out", out]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, message);
    }
    assert.deepEqual(readFileSync(html), before);
  });

  it("reports the failing cell of a notebook, goes on, and exits 1", () => {
    const [failing, notebook] = [join(out, "failing"), join(out, "broken.ipynb")];
    writeFileSync(
      notebook,
      JSON.stringify(notebookOf([cells.code("throw new RangeError('no');", [], null)])),
    );
    const { code, stdout, stderr } = runDolab(["report", notebook, "--out", failing]);
    assert.equal(code, 1);
    assert.match(stderr, /^○ broken {2}waiting\n◐ broken {2}running/, "what happens is in sight at once");
    assert.match(stdout, /broken\.failed\.html {2}\(FAILED/);
    assert.match(stdout, /cell 1: RangeError: no/);
    assert.match(readFileSync(join(failing, "index.html"), "utf8"), /RangeError: no/);
  });

  it("names the nearest notebook for one that is not there", () => {
    const { code, stderr } = runDolab(["report", "two-by-too"]);
    assert.equal(code, 1);
    assert.match(stderr, /did you mean "two-by-two"/);
  });
});
