import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  constantSchedule,
  cosineSchedule,
  cosineWarmRestartsSchedule,
  createSchedule,
  linearSchedule,
  multiStepSchedule,
  scheduleNames,
  warmUpSchedule,
} from "../../../src/tensor/schedules";

const read = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, `../../fixtures/tensor/${name}.json`), "utf8"));
const published = read("schedules");

/** PyTorch's schedulers multiply the last rate, step by step, so that their rates drift by some 1e-16 a step. */
function assertRates(actual: number[], expected: number[], scale: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((rate, step) => {
    assert.ok(Math.abs(actual[step] - rate) <= 1e-13 * scale, `step ${step}: ${actual[step]}, not ${rate}`);
  });
}

describe("cosineWarmRestartsSchedule()", () => {
  for (const { rate, period, factor, lowest, rates } of published.restarts) {
    it(`is PyTorch's, first period ${period}, each ${factor} times the one before`, () => {
      const schedule = cosineWarmRestartsSchedule(rate, { period, periodFactor: factor, lowest });
      assertRates(
        rates.map((_: number, step: number) => schedule(step)),
        rates,
        rate,
      );
    });
  }
});

describe("multiStepSchedule()", () => {
  for (const { rate, milestones, factor, rates } of published.multiStep) {
    it(`is PyTorch's, milestones ${milestones}`, () => {
      const schedule = multiStepSchedule(rate, { milestones, factor });
      assertRates(
        rates.map((_: number, step: number) => schedule(step)),
        rates,
        rate,
      );
    });
  }
});

describe("warmUpSchedule()", () => {
  it("is that of the published recursive reasoner", () => {
    for (const { step, base, warmup, total, min_ratio: lowestRatio, lr } of read("trm_lr").cases) {
      const rate = warmUpSchedule(base, { warmUpSteps: warmup, totalSteps: total, lowestRatio })(step);
      assert.ok(Math.abs(rate - lr) <= 1e-15 * base, `step ${step}: ${rate}, not ${lr}`);
    }
  });

  for (const { rate, steps, lowestRatio, rates } of published.falls) {
    it(`falls after the warm-up as PyTorch's cosine, to ${lowestRatio} of the rate`, () => {
      const schedule = warmUpSchedule(rate, { warmUpSteps: 7, totalSteps: 7 + steps, lowestRatio });
      assertRates(
        rates.map((_: number, step: number) => schedule(step + 7)),
        rates,
        rate,
      );
      assert.equal(schedule(7 + steps + 100), schedule(7 + steps));
    });
  }

  it("stays at its rate without a fall, and starts with it without a warm-up", () => {
    assert.equal(warmUpSchedule(0.1, { warmUpSteps: 3 })(1e9), 0.1);
    assert.equal(warmUpSchedule(0.1, { warmUpSteps: 0 })(0), 0.1);
  });
});

describe("schedules", () => {
  it("refuse settings and steps out of their range", () => {
    assert.equal(constantSchedule(0.1)(7), 0.1);
    assert.throws(() => constantSchedule(-1), /the rate must be at least 0: got -1/);
    assert.throws(() => constantSchedule(0.1)(-1), /steps count from 0: got -1/);
    assert.throws(() => constantSchedule(0.1)(NaN), /steps count from 0: got NaN/);
    assert.throws(() => multiStepSchedule(1, { milestones: [5, 5] }), /whole number from 6 on: got 5/);
    assert.throws(
      () => cosineWarmRestartsSchedule(1, { period: 0 }),
      /the period must be a whole number from 1/,
    );
    assert.throws(() => warmUpSchedule(1, { warmUpSteps: 5, totalSteps: 5 }), /from 6 on: got 5/);
    assert.throws(() => warmUpSchedule(1, { warmUpSteps: 5, lowestRatio: 0 }), /needs totalSteps/);
  });
});

describe("cosineSchedule() and linearSchedule()", () => {
  it("fall to the lowest rate and stay there; the cosine is the first period of PyTorch's restarts", () => {
    const [restarts, cosine] = [
      cosineWarmRestartsSchedule(0.3, { period: 20, lowest: 0.01 }),
      cosineSchedule(0.3, { totalSteps: 20, lowest: 0.01 }),
    ];
    for (let step = 0; step < 20; step++) assert.equal(cosine(step), restarts(step));
    const linear = linearSchedule(0.5, { totalSteps: 8, lowest: 0.1 });
    for (const schedule of [cosine, linear])
      assert.deepEqual([schedule(20), schedule(1000)], [schedule(20), schedule(20)]);
    assert.deepEqual([0, 8].map(linear), [0.5, 0.1]);
    assert.ok(Math.abs(linear(2) - 0.4) < 1e-15);
  });
});

describe("createSchedule()", () => {
  it("makes each schedule by its name, and passes over what others need", () => {
    const settings = { totalSteps: 10, milestones: [5], warmUpSteps: 2, period: 5, lowest: 0.1 };
    const own = {
      constant: constantSchedule(1),
      linear: linearSchedule(1, { totalSteps: 10, lowest: 0.1 }),
      cosine: cosineSchedule(1, { totalSteps: 10, lowest: 0.1 }),
      "cosine-warm-restarts": cosineWarmRestartsSchedule(1, { period: 5, lowest: 0.1 }),
      "multi-step": multiStepSchedule(1, { milestones: [5] }),
      "warm-up": warmUpSchedule(1, { warmUpSteps: 2, totalSteps: 10 }),
    };
    assert.deepEqual(Object.keys(own), scheduleNames);
    for (const name of scheduleNames) {
      const schedule = createSchedule(name, 1, settings);
      for (let step = 0; step < 12; step++)
        assert.equal(schedule(step), own[name](step), `${name}, step ${step}`);
    }
  });
});
