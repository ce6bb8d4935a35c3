import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { NpzError, readNpz } from "../../src/io";
import { memberOf, zipOf } from "./npz-files";
import { fixture, scratchFolder } from "./scratch";

/** One change to a file; places and lengths are shares of the file's size. */
type Mutation = {
  kind: "set" | "flip" | "cut" | "insert" | "copy";
  place: number;
  length: number;
  byte: number;
};

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("set", "flip", "flip", "flip", "cut", "insert", "copy"),
  place: fc.integer({ min: 0, max: 999_999 }).map((millionths) => millionths / 1e6),
  length: fc.integer({ min: 1, max: 40 }),
  byte: fc.integer({ min: 0, max: 255 }),
});

function mutate(file: Buffer, { kind, place, length, byte }: Mutation): Buffer {
  const at = Math.min(Math.floor(place * file.length), file.length - 1);
  if (kind === "cut") return Buffer.concat([file.subarray(0, at), file.subarray(at + length)]);
  if (kind === "insert")
    return Buffer.concat([file.subarray(0, at), Buffer.alloc(length, byte), file.subarray(at)]);
  if (kind === "copy") return Buffer.concat([file.subarray(0, at + length), file.subarray(at)]);
  const copy = Buffer.from(file);
  copy[at] = kind === "set" ? byte : copy[at] ^ (1 << (byte % 8));
  return copy;
}

/** Reads a file that may be refused with an NpzError but by no other error, within two seconds. */
function readOrRefuse(path: string): ReturnType<typeof readNpz> | undefined {
  const start = performance.now();
  try {
    return readNpz(path);
  } catch (error) {
    assert.ok(error instanceof NpzError, `${(error as Error).stack}`);
    assert.ok(error.message.includes(path));
    return undefined;
  } finally {
    assert.ok(performance.now() - start < 2000);
  }
}

for (const name of ["dtypes.npz", "orders.npz", "zip64.npz", "streamed.npz"]) {
  test(`readNpz() gives the same numbers or an NpzError for any damage to ${name}`, (t) => {
    const original = readFileSync(fixture(name));
    const expected = readNpz(fixture(name));
    const path = join(scratchFolder(t), "mutated.npz");
    let read = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        writeFileSync(path, mutations.reduce(mutate, original));
        const arrays = readOrRefuse(path);
        if (arrays === undefined) return;
        read++; // for example where only a date or a mode changed
        assert.deepEqual(arrays, expected);
      }),
      { seed: 20261122, numRuns: 1500 },
    );
    assert.ok(read > 0, "some damage is harmless, else this tests too little");
  });
}

test("readNpz() gives as many numbers as the header declares or an NpzError where the checksum is right but the content is not", (t) => {
  const path = join(scratchFolder(t), "mutated.npz");
  const original = readFileSync(fixture("single.npy"));
  let read = 0;
  fc.assert(
    fc.property(mutation, fc.boolean(), (change, deflated) => {
      const content = mutate(original, change);
      assert.equal(memberOf("a.npy", content).crc, crc32(content));
      writeFileSync(path, zipOf(memberOf("a.npy", content, { deflated })));
      const array = readOrRefuse(path)?.get("a");
      if (array === undefined) return;
      read++;
      assert.equal(
        array.data.length,
        array.shape.reduce((product, size) => product * size, 1),
      );
    }),
    { seed: 20261122, numRuns: 2000 },
  );
  assert.ok(read > 100, `only ${read} read`);
});
