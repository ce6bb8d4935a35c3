import assert from "node:assert/strict";
import { test } from "node:test";
import { shuffledBatches } from "../../src/data";
import { createRandom } from "../../src/random";

const dealt = (count: number, batchSize: number, epoch: number, seed = 1, dropLast = false) => {
  const batches = shuffledBatches(count, batchSize, { rng: createRandom(seed), dropLast });
  return Array.from({ length: batches.perEpoch }, (_, batch) => [...batches.at(epoch, batch)]);
};

test("shuffledBatches() deals each index once an epoch, the last batch shorter or left out", () => {
  for (const [count, batchSize] of [
    [10, 4],
    [12, 4],
    [3, 8],
    [1, 1],
  ]) {
    const batches = dealt(count, batchSize, 2);
    assert.deepEqual(
      batches.flat().sort((a, b) => a - b),
      [...Array(count).keys()],
    );
    assert.ok(batches.every((batch, i) => batch.length === batchSize || i === batches.length - 1));
  }
  const full = dealt(10, 4, 2, 1, true);
  assert.deepEqual(full, dealt(10, 4, 2).slice(0, 2));
});

test("shuffledBatches() is a function of seed and epoch: in any order of asking, however far the generator was drawn", () => {
  const rng = createRandom(5);
  const batches = shuffledBatches(100, 8, { rng });
  const before = rng.state();
  const [late, early] = [batches.at(40, 7), batches.at(2, 3)];
  assert.deepEqual(rng.state(), before);
  rng.normal();
  assert.deepEqual(shuffledBatches(100, 8, { rng }).at(2, 3), early);
  assert.deepEqual(batches.at(40, 7), late);
  late.fill(0);
  assert.notDeepEqual(batches.at(40, 7), late, "a batch is the caller's own");
  assert.notDeepEqual(dealt(100, 8, 0, 5), dealt(100, 8, 1, 5));
  assert.notDeepEqual(dealt(100, 8, 0, 5), dealt(100, 8, 0, 6));
});

test("shuffledBatches() puts each index equally often at each place over the epochs", () => {
  const [count, epochs] = [6, 6000];
  const seen = Array.from({ length: count }, () => new Array(count).fill(0));
  const batches = shuffledBatches(count, 2, { rng: createRandom(3) });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let place = 0; place < count; place++) seen[place][batches.at(epoch, place >> 1)[place & 1]]++;
  }
  const expected = epochs / count;
  const chiSquare = seen.flat().reduce((sum, times) => sum + (times - expected) ** 2 / expected, 0);
  assert.ok(chiSquare < 52.6, `chi-square of ${chiSquare} with 25 degrees of freedom`); // 0.999 quantile: 52.6
});

test("shuffledBatches() refuses numbers that deal nothing", () => {
  const rng = createRandom(1);
  assert.throws(() => shuffledBatches(0, 4, { rng }), /RangeError: Cannot deal batches as count .*: got 0/);
  assert.throws(() => shuffledBatches(4, 1.5, { rng }), /batchSize is a whole number .*: got 1.5/);
  assert.throws(
    () => shuffledBatches(4, 5, { rng, dropLast: true }),
    /at most the 4 indices: got batchSize 5/,
  );
  const batches = shuffledBatches(10, 4, { rng });
  assert.throws(() => batches.at(0, 3), /RangeError: Cannot deal a batch as an epoch has 3: got batch 3/);
  assert.throws(() => batches.at(-1, 0), /its epoch is a whole number from 0: got -1/);
});
