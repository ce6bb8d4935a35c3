import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerFindings, validateAnswers } from "../../src/bench/validation/boolean";
import { formatFindings, passed } from "../../src/bench/validation/finding-table";
import { decodeFloats, encodeFloats } from "../../src/bench/validation/floats-as-text";
import { greatestError } from "../../src/bench/validation/greatest-error";
import { randomArrays } from "../../src/bench/validation/random-arrays";
import { finite, randomSample, randomSize } from "../../src/bench/validation/random-sample";
import { runStatisticCheck, type StatisticCheck } from "../../src/bench/validation/statistic-check";
import type { Finding } from "../../src/bench/validation/validation";
import { orderFindings } from "../../src/bench/validation/wscrl";
import { addValidate } from "../../src/cli/validate";
import { booleanWorld } from "../../src/experiments";
import { createRandom } from "../../src/random";
import { printedBy } from "./run-command";

describe("greatestError()", () => {
  it("takes the greatest difference, in units of the scale", () => {
    assert.equal(greatestError([1, 2, 3], [1, 2.5, 3.25]), 0.5);
    assert.equal(greatestError([1, 2], [1, 2.5], 2), 0.25);
    assert.equal(greatestError([], []), 0);
  });

  it("lets NaN agree with NaN, an infinity with itself and 0 with -0, and nothing else with them", () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    assert.equal(greatestError([...odd, 0], [...odd, -0]), 0);
    for (const one of odd)
      for (const other of [...odd, 1])
        if (!Object.is(one, other)) assert.equal(greatestError([one], [other]), Infinity, `${one} ${other}`);
    assert.equal(greatestError([1], [1, 2]), Infinity);
  });
});

describe("encodeFloats()", () => {
  it("keeps every bit", () => {
    const values = [0.1, -0, Number.MIN_VALUE, Number.MAX_VALUE, Number.NaN, Number.NEGATIVE_INFINITY];
    assert.deepEqual(Array.from(decodeFloats(encodeFloats(values))), values);
  });
});

describe("runStatisticCheck()", () => {
  /** Sums what it is sent, wrongly for a sample that begins with 7. */
  const reference = {
    asked: 0,
    async ask<Answer>(request: object) {
      reference.asked++;
      const { cases } = request as { cases: { columns: string[] }[] };
      const answers = cases.map(({ columns: [column] }) => {
        const values = decodeFloats(column);
        if (values[0] === 8) return { refused: "ValueError: eight" };
        return {
          values: encodeFloats([values.reduce((a, b) => a + b) + (values[0] === 7 ? 0.5 : 0)]),
          scale: 10,
        };
      });
      return { answers } as Answer;
    },
  };
  const check: StatisticCheck = {
    check: "sum",
    against: "a list",
    reference: "sum",
    cases: 450,
    tolerance: 0.01,
    draw: (rng) => [Float64Array.of(rng.integer(0, 7), 1)],
    ours: ([a, b]) => a + b,
  };

  it("counts cases and numbers, in batches, and finds what agrees in agreement", async () => {
    const done: number[] = [];
    const finding = await runStatisticCheck(check, reference, 0, (more) => done.push(more));
    assert.deepEqual(done, [200, 200, 50]);
    assert.deepEqual(finding, {
      check: "sum",
      against: "a list",
      cases: 450,
      numbers: 450,
      worst: 0,
      tolerance: 0.01,
      disagreements: [],
    });
  });

  it("says which case disagrees, by how much and with what", async () => {
    const finding = await runStatisticCheck(
      { ...check, cases: 1, draw: () => [Float64Array.of(7, 1)] },
      reference,
      3,
    );
    assert.equal(finding.worst, 0.05);
    assert.deepEqual(finding.disagreements, ["case 0 of seed 3 (2: [7, 1]): [8] against [8.5]"]);
    assert.equal(passed(finding), false);
    const tolerant = await runStatisticCheck(
      { ...check, cases: 1, draw: () => [Float64Array.of(7, 1)], tolerance: 0.05 },
      reference,
      3,
    );
    assert.equal(passed(tolerant), true);
  });

  it("takes a refusal for an answer: both must refuse", async () => {
    const draw = (first: number) => () => [Float64Array.of(first, 1)];
    const refusing = () => {
      throw new RangeError("Cannot sum eight");
    };
    const eight = { ...check, cases: 1, draw: draw(8) };
    assert.deepEqual((await runStatisticCheck({ ...eight, ours: refusing }, reference, 0)).disagreements, []);
    const ours = await runStatisticCheck(eight, reference, 0);
    assert.match(ours.disagreements[0], /\[9\] against ValueError: eight/);
    const theirs = await runStatisticCheck({ ...eight, draw: draw(1), ours: refusing }, reference, 0);
    assert.match(theirs.disagreements[0], /Cannot sum eight against \[2\]/);
    assert.equal(theirs.worst, Infinity);
  });

  it("lets an error that is no refusal through", async () => {
    const broken = () => {
      throw new TypeError("broken");
    };
    await assert.rejects(runStatisticCheck({ ...check, ours: broken }, reference, 0), /broken/);
  });
});

describe("formatFindings()", () => {
  it("shows counts, errors and verdicts, then the first disagreements", () => {
    const finding: Finding = {
      check: "mean",
      against: "fsum",
      cases: 2000,
      numbers: 4000,
      worst: 1.25e-13,
      tolerance: 1e-12,
      disagreements: [],
    };
    const lines = formatFindings([
      finding,
      { ...finding, worst: Infinity, tolerance: 0, disagreements: ["case 1: a", "case 2: b", "c", "d"] },
    ]).split("\n");
    assert.match(lines[2], /mean +\| fsum +\| 2,000 +\| 4,000 +\| 1\.[23]e-13 +\| 1\.0e-12 +\| agrees/);
    assert.match(lines[3], /not a number +\| 0 +\| 4 DISAGREE/);
    assert.deepEqual(
      lines.slice(5),
      ["case 1: a", "case 2: b", "c"].map((text) => `- mean against fsum, ${text}`),
    );
  });
});

