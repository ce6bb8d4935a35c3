import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { weightRows } from "../../../../src/models/gpt2";
import { startBackend, tensorflow } from "../../../../src/tensor";
import { livelyModel } from "../lively-model";

before(startBackend);

describe("weightRows()", () => {
  it("reads a weight, a rectangle of one, and a bias as one row", async () => {
    const parameters = livelyModel();
    const tensors = tensorflow().memory().numTensors;
    const name = "transformer.h.1.mlp.c_fc.weight";
    const rows = await weightRows(parameters, name);
    assert.deepEqual(
      rows.map((row) => Array.from(row)),
      parameters[name].arraySync(),
    );
    const some = await weightRows(parameters, name, { rows: [2, 4], columns: [60, 64] });
    assert.deepEqual(some, [rows[2].slice(60), rows[3].slice(60)]);
    assert.deepEqual(await weightRows(parameters, "transformer.ln_f.weight"), [new Float32Array(16).fill(1)]);
    assert.equal(tensorflow().memory().numTensors, tensors);
  });

  it("refuses a name or bounds that the model does not have", async () => {
    const parameters = livelyModel();
    await assert.rejects(weightRows(parameters, "wte"), /^RangeError: .*must have it: got "wte"$/);
    const rows = [0, 99] as const;
    await assert.rejects(weightRows(parameters, "transformer.wte.weight", { rows }), /got 0 to 99/);
  });
});
