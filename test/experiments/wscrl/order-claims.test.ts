import assert from "node:assert/strict";
import { test } from "node:test";
import { orderClaims, readmeClaims } from "../../../src/experiments/wscrl";

/** Rows of three models at dimension 3, one for each disentanglement, which stand in pairs of the same seeds. */
function runOf(found: Record<"ilcm" | "dvae" | "betavae", number[]>) {
  const rows = Object.entries(found).flatMap(([model, values]) =>
    values.map((disentanglement, dataSeed) => ({
      model,
      dimension: 3,
      modelSeed: 1,
      dataSeed,
      evaluation: {
        dci: { disentanglement },
        graph: {
          truth: [
            [0, 1],
            [0, 0],
          ],
        },
      },
    })),
  );
  return { rows, configuration: { seed: 0, replicates: 200, level: 0.95 } } as unknown as Parameters<
    typeof orderClaims
  >[0];
}

test("the order of the models is told by an interval, and where that holds 0, why it cannot be", () => {
  const claims = orderClaims(
    runOf({ ilcm: [0.9, 0.95, 0.99], dvae: [0.3, 0.1, 0.2], betavae: [0.1, 0.3, 0.21] }),
  );
  assert.deepEqual(
    claims.map(({ verdict }) => verdict),
    ["shown", "cannot be told here", "shown"],
  );
  assert.match(String(claims[1].why), /both sides of 0/);
  const [single] = orderClaims(runOf({ ilcm: [0.9], dvae: [0.1], betavae: [0.2] }));
  assert.equal(single.verdict, "cannot be told here");
  assert.match(String(single.why), /single pair/);
});

test("the README's numbers are told by a training as long as its own alone", () => {
  const run = (epochs: number, found: number) => ({
    rows: [
      {
        model: "dvae",
        dimension: 4,
        modelSeed: 4901,
        dataSeed: 302,
        evaluation: { dci: { disentanglement: found } },
      },
    ],
    configuration: { epochs, trainPairs: 100_000 },
  });
  const verdict = (epochs: number, found: number) =>
    readmeClaims(run(epochs, found) as unknown as Parameters<typeof readmeClaims>[0])[0].verdict;
  assert.equal(verdict(3, 0.34), "cannot be told here");
  assert.equal(verdict(90, 0.3), "shown");
  assert.equal(verdict(90, 0.5), "not shown");
});
