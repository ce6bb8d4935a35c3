// The committed codes of preset quick: what a small autoencoder of ours made of synthetic pictures of 32 x 32 (codes.json says how).
// Only codes and a few reconstructions are kept, in half precision; pictures and truth are drawn again from their seed, and the
// file's own causal variables of the first pairs tell whether the generator still draws the same ones.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type CircuitPairs, circuitImages, syntheticCircuitPairs } from "../../../data";
import { inProject } from "../../../environment/paths.mjs";
import { readNpz, writeFileAtomically, writeNpz } from "../../../io";
import type { ImageAutoencoder } from "../../../models/lcm";
import { type CircuitCodes, codesOf } from "./circuit-codes";
import { type ExamplePair, packExamples } from "./example-pairs";
import { decodeToBytes } from "./train-autoencoder";

/** Where they are; make-codes.ts there makes them anew. */
export const shippedFolder = inProject("src", "experiments", "wscrl", "causal-circuit", "shipped");

const description = z.strictObject({
  /** How they were made, in a sentence. */
  made: z.string(),
  size: z.int(),
  seed: z.int(),
  latents: z.int(),
  train: z.int(),
  test: z.int(),
});

/** Pairs whose causal variables the file repeats. */
const CHECKED = 8;
/** Held-out pairs with a reconstruction: the first of each intervention. */
const exampleRows = ({ intervention }: Pick<CircuitPairs, "intervention">) =>
  [0, 1, 2, 3, 4].map((label) => intervention.indexOf(label));

export interface ShippedCodes {
  train: CircuitCodes;
  test: CircuitCodes;
  examples: ExamplePair[];
  /** How they were made, in a sentence. */
  made: string;
}

/**
 * Reads the committed codes.
 *
 * @throws {Error} where the generator no longer draws the pairs that they belong to
 */
export function shippedCodes(from = shippedFolder): ShippedCodes {
  const { made, size, seed, latents, ...counts } = description.parse(
    JSON.parse(readFileSync(join(from, "codes.json"), "utf8")),
  );
  const arrays = readNpz(join(from, "codes.npz"));
  const get = (key: string) => Float32Array.from(arrays.get(key)?.data ?? []);
  const part = (purpose: "train" | "test") => {
    const pairs = syntheticCircuitPairs({ pairs: counts[purpose], size, seed, purpose });
    const kept = get(`${purpose}_causal`);
    for (const [i, value] of kept.entries())
      if (Math.abs(value - pairs.causalAfter[i]) > 1e-5)
        throw new Error(
          `Cannot take the shipped codes as the generator must draw the pairs that they were made of: got ${pairs.causalAfter[i]} for ${value}; make them anew`,
        );
    return { pairs, codes: codesOf(pairs, latents, get(`${purpose}_before`), get(`${purpose}_after`)) };
  };
  const [train, test] = [part("train"), part("test")];
  const rows = exampleRows(test.pairs);
  const decoded = (half: string) => Uint8Array.from(arrays.get(`decoded_${half}`)?.data ?? []);
  const examples = packExamples(test.pairs, rows, {
    before: circuitImages(test.pairs, rows, "before"),
    after: circuitImages(test.pairs, rows, "after"),
    decodedBefore: decoded("before"),
    decodedAfter: decoded("after"),
  });
  return { train: train.codes, test: test.codes, examples, made };
}

/** Writes codes for `shippedCodes` into a folder. @param options.made how they were made, in a sentence @param options.seed of the pairs */
export function writeShippedCodes(
  to: string,
  model: ImageAutoencoder,
  codes: { train: CircuitCodes; test: CircuitCodes },
  { made, seed }: { made: string; seed: number },
): void {
  const counts = { train: codes.train.pairs, test: codes.test.pairs };
  const described = { made, size: model.size, seed, latents: model.latents, ...counts };
  writeFileAtomically(join(to, "codes.json"), `${JSON.stringify(described, null, 2)}\n`);
  const half = (data: Float32Array, { pairs, features }: CircuitCodes) =>
    ({ shape: [pairs, features], dtype: "float16", data }) as const;
  const { latents, size } = model;
  const rows = exampleRows(codes.test);
  const decoded = (all: Float32Array) => ({
    shape: [rows.length, size, size, 3],
    data: decodeToBytes(
      model,
      Float32Array.from(rows.flatMap((row) => Array.from(all.subarray(row * latents, (row + 1) * latents)))),
    ),
  });
  const checked = ({ causalAfter }: CircuitCodes) => ({
    shape: [CHECKED, 4],
    data: causalAfter.slice(0, 4 * CHECKED),
  });
  writeNpz(
    join(to, "codes.npz"),
    {
      train_before: half(codes.train.before, codes.train),
      train_after: half(codes.train.after, codes.train),
      train_causal: checked(codes.train),
      test_before: half(codes.test.before, codes.test),
      test_after: half(codes.test.after, codes.test),
      test_causal: checked(codes.test),
      decoded_before: decoded(codes.test.before),
      decoded_after: decoded(codes.test.after),
    },
    { compress: true },
  );
}
