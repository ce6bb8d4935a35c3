// A trained model in its folder: what `saveGpt2` writes, and world.json, the rules and the states that it never read.
import { documentRules, formatWorld, readWorld, worldFile } from "../../../data";
import { loadGpt2, saveGpt2 } from "../../../models";
import type { WorldModel } from "./train-model";

/** @param options.dropout what it was trained with @returns the files' paths */
export const saveWorldModel = (
  folder: string,
  model: WorldModel,
  { dropout = 0 }: { dropout?: number } = {},
) => saveGpt2(folder, model, { dropout, files: { [worldFile]: formatWorld(model) } });

/**
 * Reads a model; one without world.json is taken for a model of the document's rules that has read every state.
 *
 * @throws as `loadGpt2` and `readWorld` do
 */
export async function loadWorldModel(folder: string): Promise<WorldModel> {
  const world = readWorld(folder) ?? { rules: documentRules, excluded: [] };
  return { ...(await loadGpt2(folder)), ...world };
}
