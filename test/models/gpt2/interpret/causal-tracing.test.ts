import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  type Intervention,
  prepareInterventions,
  readActivations,
  type TracedPair,
  traceCausally,
} from "../../../../src/models/gpt2";
import { startBackend, tensorflow } from "../../../../src/tensor";
import { configuration, livelyModel } from "../lively-model";

const tf = tensorflow();
before(startBackend);

const pairs: TracedPair[] = [
  { clean: [1, 2, 3, 4], other: [1, 9, 3, 4], answer: 5, rival: 6 },
  { clean: [7, 2, 0, 4], other: [7, 8, 0, 4], answer: 2, rival: 11 },
];

describe("traceCausally()", () => {
  it("follows a changed token from its position to the last", async () => {
    const parameters = livelyModel();
    const tensors = tf.memory().numTensors;
    const rows = await traceCausally(parameters, pairs, configuration);
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(rows.length, (1 + 3 * 2) * 4);
    const effect = (kind: string, layer: number, position: number) =>
      rows.find((row) => row.kind === kind && row.layer === layer && row.position === position)!.effect;
    const close = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-4, `${found}`);
    for (const position of [0, 1, 2, 3]) close(effect("embedding", -1, position), position === 1 ? 1 : 0);
    for (const layer of [0, 1]) close(effect("residual", layer, 0), 0); // it knows nothing of later tokens
    for (const position of [0, 1, 2, 3]) close(effect("residual", 1, position), position === 3 ? 1 : 0);
  });

  it("has the effects that patching one by one has", async () => {
    const parameters = livelyModel();
    const rows = await traceCausally(parameters, pairs, configuration);
    const difference = async ({ clean, answer, rival }: TracedPair, patches: Intervention[] = []) => {
      const observe = await prepareInterventions(parameters, configuration, patches);
      const read = await readActivations(parameters, [clean], configuration, { names: ["logits"], observe });
      const { data } = read.get("logits")!;
      return data[3 * 13 + answer] - data[3 * 13 + rival];
    };
    for (const { kind, layer, position, effect } of rows.filter((_, i) => i % 5 === 0)) {
      const part = { embedding: "", residual: "residual", attention: "attn.output", mlp: "mlp.output" }[kind];
      const activation = kind === "embedding" ? kind : `h.${layer}.${part}`;
      let [moved, whole] = [0, 0];
      for (const pair of pairs) {
        const clean = await difference(pair);
        const patch: Intervention = { kind: "patch", activation, positions: [position], from: [pair.other] };
        moved += clean - (await difference(pair, [patch]));
        whole += clean - (await difference({ ...pair, clean: pair.other }));
      }
      assert.ok(Math.abs(moved / whole - effect) < 1e-4, `${activation} ${position}: ${effect}`);
    }
  });

  it("says NaN where nothing differs, and refuses what it cannot trace", async () => {
    const parameters = livelyModel();
    const same = await traceCausally(parameters, [{ ...pairs[0], other: pairs[0].clean }], configuration);
    assert.ok(same.every(({ effect }) => Number.isNaN(effect)));
    await assert.rejects(traceCausally(parameters, [], configuration), /got lengths of no input/);
    await assert.rejects(
      traceCausally(parameters, [{ ...pairs[0], other: [1] }], configuration),
      /got lengths 4, 1/,
    );
    await assert.rejects(
      traceCausally(parameters, [{ ...pairs[0], rival: 13 }], configuration),
      /from 0 to below 13: got 13/,
    );
  });
});
