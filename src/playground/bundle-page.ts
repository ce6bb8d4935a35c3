// The page's script and style, made of src/playground/page by esbuild: the model's code as Node runs it, over TensorFlow.js
// for browsers. Nothing in src has a side effect at import, so all that the page does not call stays out, Node's modules
// with it.
import { promises as fs } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import type { Plugin } from "esbuild";

export interface PageBundle {
  script: string;
  style: string;
}

const page = path.join(__dirname, "page");
const styles = ["layout.css", "controls.css", "results.css", "heat-maps.css", "screens.css"];
/** Colours, type and focus, as reports have them. */
const reportStyle = path.join(__dirname, "..", "report", "nbconvert", "templates", "dolab", "page.css");
const sources = path.join(__dirname, "..");

let bundled: Promise<PageBundle> | undefined;

/** The bundle; made at the first call. */
export function bundlePage(): Promise<PageBundle> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<PageBundle> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [path.join(page, "main.ts")],
    ...{ bundle: true, minify: true, write: false, format: "iife", platform: "browser", target: "es2022" },
    ...{ charset: "ascii", legalComments: "none", logLevel: "silent", outdir: "." },
    mainFields: ["browser", "module", "main"], // as esbuild has them, but of one kind for import and require
    loader: { ".wasm": "binary" },
    alias: { "@tensorflow/tfjs-node": path.join(page, "tensorflow.ts") },
    plugins: [withoutNode, withoutThreads],
  });
  const texts = await Promise.all(
    [reportStyle, ...styles.map((name) => path.join(page, name))].map((file) => fs.readFile(file, "utf8")),
  );
  // A closing tag within would end the element that the script stands in.
  const script = outputFiles[0].text.replace(/<\/script/gi, "<\\/script");
  return { script, style: texts.join("\n") };
}

/** Node's modules are empty, and our own files are left out where nothing of them is used. */
const withoutNode: Plugin = {
  name: "without Node",
  setup(build) {
    const builtIn = new RegExp(`^(node:.*|${builtinModules.join("|")})$`);
    build.onResolve({ filter: builtIn }, ({ path: name }) => ({
      ...{ path: name, namespace: "empty", sideEffects: false },
    }));
    build.onResolve(
      { filter: /^\.\.?\// },
      async ({ path: name, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === "resolved" || !importer.startsWith(sources)) return undefined;
        const found = await build.resolve(name, { importer, resolveDir, kind, pluginData: "resolved" });
        return { ...found, sideEffects: false };
      },
    );
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {}" }));
  },
};

/** A page cannot share memory unless its server says so, and a file has none: one thread computes. */
const withoutThreads: Plugin = {
  name: "without threads",
  setup(build) {
    build.onLoad({ filter: /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ }, () => ({
      contents: "module.exports = {}",
    }));
  },
};
