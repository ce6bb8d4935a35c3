// plotly.js for pages: the package's 10 MB file minified once to half of that and kept in the project's cache, where
// the HTML export and still pictures find it. Without the cached file the export takes the large one.
import fs from "node:fs/promises";
import path from "node:path";
import { transform } from "esbuild";
import { projectRoot } from "../environment/paths.mjs";
import { writeFileAtomically } from "../io/write-atomically";

/** Gives the path of the minified Plotly script, which it makes if it is not there yet. */
export async function plotlyScript(): Promise<string> {
  const folder = path.join(projectRoot, "node_modules", "plotly.js-dist");
  const { version } = JSON.parse(await fs.readFile(path.join(folder, "package.json"), "utf8"));
  const minified = path.join(projectRoot, ".dolab", "cache", `plotly-${version}.min.js`);
  if (await exists(minified)) return minified;
  const source = await fs.readFile(path.join(folder, "plotly.js"), "utf8");
  const licence = /^\/\*[\s\S]*?\*\//.exec(source)?.[0]; // which minifying would take away
  const { code } = await transform(source, { minify: true, banner: licence });
  writeFileAtomically(minified, code);
  return minified;
}

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );
