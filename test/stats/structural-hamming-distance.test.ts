import assert from "node:assert/strict";
import { test } from "node:test";
import { compareGraphs, structuralHammingDistance } from "../../src/stats";
import published from "../fixtures/stats/shd.json";
import { assertClose } from "./close";

test("compareGraphs() equals the published CITRIS comparison", () => {
  for (const { pred, true: truth, ...expected } of published.cases) {
    const ours = compareGraphs(pred, truth);
    assertClose(
      {
        SHD: ours.structuralHammingDistance,
        TP: ours.truePositives,
        FP: ours.falsePositives,
        FN: ours.falseNegatives,
        TN: ours.trueNegatives,
        recall: ours.recall,
        precision: ours.precision,
        edge_accuracy: ours.edgeAccuracy,
        hamming: ours.hammingDistance,
      },
      expected,
    );
  }
});

/** All 64 directed graphs of three nodes. */
const graphs = Array.from({ length: 64 }, (_, bits) => {
  const bit = (i: number) => (bits >> i) & 1;
  return [
    [0, bit(0), bit(1)],
    [bit(2), 0, bit(3)],
    [bit(4), bit(5), 0],
  ];
});

test("structuralHammingDistance() is the published formula on every pair of graphs of three nodes", () => {
  // |FP u FN u rev u rev^T| - |rev|, rev = predicted and true^T.
  for (const predicted of graphs) {
    for (const truth of graphs) {
      const union = new Set<string>();
      let reversals = 0;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          if (predicted[i][j] !== truth[i][j]) union.add(`${i}${j}`);
          if (predicted[i][j] === 0 || truth[j][i] === 0) continue;
          reversals++;
          union.add(`${i}${j}`).add(`${j}${i}`);
        }
      }
      assert.equal(structuralHammingDistance(predicted, truth), union.size - reversals);
    }
  }
});

test("structuralHammingDistance() is a metric on graphs of three nodes", () => {
  const distance = graphs.map((a) => graphs.map((b) => structuralHammingDistance(a, b)));
  for (let a = 0; a < 64; a++) {
    for (let b = 0; b < 64; b++) {
      assert.equal(distance[a][b], distance[b][a]);
      assert.equal(distance[a][b] === 0, a === b);
      for (let c = 0; c < 64; c++) assert.ok(distance[a][c] <= distance[a][b] + distance[b][c]);
    }
  }
});

test("compareGraphs() takes booleans, and has nothing to say about graphs of one node or none", () => {
  assert.equal(
    structuralHammingDistance(
      [
        [false, true],
        [false, false],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ),
    1,
  );
  for (const graph of [[], [[0]]]) {
    const comparison = compareGraphs(graph, graph);
    assert.equal(comparison.structuralHammingDistance, 0);
    assert.ok(Number.isNaN(comparison.edgeAccuracy));
  }
});

test("compareGraphs() refuses other shapes, other entries and self-loops", () => {
  const edge = [
    [0, 1],
    [0, 0],
  ];
  assert.throws(() => compareGraphs(edge, [[0]]), {
    name: "TypeError",
    message: "Cannot compare graphs as both must have as many nodes: got 2 and 1",
  });
  assert.throws(() => compareGraphs([[0, 1], [0]], edge), {
    name: "TypeError",
    message: "Cannot compare graphs as the predicted matrix must be square: got 2 rows, row 1 of 1",
  });
  assert.throws(
    () =>
      compareGraphs(
        [
          [0, 0.5],
          [0, 0],
        ],
        edge,
      ),
    {
      name: "RangeError",
      message:
        "Cannot compare graphs as entries must be 0 or 1, on the diagonal 0: got predicted[0][1] = 0.5",
    },
  );
  assert.throws(
    () =>
      compareGraphs(edge, [
        [1, 0],
        [0, 0],
      ]),
    /got true\[0\]\[0\] = 1/,
  );
});
