import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { inProject } from "../../src/environment/paths.mjs";
import { launchBrowser, openOffline } from "../support/browser";
import { cells, notebookOf } from "../support/sample-notebook";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const patience = 90_000;

/** What every notebook has: the library, a long table, a figure, formulas. */
const formulas = ["a < b", "x^2", "\\lambda_1", "\\frac{1}{2}", "\\sum_i x_i", "\\sqrt{2}"];
const small = notebookOf([
  cells.markdown(`# A small notebook\n\n${formulas.map((tex) => `$${tex}$`).join(", ")}`),
  cells.code('import { figure, table } from "dolab";', [], null),
  cells.markdown("## What is measured"),
  cells.code(
    [
      "const rows = Array.from({ length: 256 }, (_, sample) => ({ sample, log_drift: Math.sin(sample) }));",
      'table(rows, { title: "Samples", pageSize: 6 });',
    ].join("\n"),
    [],
    null,
  ),
  cells.code("figure({ data: [{ y: rows.map((row) => row.log_drift) }] });", [], null),
]);

/** JupyterLab as `npm run lab` starts it, on a folder of our own and with a home that no user's settings reach. */
class Lab {
  private output = "";
  readonly process: ChildProcess;

  constructor() {
    const home = join(folder, "home");
    mkdirSync(home);
    this.process = spawn(
      process.execPath,
      [inProject("src", "cli", "dolab.mjs"), "lab", folder, "--no-browser"],
      {
        env: { ...process.env, HOME: home },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (data) => {
        this.output += data;
      });
    }
  }

