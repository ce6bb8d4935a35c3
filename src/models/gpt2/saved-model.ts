// A GPT-2 as a folder that Hugging Face's `from_pretrained` reads, and that holds what it writes: config.json,
// generation_config.json, model.safetensors and the tokenizer's files. Only this file of the model reads and writes any.
import { existsSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variable } from "@tensorflow/tfjs-node";
import { formatJson, readJson, readSafetensors, writeFileAtomically, writeSafetensors } from "../../io";
import { lockFolder } from "../../io/folder-lock";
import { createRandom } from "../../random";
import { loadStateDict, toStateDict } from "../../tensor";
import type { Gpt2Configuration } from "./configuration";
import { createGpt2, fromHuggingFaceGpt2, type Gpt2Parameters } from "./parameters";
import {
  fromHuggingFaceConfiguration,
  huggingFaceConfiguration,
  huggingFaceGeneration,
} from "./saved-model-configuration";
import type { Tokenizer } from "./tokenizer";
import { tokenizerFiles, tokenizerFromFiles } from "./tokenizer-files";

/** A model with what is needed to use it. */
export interface SavedGpt2 {
  parameters: Gpt2Parameters<Variable>;
  configuration: Gpt2Configuration;
  tokenizer: Tokenizer;
}

const WEIGHTS = "model.safetensors";

/**
 * Writes a model as a folder that `transformers` reads. Earlier weights go first and the new ones come last: a folder without
 * them is no model, so that a killed process never leaves files of two.
 *
 * @param folder where it is written; it is made if need be, and locked meanwhile
 * @param model parameters, configuration and tokenizer
 * @param options.dropout the rate it was trained with, for config.json: by default 0
 * @param options.files more files of the folder: their texts by name
 * @returns the files' paths
 * @throws {RangeError} where the tokenizer has other than the model's number of tokens
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { compactTokenizer, createGpt2, createRandom, gpt2Tokenizer, saveGpt2 } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/gpt2-`);
 * const tokenizer = compactTokenizer(gpt2Tokenizer(), ["0,1"]);
 * const configuration = { vocabulary: tokenizer.size, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const files = saveGpt2(folder, { parameters, configuration, tokenizer });
 * files.includes(`${folder}/model.safetensors`); // => true
 * rmSync(folder, { recursive: true });
 */
export function saveGpt2(
  folder: string,
  { parameters, configuration, tokenizer }: SavedGpt2,
  { dropout = 0, files = {} }: { dropout?: number; files?: Readonly<Record<string, string>> } = {},
): string[] {
  requireSameSize(folder, "save", configuration, tokenizer);
  const { endOfText } = tokenizer;
  const integerKeys = ["vocab_size", "n_positions", "n_ctx", "n_embd", "n_layer", "n_head", "max_length"];
  const json = (value: object) =>
    `${formatJson(value, { integerKeys: [...integerKeys, "bos_token_id", "eos_token_id", "pad_token_id"] })}\n`;
  const texts = {
    "config.json": json(huggingFaceConfiguration(configuration, { endOfText, dropout })),
    "generation_config.json": json(huggingFaceGeneration(configuration, endOfText)),
    ...tokenizerFiles(tokenizer, configuration.positions),
    ...files,
  };
  const lock = lockFolder(folder);
  try {
    rmSync(join(folder, WEIGHTS), { force: true });
    for (const [name, content] of Object.entries(texts)) writeFileAtomically(join(folder, name), content);
    writeSafetensors(join(folder, WEIGHTS), toStateDict(parameters), { metadata: { format: "pt" } });
  } finally {
    lock.release();
  }
  return [...Object.keys(texts), WEIGHTS].map((name) => join(folder, name));
}

/**
 * Reads a model that `saveGpt2` or `transformers` wrote.
 *
 * @param folder holds config.json, model.safetensors, vocab.json and merges.txt
 * @returns parameters (variables of its own, to be disposed of after use), configuration and tokenizer
 * @throws {RangeError} where a file is missing, or they do not go together; {SyntaxError | SafetensorsError} where one is
 *   damaged
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { compactTokenizer, createGpt2, createRandom, gpt2Tokenizer, loadGpt2, saveGpt2 } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/gpt2-`);
 * const tokenizer = compactTokenizer(gpt2Tokenizer(), ["0,1"]);
 * const configuration = { vocabulary: tokenizer.size, positions: 6, width: 8, layers: 1, heads: 2 };
 * saveGpt2(folder, { parameters: createGpt2(configuration, { rng: createRandom(1) }), configuration, tokenizer });
 * const loaded = await loadGpt2(folder);
 * loaded.configuration.layers; // => 1
 * loaded.tokenizer.decode(loaded.tokenizer.encode("1,0")); // => "1,0"
 * rmSync(folder, { recursive: true });
 */
export async function loadGpt2(folder: string): Promise<SavedGpt2> {
  for (const name of ["config.json", WEIGHTS, "vocab.json", "merges.txt"])
    if (!existsSync(join(folder, name)))
      throw new RangeError(`Cannot load a GPT-2 from ${folder} as it must hold ${name}: got none`);
  const file = join(folder, "config.json");
  const configuration = fromHuggingFaceConfiguration(readJson(file), file);
  const text = (name: string) => readFile(join(folder, name), "utf8");
  const tokenizer = tokenizerFromFiles(await text("vocab.json"), await text("merges.txt"));
  requireSameSize(folder, "load", configuration, tokenizer);
  const state = fromHuggingFaceGpt2(readSafetensors(join(folder, WEIGHTS)).tensors);
  const parameters = createGpt2(configuration, { rng: createRandom(0) });
  try {
    loadStateDict(parameters, state);
  } catch (error) {
    for (const variable of Object.values(parameters)) variable.dispose();
    throw error;
  }
  return { parameters, configuration, tokenizer };
}

function requireSameSize(
  folder: string,
  doing: "save" | "load",
  { vocabulary }: Gpt2Configuration,
  { size }: Tokenizer,
): void {
  if (size === vocabulary) return;
  const what = doing === "save" ? "save a GPT-2 to" : "load a GPT-2 from";
  throw new RangeError(
    `Cannot ${what} ${folder} as its ${vocabulary} tokens are the tokenizer's: got ${size}`,
  );
}
