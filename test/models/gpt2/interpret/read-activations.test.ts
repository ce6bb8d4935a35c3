import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { activationNames, gpt2, readActivations } from "../../../../src/models/gpt2";
import { startBackend, tensorflow } from "../../../../src/tensor";
import { configuration, livelyModel, prompts } from "../lively-model";

const tf = tensorflow();
before(startBackend);

describe("readActivations()", () => {
  it("reads what the model computes, by name, and leaves no tensor", async () => {
    const parameters = livelyModel();
    const tensors = tf.memory().numTensors;
    const read = await readActivations(parameters, prompts, configuration);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual([...read.keys()], activationNames(configuration));
    assert.deepEqual(read.get("h.1.attn.pattern")!.shape, [3, 4, 3, 3]);
    assert.deepEqual(read.get("h.0.mlp.neurons")!.shape, [3, 3, 64]);
    const at = (name: string, index: number) => read.get(name)!.data[index];
    for (let i = 0; i < 3 * 3 * 16; i++) {
      const written = at("h.0.residual", i) + at("h.1.attn.output", i) + at("h.1.mlp.output", i);
      assert.ok(Math.abs(at("h.1.residual", i) - written) < 1e-4);
    }
    const logits = gpt2(parameters, tf.tensor2d(prompts, undefined, "int32"), configuration);
    assert.deepEqual(read.get("logits")!.data, logits.dataSync());
  });

  it("reads the names asked for, as an intervention leaves them", async () => {
    const read = await readActivations(livelyModel(), [[1, 2]], configuration, {
      names: ["h.1.residual", "h.0.mlp.output"],
      observe: (name, activation) => (name === "h.0.mlp.output" ? activation.mul(0) : activation),
    });
    assert.deepEqual([...read.keys()], ["h.0.mlp.output", "h.1.residual"]);
    assert.ok(read.get("h.0.mlp.output")!.data.every((value) => value === 0));
  });

  it("refuses unknown names and uneven inputs", async () => {
    const parameters = livelyModel();
    const names = ["h.2.residual"];
    await assert.rejects(readActivations(parameters, prompts, configuration, { names }), {
      name: "RangeError",
      message: /^Cannot read activations as they are embedding, .*: got "h.2.residual"$/,
    });
    await assert.rejects(readActivations(parameters, [[1], [1, 2]], configuration), /got lengths 1, 2/);
    await assert.rejects(readActivations(parameters, [], configuration), /got lengths of no input/);
  });
});
