// What PyTorch made of a narrow ResNet-18, see test/fixtures/resnet/make_resnet.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor4D, Variable } from "@tensorflow/tfjs-node";
import { readSafetensors } from "../../../src/io";
import { createResNet18, type ResNet18Parameters } from "../../../src/models/resnet";
import { createRandom } from "../../../src/random";
import { loadStateDict, tensorflow, toStateDict } from "../../../src/tensor";

const folder = join(__dirname, "..", "..", "fixtures", "resnet");

export interface DualGradientRow {
  loss: number;
  noisyNorm: number;
  cleanNorm: number;
  cosine: number;
}

export const published = JSON.parse(readFileSync(join(folder, "resnet18.json"), "utf8")) as {
  clean: number[];
  noisy: number[];
  /** The images of each step. */
  order: number[][];
  evaluated: number[][];
  oblong: number[][];
  sgd: { losses: number[]; logits: number[][] };
  dual: DualGradientRow[];
  fullSize: number;
  parameters: string[];
};

const { tensors } = readSafetensors(join(folder, "resnet18.safetensors"));

/** A state dict of the fixture: "initial", "sgd" (after five steps) or "dual" (after forty). */
export function publishedState(which: string) {
  const own = Array.from(tensors).filter(([name]) => name.startsWith(`${which}.`));
  return new Map(own.map(([name, tensor]) => [name.slice(which.length + 1), tensor]));
}

/** The fixture's network of width 2 in its initial state. */
export function publishedResNet(): ResNet18Parameters {
  const parameters = createResNet18({ width: 2, rng: createRandom(0) });
  loadStateDict(parameters, publishedState("initial"));
  return parameters;
}

const side = 12;

/** @returns images of the fixture by their positions [batch, 12, 12, 3] */
export function publishedImages(positions: readonly number[]): Tensor4D {
  const { data } = tensors.get("pixels")!;
  const size = side * side * 3;
  const pixels = positions.flatMap((position) =>
    Array.from(data.slice(position * size, (position + 1) * size), (pixel) => Number(pixel) / 64 - 2),
  );
  return tensorflow().tensor4d(pixels, [positions.length, side, side, 3]);
}

export const labelsOf = (labels: readonly number[], positions: readonly number[]) =>
  tensorflow().tensor1d(
    positions.map((position) => labels[position]),
    "int32",
  );

export const trainable = (parameters: ResNet18Parameters): Record<string, Variable> =>
  Object.fromEntries(Object.entries(parameters).filter(([, { trainable }]) => trainable));

/** @returns the greatest absolute difference between any two numbers of the parameters and a state */
export function greatestDifference(
  parameters: ResNet18Parameters,
  state: ReadonlyMap<string, { data: ArrayLike<number> }>,
): number {
  let greatest = 0;
  for (const [name, { data }] of toStateDict(parameters)) {
    const expected = state.get(name)!.data;
    assert.equal(data.length, expected.length, name);
    for (const [i, value] of data.entries()) {
      const difference = Math.abs(value - expected[i]);
      if (!(difference <= greatest)) greatest = difference;
    }
  }
  return greatest;
}

export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of Array.from(actual).entries()) {
    assert.ok(Math.abs(value - expected[i]) <= tolerance, `${value} is not ${expected[i]} at ${i}`);
  }
}
