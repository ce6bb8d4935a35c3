// One checkpoint: a .safetensors file of the variables as TensorFlow holds them (`toStateDict` gives PyTorch's layout of
// convolution weights), with everything else that a run needs to go on as JSON in the file's metadata: the step, the
// caller's state, the configuration, and what wrote it. A SHA-256 over all of it tells a file that was altered.
import { createHash } from "node:crypto";
import type { Variable } from "@tensorflow/tfjs-node";
import {
  type NumberArray,
  type PlainObject,
  readSafetensors,
  type SafetensorsDtype,
  SafetensorsError,
  type SafetensorsTensor,
  writeSafetensors,
} from "../io";
import { display } from "../io/array-file-error";
import { requireKnownOptions } from "../io/known-options";
import { differences, isPlainObject, plainObject } from "../io/plain-data";
import { tensorflow } from "../tensor";
import { CheckpointError } from "./checkpoint-error";

const FORMAT = "dolab checkpoint 1";
const DTYPES: Record<string, SafetensorsDtype> = { float32: "F32", int32: "I32", bool: "BOOL" };
const LIBRARY_TYPES = new Map(Object.entries(DTYPES).map(([ours, theirs]) => [theirs, ours]));

/** The variables of a run by the names they are saved under. */
export type NamedVariables = Readonly<Record<string, Variable>>;

/** What a checkpoint says beside its tensors, all of it plain data. */
export interface CheckpointNotes {
  /** Steps done. */
  step: number;
  /** Whatever else changes from step to step: states of generators, counters. */
  state: PlainObject;
  /** What decides the run; one of another configuration is not gone on with. */
  config: PlainObject;
  /** What wrote the file: versions, backend. */
  environment: PlainObject;
}

/** A checkpoint that was read and found whole. */
export interface Checkpoint extends CheckpointNotes {
  file: string;
  tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/**
 * Reads variables into memory.
 *
 * @param variables by name; they stay as they are
 * @throws {TypeError} for a variable that is no float32, int32 or bool, or is disposed
 * @example
 * import { readVariables, tensorflow } from "dolab";
 * const weight = tensorflow().variable(tensorflow().tensor1d([1, 2]));
 * readVariables({ weight }).get("weight").shape; // => [2]
 */
export function readVariables(variables: NamedVariables): Map<string, SafetensorsTensor> {
  return new Map(
    Object.entries(variables).map(([name, variable]) => {
      const dtype = DTYPES[variable.dtype];
      if (dtype === undefined || variable.isDisposed) {
        const got = variable.isDisposed ? "a disposed variable" : variable.dtype;
        const rule = "a checkpoint holds live variables of float32, int32 or bool";
        throw new TypeError(`Cannot save ${display(name)} as ${rule}: got ${got}`);
      }
      return [name, { dtype, shape: variable.shape.slice(), data: variable.dataSync() as NumberArray }];
    }),
  );
}

/**
 * Writes a checkpoint, atomically.
 *
 * @param file path, ending in .safetensors
 * @param tensors what `readVariables` returned
 * @param notes what it says beside its tensors, all of it plain data
 * @throws {TypeError} where a note is not plain data; nothing is written then
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { readCheckpoint, readVariables, tensorflow, writeCheckpoint } from "dolab";
 * const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
 * const file = join(folder, "weights.safetensors");
 * const tf = tensorflow();
 * writeCheckpoint(file, readVariables({ w: tf.variable(tf.scalar(2)) }), { step: 7, state: {}, config: {}, environment: {} });
 * readCheckpoint(file).step; // => 7
 * rmSync(folder, { recursive: true });
 */
export function writeCheckpoint(
  file: string,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  { step, state, config, environment }: CheckpointNotes,
): void {
  const notes = Object.entries({ step, state, config, environment }).map(([key, value]): [string, string] => [
    key,
    typeof value === "object" ? JSON.stringify(plainObject(value, key)) : String(value),
  ]);
  const metadata = new Map<string, string>([["format", FORMAT], ...notes]);
  writeSafetensors(file, tensors, { metadata: metadata.set("sha256", checksum(tensors, metadata)) });
}

/**
 * Reads a checkpoint.
 *
 * @param file path of a checkpoint, see `checkpointFile`
 * @throws {CheckpointError} where the file is cut short, altered, or no checkpoint of ours
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readCheckpoint, readVariables, tensorflow, writeCheckpoint } from "dolab";
 * const file = `${tmpdir()}/dolab-read-${process.pid}.safetensors`;
 * const weight = tensorflow().variable(tensorflow().tensor1d([1, 2]));
 * writeCheckpoint(file, readVariables({ weight }), { step: 5, state: {}, config: {}, environment: {} });
 * readCheckpoint(file).tensors.get("weight").data; // => [1, 2]
 * rmSync(file);
 */
export function readCheckpoint(file: string): Checkpoint {
  const cure = `remove ${file}, or go on from the checkpoint before it (resume: "previous")`;
  const refuse = (rule: string, found: string, cause?: unknown) =>
    new CheckpointError(file, [`${rule}: got ${found}`], cure, { cause });
  const { tensors, metadata } = readTensors(file, refuse);
  const { sha256, ...notes } = Object.fromEntries(metadata);
  if (notes.format !== FORMAT) {
    const got = notes.format === undefined ? "another file" : display(notes.format);
    throw refuse(`a checkpoint's format is ${display(FORMAT)}`, got);
  }
  if (sha256 !== checksum(tensors, new Map(Object.entries(notes))))
    throw refuse("its content must have the checksum it was written with", "an altered file");
  const object = (key: string): PlainObject => {
    const value: unknown = JSON.parse(notes[key] ?? "null");
    if (!isPlainObject(value)) throw refuse(`${key} is an object`, String(notes[key]));
    return value;
  };
  const [state, config, environment] = ["state", "config", "environment"].map(object);
  return { file, tensors, step: Number(notes.step), state, config, environment };
}

function readTensors(file: string, refuse: (rule: string, found: string, cause: unknown) => CheckpointError) {
  try {
    return readSafetensors(file);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    const part = error.key === undefined ? "" : `in tensor ${display(error.key)} `;
    throw refuse(`${part}${error.expectation}`, error.found, error);
  }
}

/**
 * Checks that a checkpoint is one of these variables and, where given, of this configuration.
 *
 * @param options.subset whether the file may hold other variables too, as where weights are taken without the optimiser
 * @throws {CheckpointError} naming up to five differences of names, types and shapes, or each key that differs
 */
export function requireFit(
  { file, tensors, config: there }: Checkpoint,
  variables: NamedVariables,
  { config, subset = false }: { config?: PlainObject; subset?: boolean } = {},
): void {
  const misfits = Object.entries(variables).flatMap(([name, { dtype, shape }]) => {
    const found = tensors.get(name);
    if (found === undefined) return [`${display(name)} is missing there`];
    const [saved, here] = [
      `${LIBRARY_TYPES.get(found.dtype) ?? found.dtype} [${found.shape}]`,
      `${dtype} [${shape}]`,
    ];
    return saved === here ? [] : [`${display(name)} is ${saved} there, ${here} here`];
  });
  const left = [...tensors.keys()].filter((name) => !subset && !Object.hasOwn(variables, name));
  const unknown = left.map((name) => `${display(name)} is not in this model`);
  const otherwise = `choose another folder, remove ${file}, or start anew (resume: "never", replace: true)`;
  if (misfits.length + unknown.length > 0)
    throw new CheckpointError(
      file,
      [...misfits, ...unknown],
      `restore it into the model it was saved from, ${otherwise}`,
    );
  const changed = config === undefined ? [] : differences(there, plainObject(config, "config"));
  if (changed.length > 0)
    throw new CheckpointError(file, changed, `go back to its configuration, ${otherwise}`);
}

/** Assigns a checkpoint's values to variables that fit it. */
export function assignVariables({ tensors }: Checkpoint, variables: NamedVariables): void {
  const tf = tensorflow();
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      const { data } = tensors.get(name) as SafetensorsTensor;
      variable.assign(tf.tensor(data as Float32Array, variable.shape, variable.dtype));
    }
  });
}

