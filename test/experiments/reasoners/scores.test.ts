import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Thought } from "../../../src/experiments/reasoners";
import { measuresBeside } from "../../../src/experiments/reasoners/findings/measures";
import {
  deflation,
  overGrids,
  scoreTable,
  windowExponents,
} from "../../../src/experiments/reasoners/findings/scores";
import { settlingOf } from "../../../src/experiments/reasoners/findings/settling";
import {
  syntheticFindings,
  syntheticThought,
} from "../../../src/experiments/reasoners/findings/synthetic-findings";
import { growthRates } from "../../../src/experiments/reasoners/thinking/kick-growth";
import { createRandom } from "../../../src/random";

const plantedThought = (samples = 400) => syntheticThought({ seed: 1, samples });

const options = () => ({ rng: createRandom(2), replicates: 60, level: 0.95 });

describe("scoreTable()", () => {
  const rows = scoreTable(plantedThought(), options());
  const row = (score: string, among = "all answers") =>
    rows.find((each) => each.score === score && each.among === among)!;

  it("finds what was planted: exponents, drift and a halting head that never errs", () => {
    assert.ok(row("−λ₁").low > 0.7);
    assert.ok(row("−late drift").low > 0.6);
    assert.equal(row("halting logit").estimate, 1);
    for (const { estimate, low, high } of rows)
      assert.ok(Number.isNaN(estimate) || (low <= estimate && estimate <= high));
  });

  it("asks about early steps among those wrong at that step, here all of them", () => {
    const early = row("−λ₁ of steps 1 to 4");
    assert.ok(Math.abs(early.estimate - row("−λ₁").estimate) < 1e-9);
    assert.ok(Math.abs(row("−λ₁ of steps 1 to 4", "wrong at step 4").estimate - early.estimate) < 1e-9);
  });

  it("leaves an AUC out where right or wrong answers are too few", () => {
    const thought = plantedThought(40);
    const few = scoreTable({ ...thought, correct: thought.correct.map((_, i) => Number(i < 4)) }, options());
    assert.ok(few.every(({ estimate }) => Number.isNaN(estimate)));
  });
});

describe("deflation()", () => {
  it("says that λ₁ adds nothing where the halting head knows everything", () => {
    const found = deflation(plantedThought(), options());
    assert.ok(found && found.without > 0.99 && Math.abs(found.gain.estimate) < 0.01);
  });

  it("finds a gain where only λ₁ knows", () => {
    const thought = plantedThought();
    const blind = deflation(
      {
        ...thought,
        haltLogit: thought.haltLogit.map(() => 0),
        driftHigh: thought.driftHigh.map((_, i) => 1 + (i % 7)),
      },
      options(),
    );
    assert.ok(blind && blind.gain.low > 0.1);
  });

  it("gives nothing where there are no wrong answers", () => {
    const thought = plantedThought(40);
    assert.equal(deflation({ ...thought, correct: thought.correct.map(() => 1) }, options()), undefined);
  });
});

describe("overGrids()", () => {
  it("resamples grids, not puzzles: copies of a grid's puzzles make no interval narrower", () => {
    const grids = Float64Array.from({ length: 60 }, (_, i) => i % 6);
    const mean = (chosen: readonly number[]) => chosen.reduce((sum, i) => sum + grids[i], 0) / chosen.length;
    const width = (each: Float64Array) => {
      const { low, high } = overGrids({ grids: each }, mean, {
        rng: createRandom(3),
        replicates: 500,
        level: 0.95,
      });
      return high - low;
    };
    assert.ok(width(grids) > 2 * width(Float64Array.from(grids.keys())));
  });
});

describe("windowExponents()", () => {
  it("is the mean growth of the window's steps, largest first", () => {
    const thought = {
      ...plantedThought(1),
      steps: 3,
      exponents: 2,
      samples: 1,
      growth: Float64Array.of(1, 5, 2, 7, 9, 0),
    };
    assert.deepEqual([...windowExponents(thought, 1, 2)[0]], [6, 1.5]);
  });
});

describe("growthRates()", () => {
  it("is the logarithmic rate until rounding or saturation, NaN without a step", () => {
    const kick = {
      direction: "random" as const,
      size: 1,
      right: [],
      distance: [
        [1, 0.5, 0.25],
        [1, 0.5, 1e-6],
        [1, 50, 80],
      ],
    };
    const rates = growthRates(kick, { right: [0, 0, 0] });
    assert.ok(Math.abs(rates[0] - Math.log(0.5)) < 1e-12 && Math.abs(rates[1] - Math.log(0.5)) < 1e-12);
    assert.ok(Number.isNaN(rates[2]));
  });
});

describe("settlingOf()", () => {
  const steps = 8;
  /** Drifts of 10^exponent in the last four steps, ten times as much before; the first three samples are wrong. */
  const thoughtOf = (exponents: readonly number[], slowing = true): Thought => ({
    ...plantedThought(exponents.length),
    samples: exponents.length,
    steps,
    correct: Float64Array.from(exponents, (_, i) => Number(i >= 3)),
    driftHigh: Float64Array.from({ length: exponents.length * steps }, (_, at) => {
      const size = 10 ** exponents[Math.floor(at / steps)];
      return at % steps < 4 && slowing ? 10 * size : size;
    }),
    index: undefined,
  });

  it("ranks wrong answers among the right ones, whatever the threshold", () => {
    const found = settlingOf(thoughtOf([0, 0.5, -4, -1, -2, -3, -5]), 0.95)!;
    assert.deepEqual([found.slow.count, found.slow.of], [1, 3]); // -4, below the right ones' median of -2.5
    assert.equal(found.slowestAbove, 0.25); // one of four right answers moves less than 10^-4
    assert.deepEqual([found.slowing.wrong.count, found.slowing.right.count], [3, 4]);
    assert.equal(settlingOf(thoughtOf([0, 0, 0, -1], false), 0.95)?.slowing.wrong.count, 0);
  });

  it("counts the wrong answers that have come to rest when they have run on", () => {
    const right = [
      [0, 1],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 0],
    ];
    const runOn = { at: [8, 64], right, lastDrift: [-6, -5, -1, -6, -6] };
    const { restedLater } = settlingOf(thoughtOf([0, 0, 0, -1, -1]), 0.95, { runOn })!;
    assert.deepEqual([restedLater?.count, restedLater?.of], [2, 3]); // the second and the last are wrong then, and at rest
  });

  it("says nothing where all answers are right, or all wrong", () => {
    const thought = thoughtOf([0, 0, 0]);
    assert.equal(settlingOf(thought, 0.95), undefined);
  });
});

describe("measuresBeside()", () => {
  it("leaves the column of the standard run empty where that run has no such measure", () => {
    const rows = measuresBeside(syntheticFindings({ samples: 64 }), "no such file");
    assert.ok(rows.length > 10);
    assert.deepEqual([...new Set(rows.map((row) => row["standard run"]))], [""]);
  });
});
