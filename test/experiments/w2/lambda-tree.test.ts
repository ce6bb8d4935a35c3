import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";
import { madeUpTree } from "./made-up-tree";

describe("historiesOf()", () => {
  it("lists every way through the tree once", () => {
    const histories = w2.historiesOf({ lambdas: [0.2, 0.6], depth: 2 });
    assert.deepEqual(histories, [
      [0.2, 0.2],
      [0.2, 0.6],
      [0.6, 0.2],
      [0.6, 0.6],
    ]);
  });
});

describe("nearestLambdas()", () => {
  it("takes each step to the nearest λ that was computed, and never leaves these", () => {
    assert.deepEqual(w2.nearestLambdas({ lambdas: [0.2, 0.6] }, [0.39, 0.41, 0.9]), [0.2, 0.6, 0.6]);
  });
});

describe("pathAlong()", () => {
  it("puts the steps of a history one after the other", () => {
    const { lambda, error, cosine } = w2.pathAlong(madeUpTree, "collapse", [0.6, 0.2]);
    assert.deepEqual(lambda, [0.6, 0.6, 0.2, 0.2]);
    assert.deepEqual(error, [0.86, 0.86, 0.82, 0.82]);
    assert.equal(cosine.length, 4);
  });

  it("refuses a λ that was not computed", () => {
    assert.throws(() => w2.pathAlong(madeUpTree, "ordered", [0.3]), {
      name: "RangeError",
      message: 'Cannot follow λ as no such step was computed: got "ordered 0.3"',
    });
  });
});
