// Paired interventions as .npz, under the published names: x1, x2 (observations), z1, z2 (causal variables), labels, masks.
import { type NpyArray, NpzError, readNpz, writeNpz } from "../../io";
import type { PairedInterventions } from "./paired-interventions";

const keys = ["x1", "x2", "z1", "z2", "labels", "masks"] as const;

/**
 * Writes pairs; the mask [pairs, variables] that the file also has is 1 at intervened variables.
 *
 * @param path of the .npz file
 * @param data as `drawPairs` returns it
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { createNature, createRandom, drawPairs, readNpz, savePairs } from "dolab";
 * const path = `${tmpdir()}/saved-pairs-${process.pid}.npz`;
 * savePairs(path, drawPairs(createNature(2, { seed: 0 }), 5, { rng: createRandom(1) }));
 * [...readNpz(path).keys()].sort(); // => ["labels", "masks", "x1", "x2", "z1", "z2"]
 * rmSync(path);
 */
export function savePairs(path: string, data: PairedInterventions): void {
  const { pairs, variables, before, after, causalBefore, causalAfter, intervention } = data;
  const shape = [pairs, variables];
  const masks = new Int32Array(pairs * variables);
  for (const [pair, label] of intervention.entries()) if (label > 0) masks[pair * variables + label - 1] = 1;
  writeNpz(path, {
    x1: { shape, data: before },
    x2: { shape, data: after },
    z1: { shape, data: causalBefore },
    z2: { shape, data: causalAfter },
    labels: { shape: [pairs], data: BigInt64Array.from(intervention, BigInt) },
    masks: { shape, data: masks },
  });
}

/**
 * Reads pairs.
 *
 * @param path of an .npz file under the published names
 * @returns observations, causal variables and interventions
 * @throws {NpzError} where the file is no .npz, or an array is missing, of another shape, or holds labels out of range
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { createNature, createRandom, drawPairs, loadPairs, savePairs } from "dolab";
 * const path = `${tmpdir()}/pairs-${process.pid}.npz`;
 * savePairs(path, drawPairs(createNature(2, { seed: 0 }), 5, { rng: createRandom(1) }));
 * loadPairs(path).pairs; // => 5
 * rmSync(path);
 */
export function loadPairs(path: string): PairedInterventions {
  const arrays = readNpz(path, { keys });
  const [pairs, variables] = arrays.get("x1")?.shape ?? [];
  const get = (key: (typeof keys)[number], shape: readonly number[]): NpyArray => {
    const array = arrays.get(key);
    if (array && shape.length > 0 && array.shape.join() === shape.join()) return array;
    const rule = `it must be of shape [${shape.join(", ") || "pairs, variables"}]`;
    throw new NpzError(path, key, rule, array ? `[${array.shape.join(", ")}]` : "none");
  };
  const shape = pairs > 0 && variables > 0 ? [pairs, variables] : [];
  const rows = (key: (typeof keys)[number]) => Float32Array.from(get(key, shape).data);
  const intervention = Int32Array.from(get("labels", [pairs]).data);
  const odd = intervention.findIndex((label) => label < 0 || label > variables);
  if (odd >= 0) {
    const rule = `labels are from 0 to ${variables}`;
    throw new NpzError(path, "labels", rule, `${intervention[odd]} in row ${odd}`);
  }
  return {
    pairs,
    variables,
    before: rows("x1"),
    after: rows("x2"),
    causalBefore: rows("z1"),
    causalAfter: rows("z2"),
    intervention,
  };
}
