// The library as README says that others use it: scripts by `dolab run`, and a strict TypeScript project elsewhere.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { before, describe, it } from "node:test";
import { compileLibrary } from "../../src/environment/compiled-library.mjs";
import { inProject } from "../../src/environment/paths.mjs";
import { runDolabAlone } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const readme = readFileSync(inProject("README.md"), "utf8");
const script = /## Write a script[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
const plain = script.replace(", type Tensor }", " }").replaceAll(": Tensor", "");
const said = /^loss \de-\d+, mean of y -?\d\.\d\d\n$/;

before(() => {
  compileLibrary();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(inProject("."), join(folder, "node_modules", "dolab"), "junction"); // what `npm install PATH` makes
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});

/** Writes a file into the project. */
function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("dolab run", () => {
  for (const [name, content] of [
    ["first.ts", script],
    ["first.mts", script],
    ["first.mjs", plain],
  ])
    it(`runs README's script as ${name}`, () => {
      const { code, stdout, stderr } = runDolabAlone(["run", write(name, content)]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, said);
      assert.match(stderr, /200\/200 steps/);
      assert.doesNotMatch(
        stderr,
        /^(?!.*steps).+$/m,
        "nothing but progress: TensorFlow is silent where all is well",
      );
    });

  it("hands on the script's arguments and exit code", () => {
    const file = write(
      "arguments.ts",
      'console.log(process.argv.slice(2).join(" "));\nprocess.exitCode = 3;\n',
    );
    const { code, stdout } = runDolabAlone(["run", file, "--preset", "x"]);
    assert.deepEqual([code, stdout], [3, "--preset x\n"]);
  });

  it("shows where a script fails, by its own lines", () => {
    const file = write(
      "fails.ts",
      "interface A {\n  a: number;\n}\nconst a: A = { a: 1 };\nthrow new Error(String(a.a));\n",
    );
    const { code, stderr } = runDolabAlone(["run", file]);
    assert.equal(code, 1);
    assert.match(stderr, /Error: 1\n.*fails\.ts:5/);
  });

  it("names a script that there is not, and a file that is none", () => {
    assert.match(runDolabAlone(["run", join(folder, "none.ts")]).stderr, /as there is no such file/);
    assert.match(
      runDolabAlone(["run", write("notes.txt", "")]).stderr,
      /a script must be one of \.ts, \.mts, \.js, \.mjs/,
    );
  });
});

describe("a project of one's own", () => {
  it("imports by name in plain Node", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [write("plain.mjs", plain)], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, said);
  });

  it("loads no TensorFlow for statistics, random numbers, files and data", () => {
    const file = write(
      "light.mjs",
      [
        ...["stats", "random", "io", "data"].map((part) => `import "dolab/${part}";`),
        'import { createRequire } from "node:module";',
        "const { cache } = createRequire(import.meta.url);",
        'console.log(Object.keys(cache).filter((name) => name.includes("tensorflow")).length);',
      ].join("\n"),
    );
    assert.equal(execFileSync(process.execPath, [file], { encoding: "utf8" }), "0\n");
  });

  for (const compiler of ["typescript", "typescript-7"])
    it(`passes ${compiler} --strict without skipLibCheck`, () => {
      write("strict.mts", script);
      write(
        "tsconfig.json",
        JSON.stringify({
          compilerOptions: {
            strict: true,
            module: "nodenext",
            target: "es2022",
            noEmit: true,
            skipLibCheck: false,
          },
          files: ["strict.mts"],
        }),
      );
      const tsc = inProject("node_modules", compiler, "bin", "tsc");
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });
});
