import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import {
  compile,
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
  tensorflow,
} from "../../src/tensor";
import { addConstant } from "../../src/tensor/compile/constant-node";
import { type EncodedNodes, encodeNode, encodeSavedModel } from "../../src/tensor/compile/graph-def";
import { removeStaleFolders, withModelFolder } from "../../src/tensor/compile/model-folder";
import { nativeBackend } from "../../src/tensor/compile/native-backend";
import { completeAttributes } from "../../src/tensor/compile/op-definitions";
import { philoxSample } from "../../src/tensor/compile/philox";
import { xlaAttributes } from "../../src/tensor/compile/xla";

const fixture = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, "../fixtures/tensor", name), "utf8"));

describe("encodeSavedModel()", () => {
  it("writes the bytes that TensorFlow itself writes", () => {
    const bytes = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);
    const value = encodeNode({
      name: "value",
      op: "Const",
      inputs: [],
      attributes: { dtype: { type: 1 }, value: { tensor: { dtype: 1, shape: [2, 3], bytes } } },
    });
    const every = encodeNode({
      name: "é/every_attribute",
      op: "Example",
      inputs: ["value", "value:1", "^value"],
      // In the order of TensorFlow's writer: a map has none of its own.
      attributes: {
        bool: { bool: false },
        floats: { floats: [0.1, 2] },
        float: { float: -1.5e-7 },
        ints: { ints: [1, -300, 2 ** 40] },
        int: { int: -1 },
        shape: { shape: [300, -1, 0] },
        string: { string: "SAME é" },
        types: { types: [1, 3, 10] },
        type: { type: 10 },
      },
    });
    assert.equal(Buffer.from(encodeSavedModel([value, every])).toString("hex"), fixture("saved-model.json"));
  });

  it("refuses integers that it would round", () => {
    const node = { name: "n", op: "Example", inputs: [], attributes: { size: { int: 0.5 } } };
    assert.throws(() => encodeNode(node), /must hold a safe integer: got 0\.5/);
  });
});

describe("completeAttributes()", () => {
  const truth: Record<string, { inputs: number[]; attributes: Record<string, object> }> =
    fixture("op-attributes.json");
  for (const [op, { inputs, attributes }] of Object.entries(truth)) {
    it(`gives ${op} what TensorFlow's tracer gives it`, () => {
      const stated = Object.entries(attributes).filter(([name]) => /^(num_split|batch_dims)$/.test(name));
      assert.deepEqual(completeAttributes(op, Object.fromEntries(stated) as never, inputs), attributes);
    });
  }

  it("names an attribute that nothing says", () => {
    assert.throws(
      () => completeAttributes("AvgPool", {}, [1]),
      /op AvgPool as its attribute ksize is neither stated nor inferable/,
    );
    assert.throws(() => completeAttributes("toString", {}, []), /op toString as op-table\.ts/);
  });
});

describe("addConstant()", () => {
  const add = (nodes: EncodedNodes, values: Float32Array, shape = [values.length]) =>
    addConstant(nodes, { dtype: 1, shape, bytes: new Uint8Array(values.buffer) });

  it("keeps equal constants once and others apart", () => {
    const nodes = new Map() as EncodedNodes;
    const name = add(nodes, Float32Array.of(1, 2));
    assert.equal(add(nodes, Float32Array.of(1, 2)), name);
    assert.notEqual(add(nodes, Float32Array.of(1, 2), [2, 1]), name);
    assert.notEqual(add(nodes, Float32Array.of(1, 3)), name);
    assert.equal(nodes.size, 3);
  });

  it("makes a Fill of a large uniform tensor, of nothing else", () => {
    const nodes = new Map() as EncodedNodes;
    assert.match(add(nodes, new Float32Array(1e6).fill(Math.PI), [1000, 1000]), /^fill_/);
    const bytes = [...nodes.values()].reduce((sum, node) => sum + node.bytes.length, 0);
    assert.ok(bytes < 1000, `${bytes} bytes`);
    assert.match(add(nodes, new Float32Array(1000).fill(0, 0, 999).fill(-0, 999)), /^const_/);
    assert.match(
      add(
        nodes,
        new Float32Array(1000).map((_, i) => i % 2),
      ),
      /^const_/,
    );
  });
});

