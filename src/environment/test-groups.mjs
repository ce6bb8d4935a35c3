// Which tests share a process. A process costs .2 to .9 s of a core before its first test (Node, what it loads, TensorFlow), more
// than most files' tests together. So the files of a folder share one.
// A file that must be alone says so and why in a line of its own:
//   // Runs in a process of its own: it edits the environment of the whole process.
import fs from "node:fs";
import path from "node:path";
import { inProject } from "./paths.mjs";

const alone = /^\/\/ Runs in a process of its own: \S/m;

/** The folders whose tests take longest, from 160 s of wall time to 20: they come first, so that none is left to run alone at the end. */
const longest = [
  "cli",
  "report",
  "notebook",
  "environment",
  "experiments",
  "pages",
  "train",
  "io",
  "models",
  "tensor",
  "sweep",
];

/**
 * Writes a file for each process, which requires the tests that run in it, to `.dolab/tests`.
 *
 * @param {string[]} files paths of test files
 * @returns {string[]} the written files in the order in which they are to start; `node --test` starts them by their names
 */
export function testGroups(files) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const file of files) {
    const own = alone.test(fs.readFileSync(file, "utf8"));
    const name =
      path
        .relative(inProject("test"), own ? file : path.dirname(file))
        .split(path.sep)
        .join("-") || "test";
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const place = (/** @type {string} */ name) => {
    const found = longest.findIndex((folder) => name === folder || name.startsWith(`${folder}-`));
    return String(found < 0 ? longest.length : found).padStart(2, "0");
  };
  const written = inProject(".dolab", "tests");
  fs.rmSync(written, { recursive: true, force: true });
  fs.mkdirSync(written, { recursive: true });
  return [...groups].map(([name, members]) => {
    const file = path.join(written, `${place(name)}-${name.replace(/\.test\.ts$/, "")}.test.cjs`);
    fs.writeFileSync(file, members.map((member) => `require(${JSON.stringify(member)});\n`).join(""));
    return file;
  });
}
