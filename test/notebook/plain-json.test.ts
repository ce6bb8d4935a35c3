import assert from "node:assert/strict";
import { test } from "node:test";
import { plainJson } from "../../src/notebook/plain-json";

test("plainJson() turns typed arrays of every kind into arrays", () => {
  const value = {
    a: new Float64Array([1.5, NaN, Infinity]),
    b: new Uint8Array([1, 2]),
    c: new BigInt64Array([3n]),
  };
  assert.deepEqual(plainJson(value), { a: [1.5, null, null], b: [1, 2], c: [3] });
});

test("plainJson() writes 32-bit floats with the digits they have", () => {
  assert.deepEqual(plainJson(new Float32Array([0.1, 1 / 3, 16777216])), [0.1, 0.33333334, 16777216]);
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 60) - 30));
  assert.deepEqual(Float32Array.from(plainJson(values) as number[]), values); // nothing is lost
});

test("plainJson() writes NaN and infinities as null, dates as text, and leaves out what has no value", () => {
  const value = { gap: NaN, far: -Infinity, day: new Date(0), none: undefined, bad: new Date(NaN), big: 5n };
  assert.deepEqual(plainJson(value), {
    gap: null,
    far: null,
    day: "1970-01-01T00:00:00.000Z",
    bad: null,
    big: 5,
  });
  assert.deepEqual(plainJson([undefined, null]), [null, null]);
});

test("plainJson() names the place of what JSON cannot carry", () => {
  const cycle: Record<string, unknown> = {};
  cycle.again = { and: cycle };
  assert.throws(() => plainJson(cycle, "figure"), {
    name: "TypeError",
    message: "Cannot write figure.again.and as JSON as it must not contain itself: got a cycle",
  });
  assert.throws(() => plainJson({ data: [{ x: () => 1 }] }, "figure"), {
    message: "Cannot write figure.data[0].x as JSON as it must be plain data: got a function",
  });
});

test("plainJson() takes one object in two places for no cycle, and copies rather than shares", () => {
  const shared = { x: [1] };
  const copy = plainJson({ a: shared, b: shared }) as { a: { x: number[] } };
  assert.deepEqual(copy, { a: { x: [1] }, b: { x: [1] } });
  copy.a.x.push(2);
  assert.deepEqual(shared.x, [1]);
});
