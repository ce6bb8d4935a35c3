// The page's state, which needs no browser: links, undo, and the reader of weights.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { readSafetensors } from "../../../src";
import {
  flippable,
  formatSetup,
  interventionsOf,
  type Part,
  parseSetup,
  partKey,
  type Setup,
  withPart,
} from "../../../src/pages/boolean-world/setup";
import { partsOfOne } from "../../../src/pages/boolean-world/softmax";
import { readSafetensorsBytes } from "../../../src/pages/kit/safetensors";
import { UndoHistory } from "../../../src/pages/kit/undo-history";
import { tinyWorld } from "./open-playground";

const configuration = { vocabulary: 17, positions: 23, width: 32, layers: 2, heads: 4 };

const defaults = { first: "-", mostWritten: 14 };

const plain = { noNullPrototype: true };
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant("head" as const), layer: fc.nat(1), index: fc.nat(3) }, plain),
  fc.record({ kind: fc.constant("neuron" as const), layer: fc.nat(1), index: fc.nat(127) }, plain),
  fc.record(
    { kind: fc.constantFrom("attention" as const, "mlp" as const, "layer" as const), layer: fc.nat(1) },
    plain,
  ),
);
const setup: fc.Arbitrary<Setup> = fc.record(
  {
    text: fc.string({ unit: "grapheme", maxLength: 20 }),
    off: fc.uniqueArray(part, { selector: partKey, maxLength: 6 }),
    by: fc.constantFrom("zero" as const, "mean" as const),
    flips: fc.array(
      fc.record(
        {
          weight: fc.constantFrom(...flippable(configuration)),
          seed: fc.nat(999_999),
          fraction: fc.constantFrom(0, 0.0001, 0.0005, 0.01, 0.2, 0.5, 1),
          bit: fc.nat(31),
          atToken: fc.nat(13),
        },
        plain,
      ),
      { maxLength: 8 },
    ),
  },
  plain,
);

test("parseSetup() reads what formatSetup() wrote", () => {
  fc.assert(
    fc.property(setup, (given) => {
      assert.deepEqual(parseSetup(`#${formatSetup(given)}`, configuration, defaults), given);
    }),
  );
});

test("parseSetup() leaves out what the model does not have, whatever a link holds", () => {
  const link =
    "#state=1&off=h9.0,h0.4,n0.128,a2,l2,m-1,x,h0.1,h0.1,m1,l0&by=odd&flip=wte:1:2:sign:0&flip=h.9.mlp.c_fc:1:0.1:0:0&flip=wte:1:0.1:32:0&flip=wte:1:0.1:0:14&flip=constructor:1:0.1:0:0&flip=wpe:1:.5:sign:3";
  assert.deepEqual(parseSetup(link, configuration, defaults), {
    text: "1",
    off: [
      { kind: "head", layer: 0, index: 1 },
      { kind: "mlp", layer: 1 },
      { kind: "layer", layer: 0 },
    ],
    by: "zero",
    flips: [{ weight: "wpe", seed: 1, fraction: 0.5, bit: 31, atToken: 3 }],
  });
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      const read = parseSetup(text, configuration, defaults);
      assert.deepEqual(parseSetup(formatSetup(read), configuration, defaults), read);
    }),
  );
});

test("withPart() switches a part off once, and on again", () => {
  const intact: Setup = { text: "", off: [], by: "zero", flips: [] };
  const head: Part = { kind: "head", layer: 1, index: 2 };
  const off = withPart(withPart(intact, head, true), { ...head }, true);
  assert.deepEqual(off.off, [head]);
  assert.deepEqual(withPart(off, { ...head }, false), intact);
});

test("UndoHistory goes back over every step, takes a gesture as one, and forgets a future that is overtaken", () => {
  const history = new UndoHistory(0);
  history.change(1);
  for (const value of [2, 3, 4]) history.change(value, "slider");
  history.endGesture();
  history.change(5, "slider");
  const back: number[] = [];
  while (history.canUndo) {
    history.undo();
    back.push(history.value);
  }
  assert.deepEqual(back, [4, 1, 0]);
  history.redo();
  history.redo();
  assert.equal(history.value, 4);
  history.change(9);
  assert.equal(history.canRedo, false);
  history.undo();
  assert.equal(history.value, 4);
});

test("readSafetensorsBytes() reads what readSafetensors() reads, and refuses cut files", () => {
  const file = join(tinyWorld, "model.safetensors");
  const bytes = new Uint8Array(readFileSync(file)).buffer;
  const expected = readSafetensors(file).tensors;
  const found = readSafetensorsBytes(bytes);
  assert.deepEqual([...found.keys()], [...expected.keys()]);
  for (const [name, { shape, data }] of expected)
    assert.deepEqual(found.get(name), { shape, data: Float32Array.from(data as Float32Array) });
  for (const length of [0, 7, 100, bytes.byteLength - 1])
    assert.throws(() => readSafetensorsBytes(bytes.slice(0, length)), /Cannot read the weights/);
});

test("partsOfOne() sums to one for any finite logits, and is NaN where one is", () => {
  const logits = fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(logits, (given) => {
      assert.ok(Math.abs(partsOfOne(given).reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
    }),
  );
  assert.ok(partsOfOne(Float32Array.of(1, Number.NaN, 2)).every(Number.isNaN));
});

test("a layer switched off is its attention and its MLP, in one step and one word of the link", () => {
  const intact: Setup = { text: "1", off: [], by: "mean", flips: [] };
  const off = withPart(intact, { kind: "layer", layer: 1 }, true);
  assert.equal(formatSetup(off), "state=1&off=l1&by=mean");
  assert.deepEqual(interventionsOf(off), [{ kind: "ablate-layer", layer: 1, part: "both", by: "mean" }]);
});