/**
 * Fills variables from a checkpoint: all of them or, where something differs, none.
 *
 * @param file path of a checkpoint
 * @param variables what is filled, by the names that they were saved under
 * @param options.config the configuration that the checkpoint must be of; by default, any
 * @param options.subset whether the file may hold other variables too, as where weights are taken without the optimiser
 * @returns the checkpoint, for its state
 * @throws {CheckpointError} naming the file, what differs and how to go on
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readVariables, restoreCheckpoint, tensorflow, writeCheckpoint } from "dolab";
 * const file = `${tmpdir()}/dolab-example-${process.pid}.safetensors`;
 * const weight = tensorflow().variable(tensorflow().tensor1d([1, 2]));
 * const notes = { step: 5, state: {}, config: { rate: 0.1 }, environment: {} };
 * writeCheckpoint(file, readVariables({ weight }), notes);
 * weight.assign(tensorflow().tensor1d([0, 0]));
 * restoreCheckpoint(file, { weight }).step; // => 5
 * weight.dataSync(); // => [1, 2]
 * rmSync(file);
 */
export function restoreCheckpoint(
  file: string,
  variables: NamedVariables,
  options: { config?: PlainObject; subset?: boolean } = {},
): Checkpoint {
  requireKnownOptions("restore a checkpoint", options, ["config", "subset"]);
  const checkpoint = readCheckpoint(file);
  requireFit(checkpoint, variables, options);
  assignVariables(checkpoint, variables);
  return checkpoint;
}

function checksum(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: ReadonlyMap<string, string>,
): string {
  const hash = createHash("sha256");
  for (const note of [...metadata].sort(byName)) hash.update(JSON.stringify(note));
  for (const [name, { dtype, shape, data }] of [...tensors].sort(byName)) {
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
