import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { citris } from "../../../src/experiments";
import { startBackend, tensorflow } from "../../../src/tensor";

before(startBackend);

describe("ballInBoxes()", () => {
  it("changes the box under an intervention alone, and keeps the place within it", () => {
    const { truth, targets } = citris.ballInBoxes(3000, { seed: 1, sampling: "sequence" });
    let [jumps, changes] = [0, 0];
    for (let frame = 1; frame < 3000; frame++) {
      const jumped = targets[2 * (frame - 1) + 1] === 1;
      const changed = truth[2 * frame + 1] !== truth[2 * frame - 1];
      assert.ok(jumped || !changed);
      assert.equal(targets[2 * (frame - 1)], 0); // nothing is ever done to the place
      assert.ok(Math.abs(truth[2 * frame]) <= 1);
      jumps += Number(jumped);
      changes += Number(changed);
    }
    assert.ok(Math.abs(jumps / 2999 - 1 / 2) < 0.03 && Math.abs(changes / jumps - 0.5) < 0.06);
  });

  it("has independent frames without targets", () => {
    const { truth, targets } = citris.ballInBoxes(2000, { seed: 2, sampling: "independent" });
    assert.ok(targets.every((target) => target === 0));
    let product = 0;
    for (let frame = 0; frame < 2000; frame++) product += truth[2 * frame] * (truth[2 * frame + 1] - 0.5);
    assert.ok(Math.abs(product / 2000) < 0.03);
  });
});

describe("identifyBox()", () => {
  it("measures sets of latents, and leaves no tensor behind", () => {
    const before = tensorflow().memory().numTensors;
    const { r2, assignment, shown } = citris.identifyBox({ seed: 0, steps: 3, frames: 600 });
    assert.deepEqual([r2.length, r2[0].length, assignment.length], [3, 2, 2]);
    assert.equal(shown.latents.length, shown.codes.length);
    assert.equal(tensorflow().memory().numTensors, before);
  });

  it("makes claims that can fail", () => {
    const identified = {
      r2: [
        [0, 0],
        [0.05, 0.99],
        [0.95, 0],
      ],
    };
    const mixed = {
      r2: [
        [0, 0],
        [0.6, 0.99],
        [0.3, 0.4],
      ],
    };
    const verdicts = (...results: (typeof mixed)[]) =>
      citris.ballClaims(results).map(({ verdict }) => verdict);
    assert.deepEqual(verdicts(identified), ["shown", "shown", "shown"]);
    assert.deepEqual(verdicts(mixed), ["shown", "not shown", "not shown"]);
    assert.deepEqual(verdicts(identified, mixed), ["shown", "cannot be told here", "cannot be told here"]);
  });
});
