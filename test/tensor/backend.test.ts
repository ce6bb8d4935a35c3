import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startBackend, tensorflow } from "../../src/tensor";

describe("tensorflow()", () => {
  it("is the one instance that danfojs-node uses: a frame's tensor is a tensor for a model of ours", () => {
    const { DataFrame } = require("danfojs-node") as typeof import("danfojs-node");
    const tf = tensorflow();
    const frame = new DataFrame([
      [1, 2],
      [3, 4],
    ]);
    assert.ok(frame.tensor instanceof tf.Tensor);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "ones" })],
    });
    const output = model.predict(frame.tensor as Parameters<typeof model.predict>[0]);
    assert.deepEqual(Array.from((Array.isArray(output) ? output[0] : output).dataSync()), [3, 7]);
  });

  it("is registered once: @tensorflow/tfjs-node and tfjs-node-gpu are the same module", (t) => {
    const shared = require("@tensorflow/tfjs-node") as { nativeLoadError?: Error };
    if (shared.nativeLoadError)
      return t.skip(`NOT TESTED: native TensorFlow is not there: ${shared.nativeLoadError}`);
    assert.equal(shared, require("@tensorflow/tfjs-node-gpu"));
  });
});

describe("startBackend()", () => {
  it("answers the same however often it is asked, and says what is lost on any but the native backend", async () => {
    const backend = await startBackend();
    assert.equal(await startBackend(), backend);
    assert.equal(tensorflow().getBackend(), backend.name);
    assert.equal(backend.lost === "", backend.name === "tensorflow");
  });
});
