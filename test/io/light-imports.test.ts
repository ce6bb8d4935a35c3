// What `dolab/io` and the store of data sets load: Node, themselves and small packages, so that a script that reads an .npz
// file starts at once, and never TensorFlow.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";

const root = join(__dirname, "../../src");
const packages = ["pino", "pino-roll", "tar"];

/** What a source file imports: paths below src, or names of packages. Imports of types load nothing. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /^(?:import|export)\s(?!type\s)[^;]*?from\s"([^"]+)";|\b(?:import|require)\("([^"]+)"\)/gm,
  );
  return Array.from(found, ([, from, called]) => from ?? called).map((name) =>
    name.startsWith(".") ? relative(root, resolve(file, "..", name)) : name,
  );
}

for (const [folder, allowed] of [
  ["io", /^io\//],
  ["data/store", /^(io|data\/store)\//],
] as const) {
  test(`src/${folder} imports Node, ${packages.join(", ")} and nothing else of dolab's that could load TensorFlow`, () => {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts"));
    assert.ok(files.length > 5);
    const foreign = files.flatMap((file) =>
      importsOf(join(root, folder, file))
        .filter((name) => !name.startsWith("node:") && !packages.includes(name) && !allowed.test(name))
        .map((name) => `${file}: ${name}`),
    );
    assert.deepEqual(foreign, []);
  });
}

test("src/io/index.ts loads no package", () => {
  const seen = new Set<string>();
  const follow = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    if (name.startsWith("io/")) for (const next of importsOf(join(root, `${name}.ts`))) follow(next);
  };
  follow("io/index");
  assert.deepEqual(
    [...seen].filter((name) => !/^(node:|io\/)/.test(name)),
    [],
  );
  assert.ok(seen.has("io/run-folder"));
});
