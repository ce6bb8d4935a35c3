// The library as other projects use it: JavaScript beside its types under dist, which `exports` of package.json points to.
// Within the project, notebooks, tests and the command line mean src itself (export condition "dolab-source"); a file of it that
// was not edited since set-up is loaded as it was compiled (load-typescript.cjs).
//   dist/**/*.js         each source file, compiled by itself: CommonJS, so that there is one copy of every module
//   dist/entries/*.mjs   what `import` gets: the same exports by name
//   dist/declarations    what TypeScript declares of each source file, for the kernel's compiler
//   dist/types           the same for other projects, with the types of packages that do not pass their checks
// dist is never stale: set-up compiles anew what changed, and an entry that finds other sources compiles them first.
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inProject } from "./paths.mjs";

const require = createRequire(import.meta.url);
const { markOf } = require("./compiled-mark.cjs");
const output = inProject("dist");
const stamp = path.join(output, "stamp.json");

/** The parts that can be imported by themselves, as package.json's `exports` lists them; "index" is the whole. */
export const entries = ["index", "data", "experiments", "io", "models", "random", "stats", "tensor", "train"];

/** @param {string} file */
const isSource = (file) => /\.(ts|mjs|cjs)$/.test(file) && !file.endsWith(".d.ts");

const sources = () =>
  fs.readdirSync(inProject("src"), { recursive: true, encoding: "utf8" }).filter(isSource).sort();

/** Changes with any source file. */
function fingerprint() {
  const hash = crypto.createHash("sha256");
  for (const file of sources()) hash.update(`${file}\0`).update(fs.readFileSync(inProject("src", file)));
  return hash.digest("hex");
}

function recorded() {
  try {
    return JSON.parse(fs.readFileSync(stamp, "utf8"));
  } catch {
    return {};
  }
}

/** Whether dist is what the sources say. */
export function libraryCompiled() {
  const { scripts, types } = recorded();
  const now = fingerprint();
  return scripts === now && types === now;
}

/** Compiles what changed. @param {{ types?: boolean }} [options] types take several seconds and can wait for set-up */
export function compileLibrary({ types = true } = {}) {
  const now = fingerprint();
  const before = recorded();
  if (before.scripts !== now) {
    const esbuild = require("esbuild");
    fs.mkdirSync(output, { recursive: true });
    const files = sources();
    const { outputFiles } = esbuild.buildSync({
      write: false,
      entryPoints: files.filter((file) => file.endsWith(".ts")).map((file) => inProject("src", file)),
      outdir: output,
      outbase: inProject("src"),
      format: "cjs",
      platform: "node",
      target: "node20.19",
      sourcemap: true,
      logLevel: "warning",
    });
    for (const { path: file, text } of outputFiles) {
      const source = inProject("src", path.relative(output, file).replace(/js$/, "ts"));
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, file.endsWith(".map") ? text : text + markOf(fs.readFileSync(source)));
    }
    for (const file of files.filter((name) => !name.endsWith(".ts"))) {
      fs.mkdirSync(path.dirname(path.join(output, file)), { recursive: true });
      fs.copyFileSync(inProject("src", file), path.join(output, file));
    }
    writeEntries();
    fs.writeFileSync(stamp, JSON.stringify({ ...before, scripts: now }));
  }
  if (types && before.types !== now) {
    writeTypes();
    fs.writeFileSync(stamp, JSON.stringify({ scripts: now, types: now }));
  }
}

/** Compiles the scripts where sources have changed since; a package without its own tools is taken as it is. */
export function freshenLibrary() {
  if (!fs.existsSync(inProject("tsconfig.json")) || recorded().scripts === fingerprint()) return;
  compileLibrary({ types: false });
}

function writeEntries() {
  const folder = path.join(output, "entries");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const entry of entries) {
    const script = entry === "index" ? "../index.js" : `../${entry}/index.js`;
    const names = exportedNames(path.join(folder, script));
    fs.writeFileSync(
      path.join(folder, `${entry}.mjs`),
      [
        'import { createRequire } from "node:module";',
        'import { freshenLibrary } from "../environment/compiled-library.mjs";',
        "",
        "freshenLibrary();",
        `const library = createRequire(import.meta.url)("${script}");`,
        `export const { ${names.join(", ")} } = library;`,
        "",
      ].join("\n"),
    );
  }
}

