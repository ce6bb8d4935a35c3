// How this project's processes load TypeScript (`node --require src/environment/load-typescript.cjs`): a source file as what set-up
// compiled of it, where that was compiled of the very text that is there now; any other file through tsx. Loading all of
// src takes .6 s of a core so, and 2 s through tsx, which reads, hashes and resolves each file anew.
// The module keeps the source's name: traces, `__dirname` and "dolab-source" mean src. tsx itself is loaded by the first file that needs it.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { markOf } = require("./compiled-mark.cjs");

/** @type {any} Node's own, which its types leave out */
const loader = Module;
const sources = path.resolve(__dirname, "..");
const compiled = path.resolve(sources, "..", "dist");

/** @param {string} file @returns {string | undefined} what its very text was compiled to */
function compiledOf(file) {
  if (!file.startsWith(sources + path.sep)) return undefined;
  const made = path.join(compiled, `${path.relative(sources, file).slice(0, -".ts".length)}.js`);
  try {
    const code = fs.readFileSync(made, "utf8");
    if (!code.endsWith(markOf(fs.readFileSync(file)))) return undefined;
    const map = code.lastIndexOf("//# sourceMappingURL=");
    return `${code.slice(0, map)}//# sourceMappingURL=${pathToFileURL(`${made}.map`)}`; // it lies beside what was compiled
  } catch {
    return undefined;
  }
}

/** @type {((module: unknown, file: string) => void) | undefined} */
let throughTsx;

/** @param {NodeJS.Module & { _compile(code: string, file: string): void }} module @param {string} file */
function load(module, file) {
  const code = compiledOf(file);
  if (code !== undefined) return module._compile(code, file);
  if (!throughTsx) {
    require("tsx/cjs/api").register();
    throughTsx = loader._extensions[".ts"];
    loader._extensions[".ts"] = load;
  }
  throughTsx?.(module, file);
}

loader._extensions[".ts"] = load;
