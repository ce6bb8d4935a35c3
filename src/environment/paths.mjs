// Where things live. Everything that set-up makes sits in the project's own folder: node_modules, .venv and .dolab.
// Dependency-free: this code runs before `npm ci`.
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const windows = process.platform === "win32";

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/** @param {...string} parts */
export const inProject = (...parts) => path.join(projectRoot, ...parts);

/** Set-up's own folder: native libraries, logs, records of what is done, caches. Safe to delete. */
export const stateFolder = inProject(".dolab");
export const setUpLog = path.join(stateFolder, "logs", "set-up.log");

export const pythonEnvironment = inProject(".venv");
export const pythonScripts = path.join(pythonEnvironment, windows ? "Scripts" : "bin");
export const environmentPython = path.join(pythonScripts, windows ? "python.exe" : "python");

export const tensorflowBinding = inProject("node_modules", "@tensorflow", "tfjs-node-gpu");

/** What a Node.js process that runs TypeScript is started with. */
export const loadsTypeScript = ["--require", inProject("src", "environment", "load-typescript.cjs")];
