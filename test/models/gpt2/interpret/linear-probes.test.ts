import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { probeResiduals } from "../../../../src/models/gpt2";
import { startBackend, tensorflow } from "../../../../src/tensor";
import { configuration, livelyModel } from "../lively-model";

const tf = tensorflow();
before(startBackend);

/** Every choice of four tokens of two, each after the same first token. */
const inputs = Array.from({ length: 16 }, (_, state) => [
  12,
  ...[0, 1, 2, 3].map((bit) => 3 + ((state >> bit) & 1)),
]);
const bitOf = (bit: number) => inputs.map((input) => input[bit + 1] === 4);

describe("probeResiduals()", () => {
  it("reads a token off its own position, not off an earlier one, and no shuffled label", async () => {
    const parameters = livelyModel();
    const tensors = tf.memory().numTensors;
    const labels = { first: bitOf(0), last: bitOf(3) };
    const rows = await probeResiduals(parameters, inputs, configuration, labels);
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(rows.length, 2 * 3 * 5);
    const at = (variable: string, layer: number, position: number) =>
      rows.find((row) => row.variable === variable && row.layer === layer && row.position === position)!;
    assert.deepEqual(rows[0], { ...at("first", 0, 0) });
    assert.equal(at("first", 0, 1).accuracy, 1);
    assert.equal(at("last", 0, 4).accuracy, 1);
    assert.ok(at("first", 0, 1).control < 0.75);
    assert.equal(at("first", 0, 1).majority, 0.5);
    assert.equal(at("first", 2, 0).accuracy, 0.5); // all inputs are alike there
    assert.equal(at("first", 2, 0).control, 0.5);
    for (const layer of [0, 1, 2])
      for (const position of [0, 1, 2, 3]) assert.ok(at("last", layer, position).accuracy <= 0.6);
    assert.ok(at("first", 0, 4).accuracy <= 0.6); // attention has not brought it yet
    assert.deepEqual(await probeResiduals(parameters, inputs, configuration, labels), rows);
  });

  it("refuses labels that are not one for each input, or not 0 and 1", async () => {
    const parameters = livelyModel();
    const probe = (labels: Record<string, number[]>, folds?: number) =>
      probeResiduals(parameters, inputs, configuration, labels, { folds });
    await assert.rejects(probe({ A: [1] }), /^TypeError: .* for "A" as it needs 16 labels: got 1$/);
    await assert.rejects(probe({ A: inputs.map(() => 2) }), /^RangeError: .* labels are 0 or 1: got 2$/);
    await assert.rejects(probe({ A: inputs.map(() => 1) }, 17), /from 2 to the 16 inputs: got 17/);
  });
});
