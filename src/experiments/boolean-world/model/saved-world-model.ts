// A trained model in its folder: what `saveGpt2` writes, and world.json, the rules and the states that it never read.
import { documentRules, formatWorld, readWorld, worldFile } from "../../../data";
import { loadGpt2, saveGpt2 } from "../../../models";
import type { WorldModel } from "./train-model";

/**
 * Saves a model in a folder: weights, sizes and tokenizer as `saveGpt2` writes them, its rules and held-out states in world.json.
 *
 * @param folder where the files go
 * @param model the model and its world
 * @param options `dropout` is what it was trained with
 * @returns the files' paths
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * const folder = mkdtempSync(`${tmpdir()}/world-`);
 * await booleanWorld.saveWorldModel(folder, model);
 * const { rules } = await booleanWorld.loadWorldModel(folder);
 * rules.text; // => "newA = A XOR B"
 * rmSync(folder, { recursive: true });
 */
export const saveWorldModel = (
  folder: string,
  model: WorldModel,
  { dropout = 0 }: { dropout?: number } = {},
) => saveGpt2(folder, model, { dropout, files: { [worldFile]: formatWorld(model) } });

/**
 * Reads a model; one without world.json is taken for a model of the document's rules that has read every state.
 *
 * @param folder what `saveWorldModel` or `saveGpt2` wrote
 * @returns a model whose parameters are the caller's to dispose of
 * @throws as `loadGpt2` and `readWorld` do
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * const folder = mkdtempSync(`${tmpdir()}/world-`);
 * await booleanWorld.saveWorldModel(folder, model);
 * const { rules } = await booleanWorld.loadWorldModel(folder);
 * rules.text; // => "newA = A XOR B"
 * rmSync(folder, { recursive: true });
 */
export async function loadWorldModel(folder: string): Promise<WorldModel> {
  const world = readWorld(folder) ?? { rules: documentRules, excluded: [] };
  return { ...(await loadGpt2(folder)), ...world };
}
