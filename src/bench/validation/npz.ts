// .npz files in both directions: numpy writes and dolab reads, dolab writes and numpy reads. Arrays of every dtype, byte
// order, memory order and shape, compressed or not; plain files must come out byte for byte as numpy writes them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BigIntegerArray, type NpyArray, NpzError, type NumberArray, readNpz, writeNpz } from "../../io";
import { createRandom, type Random } from "../../random";
import { benchPython } from "../bench-python";
import { JsonLinesProcess } from "../json-lines-process";
import { peerPath } from "../python-peer";
import { decodeFloats, encodeBytes } from "./floats-as-text";
import { randomArrays } from "./random-arrays";
import type { Finding, Validation } from "./validation";

const files = 1000;

export const npz: Validation = {
  name: "npz",
  title: "npz files between numpy and dolab, both ways",
  async run({ seed, rounds, onCases = () => {} }) {
    const cases = Math.ceil(files * rounds);
    const folder = mkdtempSync(path.join(tmpdir(), "dolab-validate-"));
    const file = path.join(folder, "arrays.npz");
    const numpy = new JsonLinesProcess(benchPython, [peerPath("npz_reference")]);
    const [read, written] = ["readNpz", "writeNpz"].map((check): Finding => {
      const against = check === "readNpz" ? "numpy savez" : "numpy load and savez";
      return { check, against, cases, numbers: 0, worst: 0, tolerance: 0, disagreements: [] };
    });
    try {
      for (let i = 0; i < cases; i++) {
        const rng = createRandom(seed).split("npz").split(i);
        add(read, `file ${i} of seed ${seed}`, await readWhatNumpyWrites(file, numpy, rng));
        add(written, `file ${i} of seed ${seed}`, await writeWhatNumpyReads(file, numpy, rng));
        onCases(i + 1, cases);
      }
      return [read, written];
    } finally {
      await numpy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Outcome {
  /** Elements compared. */
  numbers: number;
  disagreements: string[];
}

function add(finding: Finding, where: string, { numbers, disagreements }: Outcome) {
  finding.numbers += numbers;
  finding.disagreements.push(...disagreements.map((text) => `${where}: ${text}`));
  if (disagreements.length > 0) finding.worst = Number.POSITIVE_INFINITY;
}

/** What numpy says that dolab is to read. */
interface Expected {
  key: string;
  dtype: string;
  shape: number[];
  /** Base64 of the elements in C order and this machine's byte order; of float16, as float32. */
  data: string;
  /** The elements of int64 and uint64 as float64, or null where one is beyond 2^53 - 1. */
  numbers?: string | null;
}

async function readWhatNumpyWrites(file: string, numpy: JsonLinesProcess, rng: Random): Promise<Outcome> {
  const { arrays } = await numpy.ask<{ arrays: Expected[] }>({ write: file, seed: rng.integer(0, 2 ** 32) });
  const found = readNpz(file, { bigint: true });
  const keys = [...found.keys()];
  const disagreements: string[] = [];
  if (keys.join() !== arrays.map(({ key }) => key).join()) disagreements.push(`read keys ${keys.join(", ")}`);
  let numbers = 0;
  for (const expected of arrays) {
    const array = found.get(expected.key);
    numbers += array?.data.length ?? 0;
    if (!array || !isSame(array, expected))
      disagreements.push(`${expected.key}: ${expected.dtype} of shape [${expected.shape}] reads otherwise`);
    if (expected.numbers !== undefined && !readsAsNumbers(file, expected))
      disagreements.push(`${expected.key}: ${expected.dtype} reads otherwise as numbers`);
  }
  return { numbers, disagreements };
}

function isSame(array: NpyArray<NumberArray | BigIntegerArray>, { dtype, shape, data }: Expected): boolean {
  return array.dtype === dtype && array.shape.join() === shape.join() && encodeBytes(array.data) === data;
}

/** Integers that a number cannot hold are to be refused. */
function readsAsNumbers(file: string, { key, numbers }: Expected): boolean {
  try {
    const { data } = readNpz(file, { keys: [key] }).get(key)!;
    return typeof numbers === "string" && encodeBytes(data) === encodeBytes(decodeFloats(numbers));
  } catch (error) {
    if (!(error instanceof NpzError)) throw error;
    return numbers === null;
  }
}

async function writeWhatNumpyReads(file: string, numpy: JsonLinesProcess, rng: Random): Promise<Outcome> {
  const arrays = randomArrays(rng);
  const compress = rng.integer(0, 2) === 1;
  writeNpz(file, arrays, { compress });
  const described = [...arrays].map(([key, { dtype, shape, data }]) => {
    const source = data.constructor.name.replace("Array", "").replace("Big", "").toLowerCase(); // as numpy names it
    return { key, dtype: dtype ?? source, source, shape, data: encodeBytes(data) };
  });
  const { disagreements } = await numpy.ask<{ disagreements: string[] }>({
    read: file,
    arrays: described,
    compressed: compress,
  });
  return { numbers: [...arrays.values()].reduce((sum, { data }) => sum + data.length, 0), disagreements };
}
