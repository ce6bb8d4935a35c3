// Reads the published CausalCircuit files (train-0.npz to train-9.npz, val.npz, test.npz: developer.qualcomm.com, CausalCircuit):
// arrays imgs [n, 2] (a JPEG each, 512 x 512), original_latents and epsilon [n, 2, 4], intervention_labels [n] and
// intervention_masks [n, 4]. JPEGs stay as they are in memory, and each is decoded, and averaged down, when it is asked for.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type NpyArray, NpzError, readNpz } from "../../io";
import { readNpzByteStrings } from "../../io/npz-byte-strings";
import { shrinkImages } from "../shrink-images";
import type { CircuitPairs } from "./circuit-pairs";
import { decodeJpeg, jpegSize } from "./jpeg-image";

const keys = ["original_latents", "epsilon", "intervention_labels", "intervention_masks"] as const;

/**
 * Reads pairs of pictures.
 *
 * @param paths one file, or several that follow each other
 * @param options.size height and width to which pictures are averaged down, a divisor of theirs; by default theirs
 * @returns the pairs of all files; a picture is decoded when it is asked for
 * @throws {NpzError} naming file and array, where one is missing, of another shape, or contradicts another; {RangeError} where
 *   the size is no divisor; {SyntaxError} naming the picture, when a damaged one is asked for
 */
export function readCircuitPairs(
  paths: string | readonly string[],
  { size: asked }: { size?: number } = {},
): CircuitPairs {
  const files = (typeof paths === "string" ? [paths] : paths).map(readFile);
  if (files.length === 0) throw new RangeError("Cannot read pairs as there must be a file: got none");
  const [{ pictureSize }] = files;
  const odd = files.find((file) => file.pictureSize !== pictureSize);
  if (odd) {
    const rule = `pictures must be as large as the first file's, ${pictureSize} pixels`;
    throw new NpzError(odd.path, "imgs", rule, `${odd.pictureSize}`);
  }
  const size = asked ?? pictureSize;
  if (!(Number.isInteger(pictureSize / size) && size >= 8)) {
    const rule = `the size must divide the pictures' ${pictureSize} pixels, and be at least 8`;
    throw new RangeError(`Cannot read ${files[0].path} as ${rule}: got ${size}`);
  }
  const pairs = files.reduce((sum, file) => sum + file.pairs, 0);
  const joined = (rows: (file: CircuitFile) => Float32Array) => {
    const all = new Float32Array(4 * pairs);
    let at = 0;
    for (const file of files) {
      all.set(rows(file), at);
      at += 4 * file.pairs;
    }
    return all;
  };
  const places = files.flatMap((file) => Array.from({ length: file.pairs }, (_, row) => ({ file, row })));
  return {
    pairs,
    size,
    causalBefore: joined(({ latents }) => half(latents, 0)),
    causalAfter: joined(({ latents }) => half(latents, 1)),
    noiseBefore: joined(({ noise }) => half(noise, 0)),
    noiseAfter: joined(({ noise }) => half(noise, 1)),
    intervention: Int32Array.from(files.flatMap(({ labels }) => Array.from(labels))),
    draw(pair, which, pixels, offset) {
      const { file, row } = places[pair];
      const jpeg = file.jpegs[2 * row + (which === "before" ? 0 : 1)];
      try {
        const shape = [1, pictureSize, pictureSize, 3];
        const data = decodeJpeg(jpeg, pictureSize);
        pixels.set(shrinkImages({ shape, data } as never, pictureSize / size).data, offset);
      } catch (error) {
        throw new SyntaxError(`Picture ${which} of row ${row} of ${file.path}: ${(error as Error).message}`);
      }
    },
    isSynthetic: false,
    source: `CausalCircuit, ${pairs} pairs of ${files.map(({ path }) => path).join(", ")}, pictures of ${size} x ${size}`,
  };
}

/**
 * Reads a folder of the published files: train-0.npz to train-9.npz, as many as there are, or train.npz; and test.npz.
 *
 * @param folder that holds them
 * @param options.size height and width to which pictures are averaged down, a divisor of theirs; by default theirs
 * @returns the pairs of each part, as `readCircuitPairs` reads them
 * @throws {RangeError} where it lacks them, saying where they are published; else as `readCircuitPairs`
 */
