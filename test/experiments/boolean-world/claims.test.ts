// What the boolean world claims, on rows whose truth is written here: each claim can come out either way.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  claims,
  type ModelFindings,
  parameters,
  referenceRun,
  type TrialRow,
} from "../../../src/experiments/boolean-world";

const { configuration } = parameters({ replicates: 200 });

/** A training that answers a share of its held-out states, and the same share of each value. */
function training(without: string, exact: number, seen = 1): TrialRow {
  const values = ["newA", "newB", "newC", "newD", "sum", "sum2"].map((name) => [name, exact]);
  return {
    world: "document",
    states: 32,
    excluded: without.split(";").length,
    seed: 0,
    without,
    seen_exact: seen,
    excluded_exact: exact,
    excluded_parts: Object.fromEntries(values),
    steps: 1,
    seconds: 1,
  };
}

const [one, other] = ["1,0,1,0,1", "0,1,0,1,0"];
const eight = [
  "0,0,0,0,1",
  "0,0,1,0,0",
  "0,1,0,1,0",
  "0,1,1,1,1",
  "1,0,1,0,0",
  "1,1,0,0,1",
  "1,0,0,1,1",
  "0,1,1,0,0",
].join(";");
const verdicts = (rows: TrialRow[], model?: ModelFindings) =>
  claims({ rows, configuration, model }).map(({ verdict }) => verdict);

const model = (exact: boolean, follows: "the prompt" | "what is written"): ModelFindings => ({
  answers: [
    {
      state: one,
      excluded: true,
      expected: "\n0,1,0,1\n3 - 2\n",
      answer: "\n0,1,0,1\n3 - 2\n",
      exact,
      parts: {},
    },
  ],
  contradicted: Array.from({ length: 16 }, () => ({
    state: one,
    written: 0,
    by_prompt: 1,
    by_written: 0,
    model: "1",
    follows,
  })),
});

describe("claims()", () => {
  const told = "cannot be told here";

  it("are shown where every answer is right, by the chain", () => {
    const rows = [...Array(20).fill(training(`${one};${other}`, 1)), ...Array(10).fill(training(eight, 1))];
    assert.deepEqual(verdicts(rows, model(true, "what is written")), Array(7).fill("shown"));
  });

  it("are not shown where nothing of the rest is right", () => {
    const rows = [...Array(20).fill(training(`${one};${other}`, 0)), ...Array(10).fill(training(eight, 0))];
    const [read, state, few, many, exact, newD, chain] = verdicts(rows, model(false, "the prompt"));
    assert.equal(read, "shown");
    assert.deepEqual([state, few, many, exact, newD, chain], Array(6).fill("not shown"));
  });

  it("say nothing of generalisation where models have not learned what they read", () => {
    const rows = [
      ...Array(20).fill(training(`${one};${other}`, 1, 0.5)),
      ...Array(10).fill(training(eight, 0)),
    ];
    const [read, , few, , exact, newD] = verdicts(rows);
    assert.deepEqual([read, few, exact, newD], ["not shown", told, told, told]);
  });

  it("cannot be told without trainings or a model, and say why", () => {
    for (const { verdict, why } of claims({ rows: [], configuration })) {
      assert.equal(verdict, told);
      assert.ok(why);
    }
    const [, , few] = verdicts([training(one, 1), training(one, 1)]);
    assert.equal(few, told, "two answers leave the interval too wide");
  });

  it("find in the committed sweep what its notebook says: learned throughout, half of the rest at a quarter held-out", () => {
    const reference = referenceRun();
    assert.ok(reference);
    const [read, , , many] = claims(reference);
    assert.equal(read.verdict, "shown");
    assert.equal(many.verdict, "not shown");
    assert.match(many.found, /^\d+ of 108 answers of 9 trainings/); // 8 + 12 + 16, three times each
  });
});