describe("answerFindings()", () => {
  const row = (seed: number, right: number): booleanWorld.TrialRow => ({
    world: "document",
    states: 32,
    excluded: 2,
    seed,
    without: "",
    steps: 1,
    seconds: 1,
    seen_exact: Math.min(right, 30) / 30,
    excluded_exact: (right - 30) / 2,
    excluded_parts: {},
  });

  it("shows each seed's states, and fails below 99 % of all of them together", () => {
    const good = answerFindings([row(0, 32), row(1, 31), row(2, 32), row(3, 32), row(4, 32)]);
    assert.deepEqual(
      good.map(({ check, cases, worst }) => [check, cases, worst]),
      [
        ...[0, 1, 2, 3, 4].flatMap((seed) => [
          [`seed ${seed}, read`, 30, 0],
          [`seed ${seed}, held-out`, 2, seed === 1 ? 0.5 : 0],
        ]),
        ["all together", 160, 1 / 160],
      ],
    );
    assert.ok(good.every(passed)); // 159 of 160 are 99.4 %
    const bad = answerFindings([row(0, 32), row(1, 31), row(2, 31), row(3, 32), row(4, 32)]);
    assert.deepEqual(
      bad.filter((finding) => !passed(finding)).map(({ disagreements }) => disagreements),
      [["158 of 160 states are answered exactly: at least 99 % must be"]],
    );
    assert.equal(answerFindings([]).every(passed), false);
  });

  it("is what validateAnswers() makes of trainings, which fail after a few steps", async () => {
    const { configuration } = booleanWorld.parameters({ preset: "smoke", trainExamples: 64 });
    const done: string[] = [];
    const onCases = (count: number, of: number) => done.push(`${count} of ${of}`);
    const findings = await validateAnswers(configuration, { seed: 3, rounds: 0.4, onCases });
    assert.deepEqual(done, ["0 of 2", "1 of 2", "2 of 2"]);
    assert.deepEqual(
      findings.map(({ check, cases }) => [check, cases]),
      [
        ["seed 3, read", 30],
        ["seed 3, held-out", 2],
        ["seed 4, read", 30],
        ["seed 4, held-out", 2],
        ["all together", 64],
      ],
    );
    assert.equal(passed(findings[4]), false);
  });
});

describe("random inputs", () => {
  it("come from the seed alone, and hold what breaks statistics", () => {
    const draw = () => {
      const rng = createRandom(5);
      return Array.from({ length: 400 }, () => randomSample(rng, randomSize(rng), finite));
    };
    const samples = draw();
    assert.deepEqual(draw(), samples);
    const has = (test: (sample: Float64Array) => boolean) => assert.ok(samples.some(test), String(test));
    has((sample) => sample.length === 1);
    has((sample) => sample.length > 1500);
    has((sample) => sample.length > 5 && sample.every((value) => value === sample[0]));
    has((sample) => new Set(sample).size < sample.length / 4 && new Set(sample).size > 1);
    has((sample) => sample.some((value) => Object.is(value, -0)));
    has((sample) => sample.some((value) => Math.abs(value) > 1e50));
    has((sample) => sample.some((value) => value !== 0 && Math.abs(value) < 1e-300));
    has((sample) => sample.length > 50 && sample.every((value, i) => i === 0 || value > sample[i - 1]));
  });

  it("hold arrays of every dtype and number of axes, whose shapes fit", () => {
    const rng = createRandom(5);
    const arrays = Array.from({ length: 60 }, (_, i) => [...randomArrays(rng.split(i)).values()]).flat();
    for (const { shape, data } of arrays)
      assert.equal(
        shape.reduce((a, b) => a * b, 1),
        data.length,
      );
    assert.equal(new Set(arrays.map(({ data, dtype }) => `${data.constructor.name} ${dtype}`)).size, 14);
    assert.equal(new Set(arrays.map(({ shape }) => shape.length)).size, 6);
    assert.ok(arrays.some(({ data }) => data.length === 0));
  });
});

describe("dolab validate", () => {
  it("lists the validations, and refuses unknown ones and senseless counts before anything is installed", async (t) => {
    const validate = (...args: string[]) => printedBy(t, addValidate, ["validate", ...args]);
    assert.match(await validate("--list"), /^statistics .*\nnpz /);
    await assert.rejects(validate("statistic"), /did you mean "statistics"/);
    await assert.rejects(validate("--rounds", "0"), /--rounds must be a number above 0: got 0/);
  });
});

describe("the validation of weakly supervised models", () => {
  const row = (model: string, disentanglement: number) => ({
    model,
    evaluation: { dci: { disentanglement } },
  });
  const passes = (ilcm: number[], dvae: number, betavae: number) =>
    orderFindings([
      ...ilcm.map((score) => row("ilcm", score)),
      row("dvae", dvae),
      row("betavae", betavae),
    ] as never).map(passed);

  it("asks for the least ILCM, their mean, and both gaps", () => {
    assert.deepEqual(passes([0.99, 0.93], 0.5, 0.3), [true, true, true, true]);
    assert.deepEqual(passes([0.99, 0.85], 0.95, 0.3), [false, false, false, true]);
    assert.deepEqual(passes([0.99, 0.97], 0.2, 0.3), [true, true, true, false]);
  });
});
