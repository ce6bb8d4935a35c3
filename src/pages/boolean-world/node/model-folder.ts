// A saved model's files for the page. Only files of the known names that lie in the folder itself are read: no link is
// followed, so that nothing outside it can be had.
import { constants, promises as fs } from "node:fs";
import path from "node:path";
import { parseRules, parseState } from "../../../data";
import { readSafetensors } from "../../../io";
import { fromHuggingFaceConfiguration } from "../../../models/gpt2/saved-model-configuration";
import { tokenizerFromFiles } from "../../../models/gpt2/tokenizer-files";
import { type ModelFileName, modelFileNames } from "../model-file-names";

/** More than any model that a page computes. */
const LARGEST_FILE = 512 * 2 ** 20;

/** The page asks all of them anew at each change and shows each in a place of its own. */
const MOST_STATES = 1024;

/**
 * Reads one file.
 *
 * @returns undefined where the folder has none
 * @throws {RangeError} where it is no plain file, a link, or too large
 */
export async function readModelFile(folder: string, name: ModelFileName): Promise<Buffer | undefined> {
  const file = path.join(folder, name);
  const refuse = (rule: string, got: string) => new RangeError(`Cannot read ${file} as ${rule}: got ${got}`);
  let handle: fs.FileHandle;
  try {
    const found = await fs.lstat(file);
    if (!found.isFile())
      throw refuse("it must be a plain file", found.isSymbolicLink() ? "a link" : "something else");
    handle = await fs.open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_FILE) throw refuse(`it must be of ${LARGEST_FILE} bytes at most`, `${size}`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Reads all files of a model, checked as Node's own loader checks them.
 *
 * @throws {RangeError} where one is missing, they do not go together, or the world is too large; {SyntaxError |
 *   SafetensorsError} where one is damaged
 */
export async function readModelFolder(folder: string): Promise<Map<ModelFileName, Buffer>> {
  const found = await lookAt(folder);
  if (!found) throw noModel(folder, "there must be such a folder", `none; ${TRAIN}`);
  if (!found.isDirectory())
    throw noModel(folder, "that must be a folder", "a file; name the folder that it lies in");
  const files = new Map<ModelFileName, Buffer>();
  for (const name of modelFileNames) {
    const content = await readModelFile(folder, name);
    if (content) files.set(name, content);
    else if (name !== "world.json") {
      const trained = path.join(folder, "final"); // where `dolab boolean --train` puts it
      const isThere = await lookAt(path.join(trained, "config.json"));
      throw noModel(folder, `it must hold ${name}`, `none; ${isThere ? `did you mean ${trained}?` : TRAIN}`);
    }
  }
  checkModel(folder, (name) => files.get(name)?.toString("utf8") ?? "");
  return files;
}

const TRAIN = "train one first (dolab boolean --train), or name its folder";

const noModel = (folder: string, rule: string, got: string) =>
  new RangeError(`Cannot play with the model in ${folder} as ${rule}: got ${got}`);

/** @returns undefined where there is nothing of that name, also as a file stands in the way */
async function lookAt(place: string) {
  try {
    return await fs.stat(place);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function checkModel(folder: string, text: (name: ModelFileName) => string): void {
  const file = path.join(folder, "config.json");
  const { vocabulary } = fromHuggingFaceConfiguration(parseJson(text("config.json"), file), file);
  const { size } = tokenizerFromFiles(text("vocab.json"), text("merges.txt"));
  if (size !== vocabulary)
    throw new RangeError(
      `Cannot load a GPT-2 from ${folder} as its ${vocabulary} tokens are the tokenizer's: got ${size}`,
    );
  readSafetensors(path.join(folder, "model.safetensors"));
  if (!text("world.json")) return;
  const source = path.join(folder, "world.json");
  const world = parseJson(text("world.json"), source) as { rules?: unknown; excluded?: unknown };
  if (typeof world?.rules !== "string" || !Array.isArray(world.excluded))
    throw new SyntaxError(
      `Cannot read ${source} as it must hold rules (text) and excluded (a list of states)`,
    );
  const rules = parseRules(world.rules, { source: `the rules in ${source}` });
  for (const state of world.excluded) parseState(rules, String(state));
  const count = 2 ** rules.inputs.length;
  if (count > MOST_STATES)
    throw noModel(folder, `its world must be of ${MOST_STATES} states at most (10 inputs)`, `${count}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot read ${source} as it must hold JSON`);
  }
}
