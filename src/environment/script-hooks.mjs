// How `dolab run` loads a script: any .ts, .mts, .js or .mjs as an ES module, so that it may await at its top, from any folder;
// "dolab" and its parts are this project's library, compiled anew where its sources changed.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { entries } from "./compiled-library.mjs";
import { inProject } from "./paths.mjs";

const require = createRequire(import.meta.url);

/** The script's address. @type {string} */
let script = "";

/** @param {{ script: string }} data */
export function initialize(data) {
  script = data.script;
}

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const asked = /^dolab(?:\/(\w+))?$/.exec(specifier);
  const part = asked?.[1] ?? "index";
  if (asked && entries.includes(part)) {
    const entry = inProject("dist", "entries", `${part}.mjs`);
    return { url: pathToFileURL(entry).href, format: "module", shortCircuit: true };
  }
  return next(specifier, context);
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (url !== script) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = require("esbuild").transformSync(fs.readFileSync(file, "utf8"), {
    loader: /ts$/.test(path.extname(file)) ? "ts" : "js",
    format: "esm",
    target: "node20.19",
    sourcefile: file,
    sourcemap: "inline",
  });
  return { format: "module", source: code, shortCircuit: true };
}
