// A headless browser for tests: offline, with a fresh profile, and pages that remember every request they tried and
// every complaint on their console.
import fs from "node:fs";
import { after, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser, withoutBrowser } from "../../src/environment/browser.mjs";

export interface WatchedPage {
  page: Page;
  /** The address of everything the page asked for, itself included. */
  requests: string[];
  /** Errors and warnings on its console, and uncaught exceptions. */
  complaints: string[];
}

let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

/** The test file's one browser, or null after the test has been skipped with the reason. */
export async function launchBrowser(t: TestContext): Promise<Browser | null> {
  const executablePath = findBrowser();
  if (!executablePath) {
    t.skip(`NOT TESTED: ${withoutBrowser}`);
    return null;
  }
  launched ??= chromium.launch({ executablePath, args: quietly });
  return launched;
}

const quietly = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Opens a file with the network off. @param view the size, the colour scheme and so on of the context */
export async function openOffline(
  t: TestContext,
  browser: Browser,
  file: string,
  view: Parameters<Browser["newContext"]>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    ...view,
    offline: true,
  });
  t.after(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(pathToFileURL(fs.realpathSync(file)).href);
  return { page, requests, complaints };
}
