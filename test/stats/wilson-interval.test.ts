import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "../../src/stats";
import { assertClose } from "./close";

test("wilsonInterval() equals scipy 1.17.1, binomtest(k, n).proportion_ci(level, method='wilson')", () => {
  const known: [k: number, n: number, level: number, low: number, high: number][] = [
    [0, 10, 0.95, 0, 0.27753279986288926],
    [10, 10, 0.95, 0.7224672001371109, 1],
    [3, 10, 0.95, 0.10779126740630102, 0.6032218525388546],
    [81, 263, 0.95, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.9, 0.06744326224687144, 0.14957293174640027],
    [1, 2, 0.99, 0.06171307677810184, 0.9382869232218982],
    [1, 1, 0.95, 0.20654931437723745, 1],
  ];
  for (const [successes, trials, level, low, high] of known) {
    const ours = wilsonInterval(successes, trials, { level });
    assertClose([ours.low, ours.high], [low, high]);
    assert.equal(ours.estimate, successes / trials);
  }
});

test("wilsonInterval() of nothing but successes ends at n / (n + z²), as the formula does by hand", () => {
  const z = 1.959963984540054; // the normal quantile of 0.975
  for (const n of [1, 2, 24, 160]) {
    const { low, high } = wilsonInterval(n, n);
    assertClose(low, n / (n + z ** 2));
    assert.equal(high, 1);
    assertClose(wilsonInterval(0, n).high, z ** 2 / (n + z ** 2));
  }
});

test("wilsonInterval() holds those shares whose score test does not refuse them", () => {
  const z = 1.959963984540054;
  for (const [successes, trials] of [
    [1, 3],
    [7, 8],
    [50, 160],
  ]) {
    const { estimate, low, high } = wilsonInterval(successes, trials);
    for (const end of [low, high])
      assertClose(Math.abs(estimate - end) / Math.sqrt((end * (1 - end)) / trials), z);
  }
});

test("wilsonInterval() knows nothing without a trial, and refuses what is no count", () => {
  assert.deepEqual(wilsonInterval(0, 0), { estimate: NaN, low: NaN, high: NaN, level: 0.95 });
  for (const [successes, trials] of [
    [-1, 2],
    [3, 2],
    [0.5, 2],
    [0, NaN],
  ])
    assert.throws(() => wilsonInterval(successes, trials), /RangeError: .* a whole number from 0 to trials/);
  assert.throws(() => wilsonInterval(1, 2, { level: 1 }), /RangeError: .* level must lie between 0 and 1/);
});
