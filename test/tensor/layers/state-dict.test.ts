import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readSafetensors, writeSafetensors } from "../../../src/io";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor/backend";
import * as layers from "../../../src/tensor/layers";
import { temporaryFolder } from "../../support/temporary-folder";
import { assertTensor, published, toTensor } from "./published-layers";

const tf = tensorflow();
before(startBackend);

const create = (seed: number) => {
  const rng = createRandom(seed);
  return {
    ...layers.prefixNames("stem", layers.createConvolution(2, 3, { kernel: 3, rng })),
    ...layers.prefixNames("norm", layers.createBatchNorm(3)),
    ...layers.prefixNames("head", layers.createDense(3, 2, { rng })),
  };
};

describe("loadStateDict() and toStateDict()", () => {
  it("carry a model through a .safetensors file", (t) => {
    const path = join(temporaryFolder(t), "model.safetensors");
    const [saved, loaded] = [create(1), create(2)];
    writeSafetensors(path, layers.toStateDict(saved));
    assert.deepEqual(readSafetensors(path).tensors.get("stem.weight")!.shape, [3, 2, 3, 3]);
    layers.loadStateDict(loaded, readSafetensors(path).tensors);
    for (const [name, variable] of Object.entries(saved)) {
      assert.deepEqual(loaded[name].dataSync(), variable.dataSync(), name);
    }
  });

  it("take PyTorch's state, which gives PyTorch's output", () => {
    const { state, input, output } = published.convolution_strided;
    const { weight, bias } = layers.createConvolution(2, 3, { kernel: 3, rng: createRandom(1) });
    const tensors = Object.entries(state).map(
      ([name, { shape, values }]) => [name, { shape, data: values }] as const,
    );
    const tracked = ["num_batches_tracked", { shape: [], data: [7] }] as const;
    layers.loadStateDict(
      { weight, bias: bias! },
      new Map<string, layers.StoredTensor>([...tensors, tracked]),
    );
    const result = layers.convolution({ weight, bias }, toTensor(input, "image"), { stride: 2, padding: 1 });
    assertTensor(result, toTensor(output, "image"), "output");
  });

  it("change nothing where a name is missing or left over, or a shape differs", () => {
    const model = create(1);
    const state = layers.toStateDict(create(2));
    const values = model["stem.weight"].dataSync();
    const refused = (change: (copy: Map<string, layers.StoredTensor>) => void, pattern: RegExp) => {
      const copy = new Map<string, layers.StoredTensor>(state);
      change(copy);
      assert.throws(() => layers.loadStateDict(model, copy), pattern);
      assert.deepEqual(model["stem.weight"].dataSync(), values);
    };
    refused((copy) => copy.delete("head.bias"), /got no head\.bias/);
    refused((copy) => copy.set("tail", { shape: [], data: [1] }), /know every tensor: got tail/);
    refused(
      (copy) => copy.set("head.bias", { shape: [3], data: [1, 2, 3] }),
      /"head\.bias" must be of shape \[2\]: got \[3\]/,
    );
  });

  it("leave out parameters that a layer does not have", () => {
    const bare = { weight: tf.variable(tf.ones([2])), bias: undefined };
    assert.deepEqual(Object.keys(layers.prefixNames("block.0", bare)), ["block.0.weight"]);
  });
});
