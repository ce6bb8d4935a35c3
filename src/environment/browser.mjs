// Step 4: a browser for still pictures (PNG, PDF, SVG). None is downloaded by an npm package: a Chrome, Chromium or
// Edge that is here is used, Debian's is installed where that needs no question, and without one figures are
// written as interactive .html files instead.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import process from "node:process";
import { showStep } from "./console.mjs";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { readRecord, writeRecord } from "./record.mjs";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "msedge",
];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

export const withoutBrowser =
  "no Chrome, Chromium or Edge was found, so figures are written as interactive .html files instead of PNG and PDF; " +
  "install one (Debian: apt install chromium) or name it in DOLAB_BROWSER to get pictures";

/**
 * The browser to draw with.
 * @returns {string | null} its path; null where there is none, or where DOLAB_BROWSER is "none"
 */
export function findBrowser() {
  const named = process.env.DOLAB_BROWSER;
  if (named) return named !== "none" && fs.existsSync(named) ? named : null;
  const folders = (process.env.PATH ?? "").split(process.platform === "win32" ? ";" : ":");
  const onPath = names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
  return [...onPath, ...places].find((file) => fs.existsSync(file)) ?? null;
}

/** @param {string} browser @returns {string} such as "Chromium 156.0" or "version unknown" */
export function browserVersion(browser) {
  try {
    return execFileSync(browser, ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "version unknown";
  }
}

/** Whether to install one: where that needs no question, and once, so that a machine it fails on is not kept waiting. */
export const browserNeeded = () =>
  !findBrowser() && !process.env.DOLAB_BROWSER && canInstallDebianPackages() && !readRecord("browser");

/** @returns {Promise<string | null>} the browser's path, or null where none can be had */
export async function installBrowser() {
  return showStep("Debian's chromium, for still pictures (about 410 MB)", async (progress) => {
    const installed = await installDebianPackages(["chromium", "fonts-dejavu-core"], progress);
    writeRecord("browser", { installed });
    return findBrowser();
  });
}
