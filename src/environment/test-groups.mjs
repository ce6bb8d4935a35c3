// Which tests share a process. A process costs .7 to 1.5 s of a core before its first test (Node, tsx, TensorFlow), more than
// most files' tests together: 17 files of test/stats take 12 s apart and 2 s in one process. So the files of a folder share one.
// A file that must be alone says so and why in a line of its own:
//   // Runs in a process of its own: it edits the environment of the whole process.
import fs from "node:fs";
import path from "node:path";
import { inProject } from "./paths.mjs";

const alone = /^\/\/ Runs in a process of its own: \S/m;

/** Folders of tests that wait for kernels, browsers and commands: they come first, so that none of them is left at the end. */
const waiting = ["notebook", "cli", "report", "environment", "pages", "experiments"];

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
    const found = waiting.findIndex((folder) => name === folder || name.startsWith(`${folder}-`));
    return found < 0 ? waiting.length : found;
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
