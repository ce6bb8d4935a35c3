import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";
import {
  gapInterval,
  numpyDeviation,
  numpyMean,
  overallGap,
  verdictOf,
} from "../../../src/experiments/w2/results/gaps";
import { summaryCsv } from "../../../src/experiments/w2/results/result-files";
import { conclusionLines, targetLines } from "../../../src/experiments/w2/summary";
import {
  collapseSeed,
  interventionSeed,
  orderedSeed,
} from "../../../src/experiments/w2/training/phase-seeds";
import { createRandom } from "../../../src/random";
import { seedResult } from "./made-up-run";

const fixture = (name: string) =>
  readFileSync(join(__dirname, "..", "..", "fixtures", "seed000", name), "utf8");

interface VerdictCase {
  gaps: Record<string, number[]>;
  per_target: Record<string, { mean: number; std_population: number }>;
  per_target_lines: string[];
  overall_mean: number;
  conclusion_lines: string[];
}

const verdicts = JSON.parse(fixture("verdict.json")) as { cases: VerdictCase[] };
const seeds = JSON.parse(fixture("seeds.json")) as {
  table: { seed: number; target: number; value: number }[];
};
const numpy = JSON.parse(fixture("numpy_means.json")) as {
  cases: { values: number[]; mean: number; std: number }[];
};
const targetsOf = ({ gaps }: VerdictCase) => Object.keys(gaps).map(Number);

describe("the verdict", () => {
  for (const [index, expected] of verdicts.cases.entries()) {
    it(`says of case ${index + 1} what the document says, to the letter and the last bit`, () => {
      const gaps = targetsOf(expected).map((target) => ({ target, gaps: expected.gaps[target] }));
      for (const { target, gaps: own } of gaps) {
        assert.equal(numpyMean(own), expected.per_target[target].mean);
        assert.equal(numpyDeviation(own), expected.per_target[target].std_population);
      }
      assert.deepEqual(
        gaps.flatMap(({ target, gaps: own }) => targetLines(target, own)),
        expected.per_target_lines,
      );
      assert.equal(overallGap(gaps), expected.overall_mean);
      assert.deepEqual(conclusionLines(overallGap(gaps)), expected.conclusion_lines);
    });
  }

  it("sums as numpy does, at every size", () => {
    for (const { values, mean, std } of numpy.cases) {
      assert.equal(numpyMean(values), mean, `mean of ${values.length}`);
      assert.equal(numpyDeviation(values), std, `deviation of ${values.length}`);
    }
  });

  it("takes its thresholds strictly, and numpy's mean of three times 0.1 exceeds 0.1", () => {
    assert.deepEqual([0.05, 0.050001, 0.1, 0.100001].map(verdictOf), [
      "weak",
      "moderate",
      "moderate",
      "strong",
    ]);
    assert.equal(verdictOf(numpyMean([0.1, 0.1, 0.1])), "strong");
    assert.equal(overallGap([]), 0);
  });

  it("has an interval from two seeds on, which holds the mean and is the same for the same seed", () => {
    const options = () => ({ rng: createRandom(1), replicates: 200, level: 0.9 });
    const { low, high } = gapInterval([0.1, 0.2, 0.4], options());
    assert.ok(low < 0.7 / 3 && 0.7 / 3 < high && low >= 0.1 && high <= 0.4);
    assert.deepEqual(gapInterval([0.1, 0.2, 0.4], options()), { low, high });
    assert.deepEqual(gapInterval([0.1], options()), { low: NaN, high: NaN });
  });
});

describe("interventionSeed()", () => {
  it("is the document's, where int() cuts off what is just below a whole number", () => {
    for (const { seed, target, value } of seeds.table) assert.equal(interventionSeed(seed, target), value);
    assert.equal(orderedSeed(7), 7);
    assert.equal(collapseSeed(7), 107);
  });
});

describe("summaryCsv()", () => {
  it("writes the document's table byte for byte", () => {
    const results = JSON.parse(fixture("summary_input.json"));
    assert.equal(summaryCsv(results), fixture("summary.csv"));
  });
});

describe("summaryText()", () => {
  const { configuration } = w2.parameters({ preset: "paper" });

  it("holds the document's lines in its order", () => {
    const [first] = verdicts.cases;
    const results = [0, 1, 2].map((seed) =>
      seedResult(
        seed,
        Object.fromEntries(targetsOf(first).map((target) => [target, first.gaps[target][seed]])),
      ),
    );
    const lines = w2.summaryText(results, configuration).split("\n");
    const wanted = ["   Ordered checkpoint: λ=0.35", "   Target λ values: [0.4, 0.5, 0.55]"];
    let last = -1;
    for (const line of [...wanted, ...first.per_target_lines, "CONCLUSION:", ...first.conclusion_lines]) {
      assert.ok(lines.indexOf(line, last + 1) > last, line);
      last = lines.indexOf(line, last + 1);
    }
    assert.ok(!lines.some((line) => line.includes("deserve")));
  });

  it("says of checkpoints at chance that they are, whatever their names", () => {
    const dead = (seed: number) => ({ ...seedResult(seed, { 0.4: 0.3 }), collapse_init_error: 0.9 });
    const results = [
      dead(0),
      { ...dead(1), collapse_init_error: 0.88 },
      { ...dead(2), collapse_init_error: 0.87 },
    ];
    assert.deepEqual(
      w2.checkpointTable(results, configuration).map(({ at_chance }) => at_chance),
      [false, true, false, true, false, false],
    );
    const text = w2.summaryText(results, configuration);
    assert.match(text, /2 of 3 collapse checkpoints answer no better than chance: a network that has died/);
    assert.match(text, /seed 0, collapse: test error 90\.0%, as required \(> 0\.45\), at chance\n/);
    assert.doesNotMatch(text, /deserve/);
    assert.equal(w2.targetTable({ results, configuration })[0].checkpoints, "at chance");
  });

  it("says how many seeds are done where some are missing, as the conclusion does", () => {
    const results = [0, 1].map((seed) => seedResult(seed, { 0.4: 0.3 }));
    assert.match(w2.summaryText(results, configuration), /CONCLUSION:[\s\S]*2 of 3 seeds done\n/);
    assert.match(w2.conclusionText({ results, configuration }), /2 of 3 seeds done$/);
    const all = [...results, seedResult(2, { 0.4: 0.3 })];
    assert.doesNotMatch(w2.summaryText(all, configuration), /seeds done/);
  });

  it("cautions where a checkpoint does not deserve its name, by the document's unused thresholds", () => {
    const unworthy = { ...seedResult(0, { 0.4: 0.3 }), ordered_init_error: 0.25 };
    const results = [unworthy, seedResult(1, { 0.4: 0.3 })];
    assert.deepEqual(
      w2.checkpointTable(results, configuration).map(({ worthy }) => worthy),
      [false, true, true, true],
    );
    assert.match(
      w2.summaryText(results, configuration),
      /BISTABILITY CONFIRMED[\s\S]*do not deserve their names: 1 of 2 ordered checkpoints miss .* \(< 0\.25\)/,
    );
  });
});
