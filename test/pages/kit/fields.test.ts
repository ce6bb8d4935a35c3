// A set-up of fields and its link, which need no browser.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { fields } from "../../../src/pages/kit/fields";

const link = fields({
  input: { label: "Input", first: 0.5, least: -1, most: 1 },
  latents: { labels: ["a", "b", "c"], first: [0, 0, 0], least: -3, most: 3 },
  kind: { label: "Kind", first: "tanh", of: ["tanh", "relu, or so"] },
  on: { label: "On", first: true },
});
const first = { input: 0.5, latents: [0, 0, 0], kind: "tanh", on: true };

const setup = fc.record(
  {
    input: fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value + 0),
    latents: fc
      .tuple(fc.integer({ min: -3, max: 3 }), fc.constant(0.25), fc.constant(-1e-7))
      .map((list) => [...list]),
    kind: fc.constantFrom("tanh", "relu, or so"),
    on: fc.boolean(),
  },
  { noNullPrototype: true },
);

test("fields() reads what it wrote, and writes nothing of what is as at first", () => {
  assert.equal(link.write(first), "");
  fc.assert(fc.property(setup, (given) => assert.deepEqual(link.read(`#${link.write(given)}`), given)));
});

test("fields() keeps the first value where a link says something outside the field, whatever it holds", () => {
  assert.deepEqual(link.read(""), first);
  assert.deepEqual(link.read("#input=1.5&latents=9,1,x&kind=odd&on=maybe&other=1"), {
    ...first,
    latents: [0, 1, 0],
  });
  assert.deepEqual(link.read("input=&latents=NaN,Infinity&on=false"), { ...first, on: false });
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const read = link.read(text);
      assert.ok(Math.abs(read.input) <= 1 && read.latents.every((value) => Math.abs(value) <= 3));
    }),
  );
});