export function readCircuitFolder(
  folder: string,
  { size }: { size?: number } = {},
): { train: CircuitPairs; test: CircuitPairs } {
  const present = (names: readonly string[]) => names.map((name) => join(folder, name)).filter(existsSync);
  const parts = present(Array.from({ length: 10 }, (_, i) => `train-${i}.npz`));
  const train = parts.length > 0 ? parts : present(["train.npz"]);
  const test = present(["test.npz"]);
  if (train.length === 0 || test.length === 0) {
    const rule =
      "it must hold train-0.npz to train-9.npz and test.npz (https://developer.qualcomm.com/software/ai-datasets/causalcircuit)";
    throw new RangeError(
      `Cannot read ${folder} as ${rule}: got no ${train.length === 0 ? "train-0" : "test"}.npz`,
    );
  }
  return { train: readCircuitPairs(train, { size }), test: readCircuitPairs(test, { size }) };
}

interface CircuitFile {
  path: string;
  pairs: number;
  pictureSize: number;
  /** [pairs, 2] */
  jpegs: Uint8Array[];
  /** [pairs, 2, 4] */
  latents: Float32Array;
  noise: Float32Array;
  labels: Int32Array;
}

function readFile(path: string): CircuitFile {
  const { shape, items: jpegs } = readNpzByteStrings(path, "imgs");
  const [pairs] = shape;
  if (shape.length !== 2 || shape[1] !== 2 || pairs < 1)
    throw new NpzError(path, "imgs", "it must be of shape (pairs, 2)", `(${shape.join(", ")})`);
  const arrays = readNpz(path, { keys });
  const rows = (key: (typeof keys)[number], wanted: readonly number[]): NpyArray => {
    const array = arrays.get(key);
    if (array?.shape.join() === wanted.join()) return array;
    const found = array ? `(${array.shape.join(", ")})` : "none";
    throw new NpzError(
      path,
      key,
      `it must be of shape (${wanted.join(", ")}), as imgs has ${pairs} pairs`,
      found,
    );
  };
  const finite = (key: "original_latents" | "epsilon"): Float32Array => {
    const { data } = rows(key, [pairs, 2, 4]);
    const odd = data.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new NpzError(
        path,
        key,
        "its values must be finite",
        `${data[odd]} in row ${Math.floor(odd / 8)}`,
      );
    return Float32Array.from(data);
  };
  const labels = Int32Array.from(rows("intervention_labels", [pairs]).data);
  const masks = rows("intervention_masks", [pairs, 4]).data;
  for (const [row, label] of labels.entries()) {
    if (label < 0 || label > 4)
      throw new NpzError(path, "intervention_labels", "labels are from 0 to 4", `${label} in row ${row}`);
    for (let k = 0; k < 4; k++)
      if (Boolean(masks[4 * row + k]) !== (label === k + 1)) {
        const mask = Array.from(masks.subarray(4 * row, 4 * row + 4)).join(", ");
        const rule = `the mask of a pair with label ${label} marks that variable alone`;
        throw new NpzError(path, "intervention_masks", rule, `${mask} in row ${row}`);
      }
  }
  let pictureSize: number;
  try {
    const { height, width } = jpegSize(jpegs[0]);
    if (height !== width) throw new SyntaxError(`it must be square: got ${width} x ${height}`);
    pictureSize = width;
  } catch (error) {
    throw new NpzError(path, "imgs", "its first element must be a square JPEG", (error as Error).message);
  }
  return {
    path,
    pairs,
    pictureSize,
    jpegs,
    latents: finite("original_latents"),
    noise: finite("epsilon"),
    labels,
  };
}

/** One half of rows of [pairs, 2, 4]. */
function half(rows: Float32Array, which: 0 | 1): Float32Array {
  const taken = new Float32Array(rows.length / 2);
  for (let i = 0; i < taken.length; i++) taken[i] = rows[8 * (i >> 2) + 4 * which + (i & 3)];
  return taken;
}
