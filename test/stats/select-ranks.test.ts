import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/random";
import { selectRanks } from "../../src/stats/select-ranks";

const rng = createRandom(2);
const shapes: Record<string, (i: number, size: number) => number> = {
  normal: () => rng.normal(),
  "heavy-tailed": () => rng.normal() / rng.uniform() ** 3,
  "few distinct": () => rng.integer(0, 4),
  constant: () => 5,
  increasing: (i) => i,
  decreasing: (i) => -i,
  "organ pipe": (i, size) => Math.min(i, size - i),
  comb: (i) => (i % 2 === 0 ? i : -i) * (i % 141 < 3 ? 1e6 : 1),
  infinite: (i) => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0][i % 3],
};

for (const [name, shape] of Object.entries(shapes)) {
  test(`selectRanks() puts each rank where sorting would: ${name}`, () => {
    const sample = Float64Array.from({ length: 1500 }, (_, i) => shape(i, 1500));
    const sorted = sample.slice().sort();
    for (let rank = 0; rank < sample.length; rank++) {
      const values = sample.slice();
      selectRanks(values, [rank]);
      assert.equal(values[rank], sorted[rank]);
    }
  });

  test(`selectRanks() selects many ranks at once and loses no value: ${name}`, () => {
    const sample = Float64Array.from({ length: 30000 }, (_, i) => shape(i, 30000));
    const sorted = sample.slice().sort();
    const ranks = Array.from(rng.permutation(sample.length).subarray(0, 300)).sort((a, b) => a - b);
    selectRanks(sample, ranks);
    for (const rank of ranks) assert.equal(sample[rank], sorted[rank]);
    assert.deepEqual(sample.sort(), sorted);
  });
}

test("selectRanks() leaves arrays without values or ranks alone", () => {
  const values = Float64Array.of(2, 1);
  selectRanks(values, []);
  selectRanks(new Float64Array(0), []);
  assert.deepEqual(values, Float64Array.of(2, 1));
});
