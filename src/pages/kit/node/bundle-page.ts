// Makes a page's script and style with esbuild: the library's code as Node runs it, over TensorFlow.js for browsers. No
// module of src has a side effect at import, so all that a page does not call stays out, and Node's modules with it; a page
// that does call code which needs Node is refused.
import { promises as fs } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import type { Metafile, Plugin } from "esbuild";
import { inProject } from "../../../environment/paths.mjs";

/** What a page is made of: its title, its lead, and the sources that are bundled. */
export interface PageDefinition {
  title: string;
  /** One or two sentences under the title. */
  lead: string;
  /** The path of its `main.ts`, which calls `startPage`. */
  entry: string;
  /** The paths of its own style sheets, which follow the kit's. */
  styles?: readonly string[];
}

export interface PageBundle {
  script: string;
  style: string;
}

const sources = inProject("src");
const kit = path.join(sources, "pages", "kit");
const kitStyles = ["page.css", "controls.css", "figures.css"].map((name) => path.join(kit, "style", name));
/** Colours, type and focus, as reports have them. */
const reportStyle = path.join(sources, "report", "nbconvert", "templates", "dolab", "page.css");

const bundled = new Map<string, Promise<string>>();

/**
 * Bundles a page; its script is made once a process.
 *
 * @throws {Error} where the page's code does not compile, or needs a module of Node's
 */
export async function bundlePage({ entry, styles = [] }: PageDefinition): Promise<PageBundle> {
  const script = bundled.get(entry) ?? bundleScript(entry);
  bundled.set(entry, script);
  const texts = [reportStyle, ...kitStyles, ...styles].map((file) => fs.readFile(file, "utf8"));
  return { script: await script, style: (await Promise.all(texts)).join("\n") };
}

async function bundleScript(entry: string): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    outdir: ".",
    mainFields: ["browser", "module", "main"], // as esbuild has them, but of one kind for import and require
    loader: { ".wasm": "binary" },
    alias: { "@tensorflow/tfjs-node": path.join(kit, "tensorflow.ts") },
    plugins: [withoutNode, withoutThreads],
  });
  refuseNode(entry, metafile);
  // A closing tag within would end the element that the script stands in.
  return outputFiles[0].text.replace(/<\/script/gi, "<\\/script");
}

const EMPTY = "without-node";

/** Node's modules are empty, and our own files are left out where nothing of them is used. */
const withoutNode: Plugin = {
  name: "without Node",
  setup(build) {
    const builtIn = new RegExp(`^(node:.*|${builtinModules.join("|")})$`);
    build.onResolve({ filter: builtIn }, ({ path: name }) => ({
      path: name,
      namespace: EMPTY,
      sideEffects: false,
    }));
    build.onResolve(
      { filter: /^\.\.?\// },
      async ({ path: name, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === "resolved" || !importer.startsWith(sources)) return undefined;
        const found = await build.resolve(name, { importer, resolveDir, kind, pluginData: "resolved" });
        return { ...found, sideEffects: false };
      },
    );
    build.onLoad({ filter: /.*/, namespace: EMPTY }, () => ({ contents: "module.exports = {}" }));
  },
};

/** Refuses a bundle that one of Node's modules is left in: our own code calls it, and would fail in the page. */
function refuseNode(entry: string, { inputs, outputs }: Metafile): void {
  const used = new Set(
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])),
    ),
  );
  for (const importer of used)
    for (const { path: name } of inputs[importer]?.imports ?? [])
      if (name.startsWith(`${EMPTY}:`) && used.has(name) && !importer.includes("node_modules"))
        throw new Error(
          `Cannot make a page of ${entry} as its code must run without Node: got ${name.slice(EMPTY.length + 1)} in ${importer}`,
        );
}

/** A page cannot share memory unless its server says so, and a file has none: one thread computes. */
const withoutThreads: Plugin = {
  name: "without threads",
  setup(build) {
    build.onLoad({ filter: /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ }, () => ({
      contents: "module.exports = {}",
    }));
  },
};
