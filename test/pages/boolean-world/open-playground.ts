// The playground's page in a real browser, and what tests ask it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { inProject } from "../../../src/environment/paths.mjs";
import { playgroundHtml } from "../../../src/pages";
import type { ModelRunner } from "../../../src/pages/boolean-world/run-model";
import type { Setup } from "../../../src/pages/boolean-world/setup";
import { launchBrowser, openOffline, type WatchedPage } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

export const tinyWorld = inProject("test", "fixtures", "playground", "tiny-world");

export const intact: Setup = { text: "1,0,1,0,1", off: [], by: "zero", flips: [] };

/** Runs a test's body where there is a browser. */
export const withBrowser = (t: TestContext, body: (browser: Browser) => Promise<void>): Promise<void> =>
  launchBrowser(t).then((browser) => (browser ? body(browser) : undefined));

const folder = temporaryFolder();
let exported: Promise<string> | undefined;

/** The page as one file; made once a test file. */
export function exportedPage(): Promise<string> {
  exported ??= playgroundHtml(tinyWorld).then((html) => {
    const file = join(folder, "playground.html");
    writeFileSync(file, html);
    return file;
  });
  return exported;
}

/** Opens the exported page with the network off, and waits until it has asked all states. */
export async function openPlayground(
  t: TestContext,
  browser: Browser,
  view: Parameters<typeof openOffline>[3] = {},
): Promise<WatchedPage> {
  const watched = await openOffline(t, browser, await exportedPage(), view);
  await settled(watched.page);
  return watched;
}

/** Waits until the newest set-up has been shown. */
export const settled = (page: Page) =>
  page.locator('main[aria-busy="false"]').waitFor({ state: "attached", timeout: 30_000 });

export const exactStates = async (page: Page): Promise<number> => {
  await settled(page);
  return Number((await page.locator("#accuracy-number").innerText()).split(" ")[0]);
};

interface InPage {
  dolab: {
    runner: ModelRunner;
    results(): { reading?: { logits: Float32Array[]; answer: string } };
    tensors(): number;
  };
}

/** The logits of each written token, computed in the page, and the answer. */
export const readInPage = (page: Page, setup: Setup, prompt: readonly number[]) =>
  page.evaluate(
    async ([given, tokens]) => {
      const { runner } = (globalThis as unknown as InPage).dolab;
      const reading = await runner.read(given, tokens);
      return { answer: reading.answer, logits: reading.logits.map((row) => Array.from(row)) };
    },
    [setup, prompt] as const,
  );

/** The logits that the page shows now, bit for bit as text. */
export const shownLogits = (page: Page) =>
  page.evaluate(() => {
    const { reading } = (globalThis as unknown as InPage).dolab.results();
    return JSON.stringify(reading?.logits.map((row) => Array.from(new Uint32Array(row.slice().buffer))));
  });

/** Every weight's bits, in the model's order. */
export const weightBits = (page: Page) =>
  page.evaluate(() => {
    const { parameters } = (globalThis as unknown as InPage).dolab.runner.model;
    return Object.entries(parameters).map(([name, variable]) => {
      const bits = new Uint32Array(variable.dataSync<"float32">().slice().buffer);
      return `${name} ${bits.reduce((hash, word) => (Math.imul(hash, 31) + word) | 0, 7)}`;
    });
  });

/** How many tensors the page holds. */
export const tensorCount = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as InPage).dolab.tensors());
