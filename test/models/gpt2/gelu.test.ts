import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { gelu } from "../../../src/models/gpt2/gelu";
import { startBackend, tensorflow } from "../../../src/tensor";

const tf = tensorflow();
before(startBackend);

const exact = (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
const h = 1e-4; // in float64
const slope = (x: number) => (exact(x + h) - exact(x - h)) / (2 * h);
const curvature = (x: number) => (exact(x + h) - 2 * exact(x) + exact(x - h)) / h ** 2;
const points = [-30, -4, -1.7, -0.3, 0, 0.2, 1, 2.5, 6, 30];

describe("gelu()", () => {
  const input = () => tf.tensor1d(points);
  const gradient = (x: Tensor) => tf.grad((given) => gelu(given).sum())(x);
  const cases: [string, () => Tensor, (x: number) => number][] = [
    ["is its definition", () => gelu(input()), exact],
    ["has its definition's gradient", () => gradient(input()), slope],
    ["has its second derivative", () => tf.grad((given) => gradient(given).sum())(input()), curvature],
  ];
  for (const [what, find, wanted] of cases) {
    it(what, () => {
      const found = find().dataSync();
      for (const [i, x] of points.entries())
        assert.ok(
          Math.abs(found[i] - wanted(x)) < 2e-5 * Math.max(1, Math.abs(x)),
          `${x}: ${found[i]}, not ${wanted(x)}`,
        );
    });
  }
});
