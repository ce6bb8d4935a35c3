// The process behind `dolab run SCRIPT`: progress of trainings on standard error, and Ctrl-C that pauses them.
import { createRequire, register } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { register as registerTypeScript } from "tsx/esm/api";
import { inProject } from "./paths.mjs";

const [file, ...rest] = process.argv.slice(2);
const script = pathToFileURL(file).href;
process.argv.splice(1, process.argv.length - 1, file, ...rest); // as a script expects them
process.setSourceMapsEnabled(true);

const require = createRequire(import.meta.url);
registerTypeScript(); // for files that the script imports
register("./script-hooks.mjs", import.meta.url, { data: { script } });

const compiled = (/** @type {string[]} */ ...parts) => require(inProject("dist", ...parts));
const { setSurroundings } = compiled("io", "surroundings.js");
const { terminalProgress } = compiled("notebook", "terminal-progress.js");
const { interruptedBySigint } = compiled("train", "interrupted-by-sigint.js");
const { signal, release } = interruptedBySigint();
setSurroundings({ progress: terminalProgress(), signal });

try {
  await import(script);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
} finally {
  release();
}
if (signal.aborted) process.exitCode = 130;
