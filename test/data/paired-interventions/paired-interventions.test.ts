import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  type CausalGraphKind,
  causalGraph,
  createNature,
  drawPairs,
  drawSplits,
  linearModelNoise,
  loadPairs,
  savePairs,
  solveLinearModel,
} from "../../../src/data";
import { observeNature } from "../../../src/data/paired-interventions/paired-interventions";
import { rotation } from "../../../src/data/paired-interventions/rotation";
import { writeNpz } from "../../../src/io";
import { createRandom } from "../../../src/random";
import { mean } from "../../../src/stats";
import published from "../../fixtures/wscrl/linear_scm.json";
import graphs from "../../fixtures/wscrl/random_graphs.json";
import rotations from "../../fixtures/wscrl/son.json";
import { assertClose } from "../../stats/close";
import { temporaryFolder } from "../../support/temporary-folder";

test("causalGraph() has the published random graphs of every seed, and the other kinds", () => {
  for (const { dim, seed, adjacency } of graphs.cases)
    assert.deepEqual(causalGraph(dim, { kind: "random", seed }), adjacency, `dimension ${dim}, seed ${seed}`);
  const edges = (kind: CausalGraphKind) => causalGraph(4, { kind, seed: 0 }).flat().filter(Boolean).length;
  assert.deepEqual([edges("full"), edges("chain"), edges("empty")], [6, 3, 0]);
  assert.throws(() => causalGraph(0, { kind: "full", seed: 0 }), /at least one variable: got 0/);
  assert.throws(
    () => causalGraph(2, { kind: "star" as never, seed: 0 }),
    /random, full, chain, empty: got star/,
  );
});

test("solveLinearModel() has the published causal variables, before and after interventions", () => {
  const model = { graph: published.adjacency, weights: published.weights };
  for (const [row, noise] of published.noise.entries()) {
    const mask = published.intervention[row];
    const intervened = mask.includes(1) ? mask.indexOf(1) : undefined;
    const later = noise.map((value, i) => (mask[i] ? published.intervention_noise[row][i] : value));
    assertClose(Array.from(solveLinearModel(model, noise)), published.z[row], 1e-6);
    assertClose(Array.from(solveLinearModel(model, later, intervened)), published.z_prime[row], 1e-6);
    assertClose(Array.from(linearModelNoise(model, published.z[row])), noise, 1e-6);
  }
});

test("rotation() is the published matrix exponential, and orthogonal", () => {
  for (const { dim, coeffs, encode_matrix } of rotations.cases) {
    const matrix = rotation(dim, coeffs);
    assertClose(matrix, encode_matrix, 2e-5); // torch's exponential in float32 is 1e-5 off: see the next assertions
    if (dim === 2) assertClose(matrix[0], [Math.cos(coeffs[0]), Math.sin(coeffs[0])], 1e-12);
    for (const [i, row] of matrix.entries())
      for (const [j, other] of matrix.entries())
        assertClose(
          row.reduce((sum, value, k) => sum + value * other[k], 0),
          Number(i === j),
          1e-12,
        );
  }
  assert.throws(() => rotation(3, [1]), /3 entries: got 1/);
});

test("observeNature() is the published decoder", () => {
  for (const { dim, decode_matrix, z, x } of rotations.cases) {
    const nature = { ...createNature(dim, { seed: 0 }), rotation: decode_matrix };
    for (const [row, causal] of z.entries())
      assertClose(Array.from(observeNature(nature, causal)), x[row], 3e-6);
  }
});

test("drawPairs() changes the intervened variable and what depends on it, and nothing else", () => {
  const nature = createNature(4, { seed: 302 });
  const { pairs, causalBefore, causalAfter, before, intervention } = drawPairs(nature, 4000, {
    rng: createRandom(1),
  });
  const fresh: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const [first, second, seen] = [causalBefore, causalAfter, before].map((rows) =>
      Array.from(rows.subarray(4 * pair, 4 * pair + 4)),
    );
    assertClose(seen, Array.from(observeNature(nature, first)), 1e-5);
    const k = intervention[pair] - 1;
    const [e, f] = [first, second].map((causal) => linearModelNoise(nature, causal));
    for (let i = 0; i < 4; i++) if (i !== k) assertClose(f[i], e[i], 1e-5, `pair ${pair}, variable ${i}`);
    if (k >= 0) fresh.push(second[k]);
  }
  const variance = mean(fresh.map((value) => value ** 2));
  assert.ok(Math.abs(mean(fresh)) < 0.06 && Math.abs(variance - 1) < 0.1, `${mean(fresh)}, ${variance}`);
  for (let label = 0; label <= 4; label++) {
    const share = intervention.filter((value) => value === label).length / pairs;
    assert.ok(Math.abs(share - 0.2) < 0.03, `label ${label}: ${share}`);
  }
});

test("drawSplits() draws each part from a stream of its own", () => {
  const nature = createNature(2, { seed: 0 });
  const sizes = { train: 20, dci: 20, validation: 10, test: 10 };
  const first = drawSplits(nature, sizes, { seed: 7 });
  assert.deepEqual(drawSplits(nature, { ...sizes, train: 30 }, { seed: 7 }).test, first.test);
  assert.notDeepEqual(first.train.before, first.dci.before);
  assert.notDeepEqual(drawSplits(nature, sizes, { seed: 8 }).test.before, first.test.before);
});

test("loadPairs() reads what savePairs() wrote, and refuses files of other arrays", (t) => {
  const path = join(temporaryFolder(t), "pairs.npz");
  const data = drawPairs(createNature(3, { seed: 0 }), 6, { rng: createRandom(2) });
  savePairs(path, data);
  assert.deepEqual(loadPairs(path), data);
  const x = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const labels = { shape: [2], data: Int32Array.of(0, 3) };
  writeNpz(path, { x1: x });
  assert.throws(() => loadPairs(path), /"labels".* must be of shape \[2\]: got none/);
  writeNpz(path, { x1: x, x2: x, z1: x, z2: x, labels, masks: x });
  assert.throws(() => loadPairs(path), /labels are from 0 to 2: got 3 in row 1/);
});
