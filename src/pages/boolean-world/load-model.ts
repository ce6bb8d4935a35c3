// The page's model, made of the files of a saved one.
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
import type { PageFiles } from "../kit";
import type { ModelFileName } from "./model-file-names";

export interface PageModel extends SavedGpt2 {
  rules: BooleanRules;
  /** States that it never read. */
  excluded: readonly State[];
  /** How many tokens of an answer there are positions for. */
  mostWritten: number;
}

/** @throws {SyntaxError | RangeError} where the files are no model */
export function modelFromFiles(files: PageFiles): PageModel {
  const text = (name: ModelFileName) => files.text(name);
  const configuration = fromHuggingFaceConfiguration(JSON.parse(text("config.json")));
  const tokenizer = tokenizerFromFiles(text("vocab.json"), text("merges.txt"));
  const world = files.has("world.json") ? JSON.parse(text("world.json")) : undefined;
  const rules = world ? parseRules(world.rules) : documentRules;
  const parameters = createGpt2(configuration, { rng: createRandom(0) });
  loadStateDict(parameters, fromHuggingFaceGpt2(files.tensors("model.safetensors" satisfies ModelFileName)));
  const excluded = (world?.excluded ?? []).map((state: string) => parseState(rules, state));
  const prompt = tokenizer.encode(formatState(rules.inputs.map(() => 0))); // all states' are of one length
  const mostWritten = configuration.positions - prompt.length;
  return { parameters, configuration, tokenizer, rules, excluded, mostWritten };
}
