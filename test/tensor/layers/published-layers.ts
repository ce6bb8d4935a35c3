// PyTorch's modules as the fixture has them: state, input, output and gradients.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../src/tensor/backend";
import { fromPyTorchWeight } from "../../../src/tensor/layers";

interface Described {
  shape: number[];
  values: number[];
}

export interface LayerCase {
  state: Record<string, Described>;
  input: Described;
  upstream: Described;
  output: Described;
  gradients: Record<string, Described>;
  stateAfter?: Record<string, Described>;
}

export const published: Record<string, LayerCase> = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/tensor/layers.json"), "utf8"),
);

/** A tensor in our layout: images channels last, convolution weights [height, width, inputs, outputs]. */
export function toTensor({ shape, values }: Described, kind: "image" | "weight"): Tensor {
  const given = tensorflow().tensor(values, shape);
  if (shape.length !== 4) return given;
  return kind === "image" ? given.transpose([0, 2, 3, 1]) : fromPyTorchWeight(given);
}

const TOLERANCE = 1e-5; // float32 against float64, sums of up to some dozens of products of order 1

export function assertTensor(actual: Tensor, expected: Tensor, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const [found, wanted] = [actual.dataSync(), expected.dataSync()];
  for (let index = 0; index < wanted.length; index++) {
    const allowed = TOLERANCE * Math.max(1, Math.abs(wanted[index]));
    assert.ok(
      Math.abs(found[index] - wanted[index]) <= allowed,
      `${what}: ${found[index]}, not ${wanted[index]}`,
    );
  }
}

export type Parameters = Record<string, Variable>;

/** Asserts output, gradients and, where the fixture has it, what became of the state. */
export function assertLayer(name: string, apply: (parameters: Parameters, input: Tensor) => Tensor): void {
  const tf = tensorflow();
  const { state, input, upstream, output, gradients, stateAfter } = published[name];
  const trained = (key: string) => key in gradients;
  const parameters = Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, tf.variable(toTensor(value, "weight"), trained(key))]),
  );
  const symbols = !("input" in gradients);
  const given = symbols
    ? tf.tensor(input.values, input.shape, "int32")
    : tf.variable(toTensor(input, "image"));
  assertTensor(apply(parameters, given), toTensor(output, "image"), `${name} output`);
  for (const [key, value] of Object.entries(state)) parameters[key].assign(toTensor(value, "weight"));
  const list = Object.entries(parameters).filter(([key]) => trained(key));
  if (!symbols) list.push(["input", given as Variable]);
  const { grads } = tf.variableGrads(
    () => apply(parameters, given).mul(toTensor(upstream, "image")).sum(),
    list.map(([, variable]) => variable),
  );
  assert.equal(list.length, Object.keys(gradients).length);
  for (const [key, variable] of list) {
    const kind = key === "input" ? "image" : "weight";
    assertTensor(grads[variable.name], toTensor(gradients[key], kind), `${name} gradient of ${key}`);
  }
  for (const [key, value] of Object.entries(stateAfter ?? {}))
    assertTensor(parameters[key], toTensor(value, "weight"), `${name} ${key} afterwards`);
}
