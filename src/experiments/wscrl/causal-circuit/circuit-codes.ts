// What stage 1 hands to stage 2: for each pair the codes of both pictures, with the truth beside them that only the evaluation
// looks at. Files are .npz under the names of the published eight tensors (there train_encoded.pt and so on).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type CircuitPairs, circuitGraph } from "../../../data";
import type { PairedInterventions } from "../../../data/paired-interventions";
import {
  formatJson,
  type NpyArray,
  NpzError,
  readJson,
  readNpz,
  writeFileAtomically,
  writeNpz,
} from "../../../io";
import { encodeHalf, type PictureCoder } from "./picture-coder";

/** Rows follow each other: codes [pairs, features], causal variables and noise [pairs, 4]. */
export interface CircuitCodes extends PairedInterventions {
  readonly features: number;
  readonly noiseBefore: Float32Array;
  readonly noiseAfter: Float32Array;
}

export type CodesPart = "train" | "test";

const VARIABLES = circuitGraph.length;

/** Encodes every picture of the pairs. */
export function encodePairs(coder: PictureCoder, pairs: CircuitPairs): CircuitCodes {
  const { causalBefore, causalAfter, noiseBefore, noiseAfter, intervention } = pairs;
  return {
    pairs: pairs.pairs,
    variables: VARIABLES,
    features: coder.latents,
    before: encodeHalf(coder, pairs, "before"),
    after: encodeHalf(coder, pairs, "after"),
    causalBefore,
    causalAfter,
    noiseBefore,
    noiseAfter,
    intervention,
  };
}

/** The first pairs of some. */
export function firstCodes(codes: CircuitCodes, most: number): CircuitCodes {
  const pairs = Math.min(codes.pairs, most);
  const rows = (all: Float32Array) => all.subarray(0, (all.length / codes.pairs) * pairs);
  return {
    ...codes,
    pairs,
    before: rows(codes.before),
    after: rows(codes.after),
    causalBefore: rows(codes.causalBefore),
    causalAfter: rows(codes.causalAfter),
    noiseBefore: rows(codes.noiseBefore),
    noiseAfter: rows(codes.noiseAfter),
    intervention: codes.intervention.subarray(0, pairs),
  };
}

const fileOf = (folder: string, part: CodesPart) => join(folder, `${part}_encoded.npz`);

const described = z.strictObject({ source: z.string(), synthetic: z.boolean() });

/** Says in a folder of codes which pictures they were made of. */
export function saveCodesSource(folder: string, from: z.infer<typeof described>): void {
  writeFileAtomically(join(folder, "source.json"), formatJson(from));
}

/** Which pictures a folder's codes were made of. @throws {RangeError} where it does not say */
export function codesSource(folder: string): z.infer<typeof described> {
  const path = join(folder, "source.json");
  const read = described.safeParse(existsSync(path) ? readJson(path) : undefined);
  if (read.success) return read.data;
  const rule =
    "it must say of which pictures its codes were made, as `dolab wscrl causalcircuit_reduce_dim` does";
  throw new RangeError(
    `Cannot read ${path} as ${rule}: got ${existsSync(path) ? "something else" : "no such file"}`,
  );
}

/** Writes the codes of one part into a folder. */
export function saveCodes(folder: string, part: CodesPart, codes: CircuitCodes): void {
  const { pairs, features, intervention } = codes;
  const mask = new Uint8Array(pairs * VARIABLES);
  for (const [pair, label] of intervention.entries()) if (label > 0) mask[pair * VARIABLES + label - 1] = 1;
  const rows = (data: Float32Array, width = VARIABLES) => ({ shape: [pairs, width], data });
  writeNpz(fileOf(folder, part), {
    z0: rows(codes.before, features),
    z1: rows(codes.after, features),
    true_z0: rows(codes.causalBefore),
    true_z1: rows(codes.causalAfter),
    intervention_label: { shape: [pairs, 1], data: BigInt64Array.from(intervention, BigInt) },
    intervention: { shape: [pairs, VARIABLES], dtype: "bool", data: mask },
    e0: rows(codes.noiseBefore),
    e1: rows(codes.noiseAfter),
  });
}

/**
 * Reads the codes of one part from a folder that stage 1 wrote.
 *
 * @throws {RangeError} where the folder has no such file; {NpzError} where an array is missing, of another shape, not finite, or
 *   a label is out of range
 */
export function loadCodes(folder: string, part: CodesPart): CircuitCodes {
  const path = fileOf(folder, part);
  if (!existsSync(path)) {
    const hint = "the folder must be the data folder of a run of `dolab wscrl causalcircuit_reduce_dim`";
    throw new RangeError(`Cannot read ${path} as ${hint}: got no such file`);
  }
  const arrays = readNpz(path);
  const [pairs, features] = arrays.get("z0")?.shape ?? [];
  const rows = (key: string, width: number): NpyArray => {
    const array = arrays.get(key);
    const shape = [pairs, width];
    if (array && pairs > 0 && features > 0 && array.shape.join() === shape.join()) return array;
    const found = array ? `(${array.shape.join(", ")})` : "none";
    throw new NpzError(path, key, `it must be of shape (pairs, ${width || "codes"})`, found);
  };
  const finite = (key: string, width = VARIABLES): Float32Array => {
    const data = Float32Array.from(rows(key, width).data);
    const odd = data.findIndex((value) => !Number.isFinite(value));
    if (odd < 0) return data;
    throw new NpzError(
      path,
      key,
      "its values must be finite",
      `${data[odd]} in row ${Math.floor(odd / width)}`,
    );
  };
  const intervention = Int32Array.from(rows("intervention_label", 1).data);
  const odd = intervention.findIndex((label) => label < 0 || label > VARIABLES);
  if (odd >= 0)
    throw new NpzError(
      path,
      "intervention_label",
      `labels are from 0 to ${VARIABLES}`,
      `${intervention[odd]} in row ${odd}`,
    );
  return {
    pairs,
    variables: VARIABLES,
    features,
    before: finite("z0", features),
    after: finite("z1", features),
    causalBefore: finite("true_z0"),
    causalAfter: finite("true_z1"),
    noiseBefore: finite("e0"),
    noiseAfter: finite("e1"),
    intervention,
  };
}