/** The names that a compiled file exports, found without running it. @param {string} file @returns {string[]} */
function exportedNames(file) {
  const text = fs.readFileSync(file, "utf8");
  const own = /__export\(\w+, \{\n([\s\S]*?)\n\}\);/.exec(text)?.[1] ?? "";
  const names = Array.from(own.matchAll(/^ {2}(\w+): \(\) =>/gm), ([, name]) => name);
  const whole = Array.from(text.matchAll(/__reExport\(\w+, require\("(.+?)"\)/g), ([, target]) => {
    const there = path.resolve(path.dirname(file), target);
    return exportedNames(fs.existsSync(`${there}.js`) ? `${there}.js` : path.join(there, "index.js"));
  });
  return [...new Set([...names, ...whole.flat()])].sort();
}

function writeTypes() {
  const [declarations, folder] = ["declarations", "types"].map((name) => path.join(output, name));
  for (const old of [declarations, folder]) fs.rmSync(old, { recursive: true, force: true });
  const configuration = path.join(output, "tsconfig.json");
  const files = entries.map((entry) =>
    inProject("src", entry === "index" ? "index.ts" : `${entry}/index.ts`),
  );
  fs.writeFileSync(
    configuration,
    JSON.stringify({
      extends: inProject("tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        noCheck: true,
        outDir: declarations,
        rootDir: inProject("."),
        typeRoots: [inProject("node_modules", "@types")],
      },
      files,
      include: [],
    }),
  );
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", configuration], {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  fs.cpSync(declarations, folder, { recursive: true });
  bringTypes(folder);
  for (const file of declarationsIn(declarations)) {
    const source = inProject(file.replace(/d\.ts$/, "ts"));
    fs.appendFileSync(path.join(declarations, file), markOf(fs.readFileSync(source)));
  }
}

/**
 * Packages whose own declarations do not pass `tsc --strict` are brought along, marked as not to be checked, so that a project
 * that uses dolab needs no `skipLibCheck`.
 *
 * @param {string} folder of the declarations
 */
function bringTypes(folder) {
  const brought = [
    {
      name: "@tensorflow/tfjs-core",
      types: ["node_modules", "@tensorflow", "tfjs-core", "dist"],
      as: "tfjs-core",
    },
    {
      name: "@uwdata/flechette",
      types: ["node_modules", "@uwdata", "flechette", "dist", "types"],
      as: "flechette",
    },
    { name: "arquero", types: ["node_modules", "arquero", "dist", "types"], as: "arquero" },
  ];
  const place = (/** @type {string} */ name) => path.join(folder, "packages", name, "index");
  for (const { types, as } of brought) {
    const from = inProject(...types);
    for (const file of declarationsIn(from).filter((name) => !name.includes("_test"))) {
      const target = path.join(folder, "packages", as, file);
      const text = fs.readFileSync(path.join(from, file), "utf8").replace(/^\/\/\/ <reference.*$/gm, "");
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, `// @ts-nocheck\n${text}`);
    }
  }
  fs.writeFileSync(
    path.join(folder, "packages", "tensorflow.d.ts"),
    'import "./tfjs-core/public/chained_ops/register_all_chained_ops";\nexport * from "./tfjs-core/index";\n',
  );
  const places = new Map([
    ["@tensorflow/tfjs-node", path.join(folder, "packages", "tensorflow")],
    ...brought.map(({ name, as }) => /** @type {[string, string]} */ ([name, place(as)])),
  ]);
  for (const file of declarationsIn(folder)) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const here = path.dirname(path.join(folder, file));
    const mended = text.replace(/(from |import\()(["'])([^"']+)\2/g, (all, keyword, quote, name) => {
      const [, inner] = /^@tensorflow\/tfjs-core\/dist\/(.+)$/.exec(name) ?? [];
      const there = inner ? path.join(folder, "packages", "tfjs-core", inner) : places.get(name);
      if (!there) return all;
      const relative = path.relative(here, there).split(path.sep).join("/");
      return `${keyword}${quote}${relative.startsWith(".") ? relative : `./${relative}`}${quote}`;
    });
    if (mended !== text) fs.writeFileSync(path.join(folder, file), mended);
  }
  for (const entry of entries) {
    const file = path.join(folder, "src", entry === "index" ? "index.d.ts" : `${entry}/index.d.ts`);
    fs.writeFileSync(file, `/// <reference types="node" />\n${fs.readFileSync(file, "utf8")}`);
  }
}

/** @param {string} folder */
const declarationsIn = (folder) =>
  fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) compileLibrary();
