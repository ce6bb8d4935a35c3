// The playground's page: made of a saved model as one file, or served with the model's files beside it.
import path from "node:path";
import { inProject } from "../../../environment/paths.mjs";
import type { PageDefinition } from "../../kit/node/bundle-page";
import { pageHtml } from "../../kit/node/page-html";
import { type PageServer, type ServeOptions, servePage } from "../../kit/node/serve-page";
import { type ModelFileName, modelFileNames } from "../model-file-names";
import { readModelFile, readModelFolder } from "./model-folder";

const folder = inProject("src", "pages", "boolean-world");

const playground: PageDefinition = {
  title: "Boolean world playground",
  lead: "A small language model was trained on examples of a world of boolean variables and never shown its rules. Give it a state, switch parts of it off or flip its weights, and watch what it still knows.",
  entry: path.join(folder, "main.ts"),
  styles: [path.join(folder, "playground.css")],
};

/**
 * Makes the playground of a saved model as one HTML text that needs no network, for a file or an iframe's `srcdoc`.
 *
 * @param model a compact model's folder, as `saveGpt2` writes it
 * @throws {RangeError} where a file is missing, the world has over 1,024 states, or the page would take 10 MB
 * @throws {SyntaxError | SafetensorsError} where a file is damaged
 */
export async function playgroundHtml(model: string): Promise<string> {
  return pageHtml(playground, await readModelFolder(model), {
    what: `the model in ${model}`,
    remedy: "train with --vocabulary compact",
  });
}

/**
 * Serves the playground of a saved model of any size.
 *
 * @param model its folder, as `saveGpt2` writes it
 * @param options.port 0, the default, takes a free one
 * @throws {RangeError | SyntaxError | SafetensorsError} as `playgroundHtml` does
 * @throws {Error} where the port is taken
 */
export async function servePlayground(model: string, options: ServeOptions = {}): Promise<PageServer> {
  await readModelFolder(model);
  const read = (name: string) => readModelFile(model, name as ModelFileName);
  return servePage(playground, { names: modelFileNames, optional: ["world.json"], read }, options);
}