describe("compile()", () => {
  it("writes large fills and shared constants small, and loads them as they were", (t) => {
    const tf = tensorflow();
    const backend = nativeBackend();
    if (!backend) return t.skip("NOT TESTED: no graphs here");
    const { binding } = backend;
    let size = 0;
    backend.binding = Object.create(binding, {
      loadSavedModel: {
        value: (folder: string, tags: string) => {
          size = readFileSync(join(folder, "saved_model.pb")).length;
          return binding.loadSavedModel(folder, tags);
        },
      },
    });
    try {
      const table = tf.randomNormal([100, 100], 0, 1, "float32", 1);
      const step = compile(
        (x: Tensor) => {
          const large = tf
            .ones([1000, 1000])
            .add(tf.fill([1000, 1000], 2))
            .mul(x)
            .add(tf.zeros([1000, 1000]));
          return tf.stack([large.sum(), table.sum().add(table.clone().max())]);
        },
        { variables: [] },
      );
      const [sum, rest] = step(tf.scalar(0.5)).dataSync();
      assert.equal(sum, 1.5e6);
      assert.ok(Math.abs(rest - table.sum().dataSync()[0] - table.max().dataSync()[0]) < 1e-3);
      step(tf.tensor1d([1])).dispose();
      assert.ok(size > 40_000 && size < 50_000, `${size} bytes`);
      step.dispose();
    } finally {
      backend.binding = binding;
    }
  });
});

describe("withModelFolder()", () => {
  it("removes the folder whether or not loading succeeds", () => {
    const folder = withModelFolder(Uint8Array.of(1), (folder) => {
      assert.deepEqual([...readFileSync(join(folder, "saved_model.pb"))], [1]);
      return folder;
    });
    assert.ok(!existsSync(folder));
    let failed = "";
    assert.throws(() =>
      withModelFolder(Uint8Array.of(1), (folder) => {
        failed = folder;
        throw new Error("no");
      }),
    );
    assert.ok(failed !== "" && !existsSync(failed));
  });

  it("has the folders of dead processes removed, of living ones kept", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const old = new Date(Date.now() - 3_600_000);
    const folders = [`dolab-graph-${pid}-a`, `dolab-graph-${process.pid}-a`].map((name) =>
      join(tmpdir(), name),
    );
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      utimesSync(folder, old, old);
    }
    removeStaleFolders();
    assert.deepEqual(
      folders.map((folder) => existsSync(folder)),
      [false, true],
    );
    rmdirSync(folders[1]);
  });
});

describe("philoxSample()", () => {
  const draws = {
    uniform: statelessUniform,
    normal: statelessNormal,
    truncatedNormal: statelessTruncatedNormal,
  };
  for (const [distribution, draw] of Object.entries(draws)) {
    it(`draws the ${distribution} numbers that TensorFlow draws`, (t) => {
      if (!nativeBackend()) return t.skip("NOT TESTED: TensorFlow is not there to compare with");
      for (const seed of [
        [7, 0],
        [-3, 123456789],
      ]) {
        const expected = draw([5001], tensorflow().tensor1d(seed, "int32")).dataSync();
        const actual = philoxSample(distribution as keyof typeof draws, seed, 5001);
        const largest = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
        assert.ok(largest < 1e-6, `differs by ${largest}`);
      }
    });
  }

  it("draws numbers with the moments of their distribution", () => {
    const moments = (sample: Float32Array) => {
      const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
      return [mean, sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sample.length];
    };
    const expected = { uniform: [0.5, 1 / 12], normal: [0, 1], truncatedNormal: [0, 0.7737] };
    for (const [distribution, [mean, variance]] of Object.entries(expected)) {
      const sample = philoxSample(distribution as keyof typeof draws, [1, 2], 40_000);
      const [m, v] = moments(sample);
      assert.ok(Math.abs(m - mean) < 0.02 && Math.abs(v - variance) < 0.02, `${distribution}: ${m}, ${v}`);
    }
  });
});

describe("xlaAttributes()", () => {
  it("says once that a build has no XLA, and does without", async (t) => {
    const backend = nativeBackend();
    if (!backend) return t.skip("NOT TESTED: no graphs here");
    assert.deepEqual(Object.keys(xlaAttributes(backend, "step")).slice(0, 2), ["_XlaCompile", "_XlaScope"]);
    const { executeOp } = backend.binding;
    const binding = { executeOp: (_: string) => executeOp("NoSuchOp", [], [], 0) };
    const without = { binding } as unknown as typeof backend;
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    assert.deepEqual([xlaAttributes(without, "a"), xlaAttributes(without, "b")], [{}, {}]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    assert.deepEqual(warnings, ["TensorFlow is built without XLA: compiled steps with jit run without it"]);
  });
});
