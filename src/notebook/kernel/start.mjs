// What JupyterLab starts: node start.mjs CONNECTION_FILE. Goes to the project's root, so that a notebook in any
// folder sees the same project, teaches Node to load TypeScript, and hands over to the kernel.
import Module, { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const connectionFile = path.resolve(process.argv[2] ?? "");
process.chdir(path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", ".."));
// An interrupt reaches the whole process group. A lasting process of esbuild would end with it, and the next edited file could
// not be compiled: each file gets a process of its own, which matters little, as what is compiled is kept.
process.env.ESBUILD_WORKER_THREADS = "0";
require("../../environment/load-typescript.cjs");
process.setSourceMapsEnabled(true);
/** @type {any} Node's own, which its types leave out */
const loader = Module;
const { _resolveFilename: resolveFilename } = loader; // a cell's "dolab" is the sources, not what is compiled of them
loader._resolveFilename = (/** @type {string} */ request, /** @type {unknown[]} */ ...rest) =>
  resolveFilename(request === "dolab" ? path.resolve("src", "index.ts") : request, ...rest);
require("./kernel.ts").startKernel(connectionFile);
