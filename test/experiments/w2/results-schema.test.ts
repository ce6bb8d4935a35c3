import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseResults } from "../../../src/experiments/w2/results/results-schema";
import published from "../../fixtures/seed000/published.json";

type Change = (results: typeof published.results) => unknown;
const changed = (change: Change) => {
  const results = structuredClone(published.results);
  return change(results) ?? results;
};
const refusal = (change: Change): string => {
  let message = "";
  assert.throws(
    () => parseResults(changed(change), "W2_results.json"),
    (error: Error) => {
      assert.equal(error.name, "SyntaxError");
      message = error.message;
      return true;
    },
  );
  return message;
};

describe("parseResults()", () => {
  it("takes the authors' file as they published it, with empty lists for our arms", () => {
    const results = parseResults(published.results, "W2_results.json");
    assert.deepEqual(
      results.map(({ seed, control, hysteresis }) => [seed, control, hysteresis]),
      [0, 1, 2].map((seed) => [seed, [], []]),
    );
    assert.deepEqual(
      results.map(({ interventions }) => interventions),
      published.results.map(({ interventions }) => interventions),
    );
  });

  const refusals: [string, Change, RegExp][] = [
    ["what is no list", () => ({ seed: 0 }), /W2_results\.json.*the whole is a list or an object/],
    ["an empty list", () => [], /the whole/],
    [
      "NaN",
      (results) => {
        results[1].interventions[2].collapse.final_error = Number.NaN;
      },
      /\[1\]\.interventions\[2\]\.collapse\.final_error is NaN/,
    ],
    [
      "an error above 1, as percent would be",
      (results) => {
        results[0].ordered_init_error = 13.19;
      },
      /\[0\]\.ordered_init_error is 13\.19/,
    ],
    [
      "a missing key",
      (results) => {
        delete (results[2] as Partial<(typeof results)[number]>).collapse_init_error;
      },
      /\[2\]\.collapse_init_error is nothing/,
    ],
    [
      "a key of another name",
      (results) => [{ ...results[0], orderd_init_error: 0.1 }],
      /\[0\] has unknown keys: "orderd_init_error" \(nearest: "ordered_init_error"\)/,
    ],
    [
      "branches that stand in each other's place",
      (results) => {
        results[0].interventions[0].ordered.source = "collapse";
      },
      /\[0\]\.interventions\[0\]\.ordered\.source is collapse/,
    ],
    [
      "a gap that is no difference of the two errors",
      (results) => {
        results[0].interventions[1].final_gap = 0.1;
      },
      /\[0\]\.interventions\[1\].*final_gap must be the collapse branch's final_error minus the ordered one's/,
    ],
    [
      "epochs that fall",
      (results) => {
        results[0].interventions[0].ordered.trajectory.reverse();
      },
      /trajectory.*its epochs must rise/,
    ],
    ["a seed twice", (results) => [results[0], results[0]], /each seed may stand there once/],
  ];
  for (const [what, change, message] of refusals)
    it(`refuses ${what}, and says where`, () => assert.match(refusal(change), message));
});
