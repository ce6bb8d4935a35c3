// What CITRIS's published code computes (test/fixtures/citris), and its weights put into our variables.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { readNpz } from "../../../src/io";
import { loadStateDict, type StoredTensor, tensorflow } from "../../../src/tensor";

export type Numbers = number | Numbers[];
export type State = Record<string, Numbers>;

const file = (name: string) => join(__dirname, "../../fixtures/citris", name);

/** biome-ignore lint/suspicious/noExplicitAny: each fixture has fields of its own */
export const fixture = (name: string): any => JSON.parse(readFileSync(file(`${name}.json`), "utf8"));

export const tensorOf = (values: Numbers): Tensor => tensorflow().tensor(values as number[]);

/** The arrays of a fixture's .npz file. */
export const arraysOf = (name: string): Map<string, StoredTensor> =>
  readNpz(file(`${name}.npz`)) as unknown as Map<string, StoredTensor>;

/** Assigns the stored arrays that our variables have names for; `absent` are the stored names that ours need not have. */
export function loadPublished(
  variables: Readonly<Record<string, Variable>>,
  stored: ReadonlyMap<string, StoredTensor> | State,
  absent: RegExp = /mask$|\.eye$/,
): void {
  const state = stored instanceof Map ? stored : described(stored as State);
  const known = new Map(
    [...state]
      .filter(([name]) => name in variables)
      // Four axes in ours would be a convolution's.
      .map(([name, { shape, data }]): [string, StoredTensor] =>
        name.endsWith("avg_cond_dist")
          ? [name, { shape: [...shape.slice(0, 2), 4], data }]
          : [name, { shape, data }],
      ),
  );
  const left = [...state.keys()].filter((name) => !(name in variables) && !absent.test(name));
  assert.deepEqual(left, [], "published arrays without a variable");
  if ("dist_steps" in variables) known.set("dist_steps", { shape: [], data: [0] });
  if ("intv_classifier.dist_steps" in variables)
    known.set("intv_classifier.dist_steps", { shape: [], data: [0] });
  loadStateDict(variables, known);
}

const described = (state: State) =>
  new Map(
    Object.entries(state).map(([name, values]) => {
      const tensor = tensorOf(values);
      return [name, { shape: tensor.shape, data: tensor.dataSync() }];
    }),
  );

/** Asserts that every element is within an absolute distance. */
export function assertNear(
  actual: Tensor | number,
  expected: Numbers,
  tolerance: number,
  what: string,
): void {
  const found = typeof actual === "number" ? tensorflow().scalar(actual) : actual;
  const wanted = tensorOf(expected).reshape(found.shape);
  const distance = found.sub(wanted).abs().max().dataSync()[0];
  assert.ok(distance <= tolerance, `${what}: ${distance} away`);
}

/** Asserts that a number is within a share of another. */
export function assertClose(actual: number, expected: number, share: number, what: string): void {
  const distance = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-3);
  assert.ok(distance <= share, `${what}: ${actual}, not ${expected}`);
}

/** [rows, ...] of 0 to 255 as -1 to 1. */
export const imageTensor = ({ shape, data }: StoredTensor): Tensor => {
  const tf = tensorflow();
  return tf
    .tensor(Float32Array.from(data), shape as number[])
    .div(127.5)
    .sub(1);
};
