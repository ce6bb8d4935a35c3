// A saved model in the page: from the files that the page carries, or else from its server.

import { documentRules } from "../../data/boolean-world/known-rules";
import { parseRules } from "../../data/boolean-world/parse-rules";
import type { BooleanRules, State } from "../../data/boolean-world/rules";
import { formatState, parseState } from "../../data/boolean-world/states";
import type { SavedGpt2 } from "../../models";
import { createGpt2, fromHuggingFaceGpt2 } from "../../models/gpt2/parameters";
import { fromHuggingFaceConfiguration } from "../../models/gpt2/saved-model-configuration";
import { tokenizerFromFiles } from "../../models/gpt2/tokenizer-files";
import { createRandom } from "../../random";
import { loadStateDict } from "../../tensor";
import { type ModelFileName, modelFileNames } from "../model-file-names";
import { readSafetensorsBytes } from "./read-safetensors";

export interface PageModel extends SavedGpt2 {
  rules: BooleanRules;
  /** States that it never read. */
  excluded: readonly State[];
  /** How many tokens of an answer there are positions for. */
  mostWritten: number;
}

/** Bytes by file name; world.json may be missing. */
export type ModelBytes = Partial<Record<ModelFileName, ArrayBuffer>>;

/** @param carried base64 by file name, or null where the server has the files */
export async function modelBytes(carried: Record<string, string> | null): Promise<ModelBytes> {
  const files: ModelBytes = {};
  for (const name of modelFileNames) {
    if (carried) {
      if (Object.hasOwn(carried, name)) files[name] = fromBase64(carried[name]);
      continue;
    }
    const response = await fetch(`model/${name}`);
    if (response.status === 200) files[name] = await response.arrayBuffer();
    else if (response.status !== 204) throw new Error(`Cannot load ${name}: ${await response.text()}`);
  }
  return files;
}

/** @throws {SyntaxError | RangeError} where the files are no model */
export function modelFromBytes(files: ModelBytes): PageModel {
  const text = (name: ModelFileName) => new TextDecoder().decode(files[name]);
  const configuration = fromHuggingFaceConfiguration(JSON.parse(text("config.json")));
  const tokenizer = tokenizerFromFiles(text("vocab.json"), text("merges.txt"));
  const world = files["world.json"] ? JSON.parse(text("world.json")) : undefined;
  const rules = world ? parseRules(world.rules) : documentRules;
  const parameters = createGpt2(configuration, { rng: createRandom(0) });
  loadStateDict(
    parameters,
    fromHuggingFaceGpt2(readSafetensorsBytes(files["model.safetensors"] as ArrayBuffer)),
  );
  const excluded = (world?.excluded ?? []).map((state: string) => parseState(rules, state));
  const prompt = tokenizer.encode(formatState(rules.inputs.map(() => 0))); // all states' are of one length
  const mostWritten = configuration.positions - prompt.length;
  return { parameters, configuration, tokenizer, rules, excluded, mostWritten };
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}
