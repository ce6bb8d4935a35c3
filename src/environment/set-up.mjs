// Set-up in one command, run before every npm script of the project: each step first asks whether its work is done,
// so a second run costs a few file checks, and a half-finished one goes on where it stopped.
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { browserNeeded, findBrowser, installBrowser, withoutBrowser } from "./browser.mjs";
import { compileLibrary, libraryCompiled } from "./compiled-library.mjs";
import { say, seconds, showStep } from "./console.mjs";
import { buildTensorflow, tensorflowBuilt } from "./native-tensorflow.mjs";
import { installPackages, linkProject, packagesInstalled } from "./packages.mjs";
import { stateFolder } from "./paths.mjs";
import { makePythonEnvironment, pythonEnvironmentReady } from "./python-environment.mjs";

const oldestNode = [20, 19];

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Cannot set up as dolab needs Node.js ${oldestNode.join(".")} or later: this is ${process.version}; ` +
      "install the current LTS from nodejs.org or with your version manager",
  );
}

/**
 * Two set-ups at once would undo each other: the second waits for the first.
 * @returns {Promise<() => void>} ends the turn
 */
async function takeTurn() {
  const lock = path.join(stateFolder, "set-up.lock");
  fs.mkdirSync(stateFolder, { recursive: true });
  for (let told = false; ; told = true) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      const release = () => fs.rmSync(lock, { force: true });
      const stop = () => process.exit(130);
      process.once("exit", release).once("SIGINT", stop).once("SIGTERM", stop);
      return () => {
        release();
        process.off("exit", release).off("SIGINT", stop).off("SIGTERM", stop);
      };
    } catch {
      if (!isRunning(Number(readOrEmpty(lock)))) {
        fs.rmSync(lock, { force: true });
        continue;
      }
      if (!told) say("Another set-up of this project is under way: waiting for it");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** @param {number} pid */
function isRunning(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const isComplete = () =>
  packagesInstalled() &&
  pythonEnvironmentReady() &&
  tensorflowBuilt() &&
  !browserNeeded() &&
  libraryCompiled();

/** Brings everything the project needs into its own folder; returns at once where it is there. */
export async function setUp() {
  requireNode();
  if (isComplete()) return linkProject();
  const endTurn = await takeTurn();
  const started = Date.now();
  say("Setting up dolab (once; about two minutes on a good network)");
  if (!packagesInstalled()) await installPackages();
  if (!pythonEnvironmentReady()) await makePythonEnvironment();
  if (!tensorflowBuilt()) await buildTensorflow();
  if (browserNeeded()) await installBrowser();
  if (!libraryCompiled())
    await showStep("compile the library for other projects", async () => compileLibrary());
  linkProject();
  if (!findBrowser()) say(`  Note: ${withoutBrowser}`);
  say(`Set up in ${seconds(Date.now() - started)}`);
  endTurn(); // a failure ends the process, and the turn with it
}
