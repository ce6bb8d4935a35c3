// What JupyterLab starts: node start.mjs CONNECTION_FILE. Goes to the project's root, so that a notebook in any
// folder sees the same project, teaches Node to load TypeScript, and hands over to the kernel.
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const connectionFile = path.resolve(process.argv[2] ?? "");
process.chdir(path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", ".."));
require("tsx/cjs/api").register();
require("./kernel.ts").startKernel(connectionFile);
