// Runs the @example of every docstring under src, and the programs of README.md that say what they give. What follows "// =>" after a statement is the value it must have:
//   otsuThreshold([0, 1]); // => 0.001953125        const auc = rankAuc(scores, labels); // => 0.75
// Numbers agree to 1e-12, typed arrays with arrays. Examples are TypeScript, may await, see what their own file exports
// and import the rest from "dolab": src/index.ts, or while there is none, the nearest indices.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import * as ts from "typescript";
import { assertClose } from "./stats/close";
import { temporaryFolder } from "./support/temporary-folder";

const root = join(__dirname, "..");
const load = createRequire(__filename);

interface Example {
  file: string;
  line: number;
  code: string;
}

/** The examples of a file: each @example up to the next tag; the text beside the tag is a title, fences are optional. */
function examplesIn(file: string, text: string): Example[] {
  const examples: Example[] = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const body = comment[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, "");
    for (const tag of body.matchAll(/^[ \t]*@example\b.*\n((?:(?![ \t]*@[a-z]).*(?:\n|$))*)/gm)) {
      const fences = Array.from(tag[1].matchAll(/^\s*```\w*\n([\s\S]*?)^\s*```/gm), (fence) => fence[1]);
      const before = text.slice(0, comment.index) + body.slice(0, tag.index);
      const code = fences.length > 0 ? fences.join("\n") : tag[1];
      examples.push({ file, line: before.split("\n").length, code });
    }
  }
  return examples;
}

/** Turns each "// => value" after a statement into a call of `check`, and the whole into CommonJS. */
function compile(code: string): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022);
  let unchecked = code.match(/\/\/ => /g)?.length ?? 0;
  const statements = source.statements.map((statement) => {
    const text = statement.getText(source);
    const [comment] = ts.getTrailingCommentRanges(code, statement.end) ?? [];
    const expected = /^\/\/ => (.+)$/.exec(code.slice(comment?.pos, comment?.end))?.[1];
    const declared = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0].name
      : undefined;
    const value = ts.isExpressionStatement(statement) ? statement.expression : declared;
    if (comment === undefined || expected === undefined || value === undefined) return text;
    unchecked--;
    const check = `check((${value.getText(source)}), (${expected}), ${JSON.stringify(text)});`;
    return declared === undefined ? check : `${text}\n${check}`;
  });
  assert.equal(
    unchecked,
    0,
    `Cannot check each "// =>" as it must follow a statement of the example itself:\n${code}`,
  );
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(statements.join("\n"), { compilerOptions }).outputText;
}

function dolab(file: string): object {
  const nearest = ["src/stats", "src/random", dirname(file)].map((folder) => join(root, folder, "index.ts"));
  const index = join(root, "src/index.ts");
  const sources = existsSync(index) ? [index] : nearest.filter(existsSync);
  const merged: Record<string | symbol, unknown> = Object.assign({}, ...sources.map((path) => load(path)));
  return new Proxy(merged, {
    get(exports, name) {
      if (!(name in exports)) throw new ReferenceError(`"dolab" exports no ${String(name)}`);
      return exports[name];
    },
  });
}

async function run({ file, code }: Example): Promise<void> {
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const own = file.endsWith(".ts") ? load(join(root, file)) : {};
  const requireFrom = (name: string) => (name === "dolab" ? dolab(file) : load(name));
  const check = (actual: unknown, expected: unknown, text: string) =>
    assertClose(actual, expected, 1e-12, text);
  // The block lets an example declare a name that its file exports.
  const example = new AsyncFunction(
    "require",
    "exports",
    "check",
    ...Object.keys(own),
    `{ ${compile(code)} }`,
  );
  await example(requireFrom, {}, check, ...Object.values(own));
}

const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => join("src", path))
  .sort();

for (const file of files) {
  for (const example of examplesIn(file, readFileSync(join(root, file), "utf8"))) {
    test(`the example at ${file}:${example.line} runs and gives what it says`, () => run(example));
  }
}

const readme = readFileSync(join(root, "README.md"), "utf8");
for (const { 1: code, index } of readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
  if (!code.includes("// => ")) continue;
  const line = readme.slice(0, index).split("\n").length + 1;
  test(`the program at README.md:${line} runs and gives what it says`, async () => {
    process.chdir(temporaryFolder()); // it writes results
    await run({ file: "README.md", line, code }).finally(() => process.chdir(root));
  });
}

test("an example fails on a wrong value, on an error and on a name that is not exported", async () => {
  const fails = (example: Example, reason: RegExp) => assert.rejects(run(example), reason);
  const file = "src/stats/mean.ts";
  const text = `/**\n * @example\n * import { mean } from "dolab";\n * mean([1, 2]); // => VALUE\n */`;
  const [right] = examplesIn(file, text.replace("VALUE", "1.5"));
  assert.equal(right.line, 2);
  await run(right);
  await fails({ ...right, code: right.code.replace("1.5", "1.6") }, /expected 1.6, got 1.5/);
  await fails({ ...right, code: right.code.replaceAll("mean", "average") }, /"dolab" exports no average/);
  await fails({ ...right, code: "throw new Error('broken')" }, /broken/);
  await fails({ ...right, code: "{\n  1; // => 2\n}" }, /must follow a statement of the example itself/);
});
