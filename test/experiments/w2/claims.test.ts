import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";
import { madeUpRun, seedResult } from "./made-up-run";

const run = madeUpRun({ 0.4: 0.2, 0.5: 0.12, 0.55: -0.02 });
const claimed = (shown: Parameters<typeof w2.claims>[0], about: RegExp) => {
  const rows = w2.claims(shown).filter(({ claim }) => about.test(claim));
  assert.equal(rows.length, 1, String(about));
  return rows[0];
};
const withResults = (change: Partial<w2.SeedResult>) => ({
  ...run,
  results: run.results.map((result) => ({ ...result, ...change })),
});
const stay = (target_lambda: number, errors: number[]): w2.Stay => ({
  target_lambda,
  init_error: errors[0],
  final_error: errors[errors.length - 1],
  trajectory: errors.map((error, epoch) => ({ epoch, error })),
});

describe("claims()", () => {
  it("stand beside the authors' numbers, as they published them", () => {
    const published = (about: RegExp) => claimed(run, about).published?.value;
    assert.equal(published(/ordered, below/), "13.2 %, 13.4 %, 13.3 %");
    assert.equal(published(/collapsed, above/), "79.0 %, 48.6 %, 58.7 %");
    assert.equal(published(/At λ = 0\.4,/), "44.8 %, 3 seeds");
    assert.equal(published(/At λ = 0\.5,/), "44.7 %, 3 seeds");
    assert.equal(published(/between those of the two checkpoints/), "45.0 % is crossed at λ = 0.54");
  });

  it("can fail: a gap of 20 % is shown, one of -2 % is not", () => {
    assert.equal(claimed(run, /At λ = 0\.4,/).verdict, "shown");
    assert.equal(claimed(run, /At λ = 0\.55,/).verdict, "not shown");
    assert.equal(claimed(withResults({ ordered_init_error: 0.3 }), /ordered, below/).verdict, "not shown");
  });

  it("of gaps cannot be told between states that are not what they are called", () => {
    const { verdict, why } = claimed(withResults({ collapse_init_error: 0.4 }), /At λ = 0\.4,/);
    assert.deepEqual(
      [verdict, why],
      ["cannot be told here", "2 checkpoints are not in the state that they are named after"],
    );
  });

  it("say which key runs an arm that was not run", () => {
    for (const [about, key] of [
      [/between those of the two/, /`boundary`/],
      [/four times as long/, /`longerTargets`/],
      [/left at λ/, /`lifetimeEpochs`/],
      [/is freed neither/, /`escapeEpochs`/],
      [/slowest sweep/, /`speedHolds`/],
    ]) {
      const { verdict, why } = claimed(run, about);
      assert.equal(verdict, "cannot be told here");
      assert.match(why ?? "", key);
    }
  });

  it("find the boundary between the two checkpoints, or not", () => {
    const at = (errors: number[]) => {
      const boundary = [0.2, 0.5, 0.7].map((lambda, i) => ({ seed: 0, lambda, error: errors[i] }));
      return claimed({ ...run, boundary }, /between those of the two/);
    };
    assert.deepEqual(
      [at([0.1, 0.2, 0.8]).found, at([0.1, 0.2, 0.8]).verdict],
      ["45.0 % is crossed at λ = 0.58, 3 networks", "shown"],
    );
    assert.equal(at([0.1, 0.2, 0.46]).verdict, "not shown");
    assert.deepEqual(
      [at([0.1, 0.2, 0.3]).found, at([0.1, 0.2, 0.3]).verdict],
      ["no crossing of 45.0 %, 3 networks", "not shown"],
    );
  });

  it("of an ordered network's lifetime fail where it passes the threshold on its way", () => {
    const verdict = (errors: number[]) =>
      claimed(withResults({ lifetime: [stay(0.54, errors)] }), /left at λ/).verdict;
    assert.equal(verdict([0.1, 0.2, 0.1]), "shown");
    assert.equal(verdict([0.1, 0.3, 0.1]), "not shown");
  });

  it("of the trap count networks that were at chance alone", () => {
    const escapes = (...stays: number[][]) => ({
      escapes: stays.map((errors) => ({ learning_rate: 0.001, ...stay(0, errors) })),
    });
    const claim = (...stays: number[][]) => claimed(withResults(escapes(...stays)), /is freed neither/);
    assert.equal(claim([0.9, 0.9], [0.9, 0.89]).verdict, "shown");
    const { found } = claim([0.9, 0.9], [0.9, 0.5]); // two seeds, two attempts each
    assert.equal(found, "2 of 4 attempts end below 88.0 %: 90.0 %, 50.0 %, 90.0 %, 50.0 %");
    assert.equal(claim([0.7, 0.6]).verdict, "cannot be told here");
    const few = withResults(escapes([0.9, 0.87]));
    const configuration = { ...run.configuration, testImages: 500 };
    const { verdict, why } = claimed({ ...few, configuration }, /is freed neither/);
    assert.equal(verdict, "cannot be told here"); // 435 of 500 wrong: Wilson's interval is 83.8 to 89.7 %
    assert.match(why ?? "", /83\.8 % to 89\.7 %/);
  });

  it("of speed compare the widest places of the loops, the sweep's own among them", () => {
    const speed: w2.SpeedSweep[] = [
      {
        hold: 1,
        source: "ordered",
        points: [0.1, 0.5, 0.6].map((error, i) => ({ target_lambda: [0.3, 0.5, 0.3][i], error })),
      },
    ];
    // the made-up run holds each λ of its sweep for 5 epochs; its two legs part by 0.8 - 0.35
    const results = [{ ...seedResult(0, { 0.4: 0.2 }), speed }];
    const { found, verdict } = claimed({ ...run, results }, /slowest/);
    assert.deepEqual([found, verdict], ["50.0 % at a hold of 1, 45.0 % at a hold of 5", "shown"]);
  });

  it("of longer branches look at the second half of those from collapse, and the authors' own are computed alike", () => {
    const longer = (...errors: number[][]) => ({
      longer: errors.map((one): w2.Branch => ({ source: "collapse", ...stay(0.5, one) })),
    });
    const claim = (...errors: number[][]) => claimed(withResults(longer(...errors)), /four times as long/);
    assert.equal(claim([0.7, 0.7, 0.69, 0.65, 0.6]).verdict, "shown"); // 9 % in the second half
    assert.equal(claim([0.7, 0.6, 0.6, 0.6, 0.595]).verdict, "not shown");
    assert.match(claim().published?.value ?? "", /^6 of 9 fall; /); // all branches of the authors' seeds 1 and 2
  });

  it("of rest measure the second half of each collapse branch", () => {
    assert.match(claimed(run, /at rest/).published?.value ?? "", /^\d of 9 at rest; mean change -\d\.\d %$/);
  });
});