  async address(): Promise<string> {
    for (let waited = 0; waited < patience; waited += 100) {
      const found = /http:\/\/127\.0\.0\.1:\d+\/lab\?token=\w+/.exec(this.output);
      if (found) return found[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`JupyterLab did not start: ${this.output}`);
  }

  /** Presses Ctrl-C. @returns the exit code and the seconds it took */
  async interrupt(): Promise<{ code: number | null; seconds: number }> {
    const started = Date.now();
    const ended = new Promise<number | null>((resolve) => this.process.on("exit", resolve));
    this.process.kill("SIGINT");
    return { code: await ended, seconds: (Date.now() - started) / 1000 };
  }
}

describe("JupyterLab, as npm run lab opens it", () => {
  let lab: Lab;
  let page: Page;
  let browser: Browser | null = null;
  before(() => {
    writeFileSync(join(folder, "small.ipynb"), JSON.stringify(small));
    lab = new Lab();
  });
  after(() => lab.process.exitCode === null && lab.process.kill("SIGTERM"));

  const menu = async (...names: string[]) => {
    for (const [depth, name] of names.entries()) {
      const item = depth === 0 ? page.locator(".lm-MenuBar-item", { hasText: name }) : menuItem(name);
      await item.first().click();
    }
  };
  const menuItem = (name: string): Locator =>
    page.locator(".lm-Menu-item:not(.lm-mod-disabled)", { hasText: new RegExp(`^${name}`) });
  const idle = () => page.getByText("TypeScript (dolab) | Idle").waitFor({ timeout: patience });

  it("keeps its token, and runs the notebook from the menu", async (t) => {
    browser = await launchBrowser(t);
    if (!browser) return;
    const address = await lab.address();
    page = await (
      await browser.newContext({ viewport: { width: 1300, height: 900 }, acceptDownloads: true })
    ).newPage();
    await page.goto(address.replace(/token=\w+/, "token=wrong"));
    assert.ok(
      await page
        .getByText(/Invalid credentials|Password or token/)
        .first()
        .isVisible(),
    );
    await page.goto(address.replace("/lab?", "/lab/tree/small.ipynb?"));
    await page.locator(".jp-NotebookPanel .jp-Cell").first().waitFor({ timeout: patience });
    await idle();
    await menu("Run", "Run All Cells");
    await page.locator(".jp-InputPrompt", { hasText: "[3]:" }).waitFor({ timeout: patience });
    await idle();
    assert.equal(
      await page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count(),
      0,
      "no start-up noise",
    );
  });

  it("shows figures and tables, and the table sorts and turns its pages by keyboard", async (t) => {
    if (!browser) return t.skip("NOT TESTED: no browser");
    const heading = page.getByRole("heading", { name: "What is measured" });
    await heading.scrollIntoViewIfNeeded();
    const table = page.locator("table", { hasText: "log_drift" });
    await table.getByRole("button", { name: "sample" }).press("Enter");
    await table.getByRole("button", { name: "sample" }).press("Enter");
    const cell = table.locator("tbody tr:visible").first().locator("th, td").first();
    assert.equal(await cell.textContent(), "255");
    const frame = page.locator("[class*=dolab-table]", { has: table }).first();
    await frame.getByRole("button", { name: /Next/ }).press("Enter");
    assert.equal(await cell.textContent(), "249");
    const plot = page.locator(".js-plotly-plot").first();
    await plot.locator(".main-svg").first().waitFor({ timeout: patience });
    assert.equal(
      await plot.getByRole("button", { name: /Share chart/ }).count(),
      0,
      "nothing offers an upload",
    );
    await plot.getByRole("button", { name: "Zoom in" }).press("Enter");
  });

  it("exports from its own menu the same offline report", async (t) => {
    if (!browser) return t.skip("NOT TESTED: no browser");
    const context = page.context();
    const asked = new Promise<string>((resolve) => {
      // The menu opens a tab that closes as its download begins: the address is taken there and fetched here.
      void context.route("**/nbconvert/html/**", (route) => {
        resolve(route.request().url());
        return route.abort();
      });
    });
    await menu("File", "Save and Export Notebook As", "HTML");
    await page.locator(".jp-Dialog .jp-mod-accept").click(); // as the dialog proposes: with its HTML sanitised
    const file = join(folder, "exported.html");
    const token = new URL(await lab.address()).searchParams.get("token");
    const response = await context.request.get(`${await asked}&token=${token}`, { timeout: patience });
    assert.equal(response.status(), 200);
    assert.match(response.headers()["content-disposition"], /small\.html/);
    writeFileSync(file, await response.body());
    const opened = await openOffline(t, browser, file);
    await opened.page.locator(".js-plotly-plot .main-svg").first().waitFor({ timeout: patience });
    assert.ok((await opened.page.locator("math").count()) > 5);
    const header = opened.page
      .locator("table", { hasText: "log_drift" })
      .getByRole("button", { name: "sample" });
    await header.press("Enter");
    assert.equal(await opened.page.locator("th[aria-sort=ascending]").count(), 1, "the table sorts");
    assert.deepEqual(opened.complaints, []);
    assert.deepEqual(
      opened.requests.filter((address) => /^https?:/.test(address)),
      [],
    );
  });

  it("restarts the kernel and runs all cells", async (t) => {
    if (!browser) return t.skip("NOT TESTED: no browser");
    await menu("Kernel", "Restart Kernel and Run All Cells");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await page.locator(".jp-InputPrompt", { hasText: "[*]" }).first().waitFor({ timeout: patience });
    await page.locator(".jp-InputPrompt", { hasText: "[3]:" }).waitFor({ timeout: patience });
    await idle();
  });

  it("interrupts a long cell from the menu, and runs the next", async (t) => {
    if (!browser) return t.skip("NOT TESTED: no browser");
    const addAndRun = async (code: string) => {
      await page.locator(".jp-NotebookPanel .jp-Cell").last().click();
      await page.keyboard.press("Escape");
      await page.keyboard.press("b");
      await page.keyboard.press("Enter");
      await page.keyboard.insertText(code);
      await page.keyboard.press("Control+Enter");
    };
    await addAndRun("await new Promise((resolve) => setTimeout(resolve, 600_000))");
    await page.locator(".jp-InputPrompt", { hasText: "[*]" }).waitFor({ timeout: patience });
    await menu("Kernel", "Interrupt Kernel");
    await page.getByText("Interrupted: The cell was interrupted").waitFor({ timeout: patience });
    await addAndRun("6 * 7");
    await page.locator(".jp-OutputArea-output", { hasText: /^42\s*$/ }).waitFor({ timeout: patience });
  });

  it("stops cleanly on Ctrl-C, without asking back", async () => {
    await lab.address();
    const { code, seconds } = await lab.interrupt();
    assert.equal(code, 0);
    assert.ok(seconds < 15, `${seconds} s`);
  });
});
