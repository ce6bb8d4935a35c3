import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";

const { configuration } = w2.parameters({ preset: "paper" });
const { processes: _, load: __, ...deciding } = configuration;
const row = (seed: number, lambda: number, error: number) => ({ seed, lambda, error });
const close = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found}`);

describe("boundaryCurve()", () => {
  it("takes means over seeds in the order of λ", () => {
    const rows = [row(0, 0.6, 0.75), row(1, 0.2, 0.25), row(1, 0.6, 0.25), row(0, 0.2, 0.75)];
    assert.deepEqual(w2.boundaryCurve(rows), [
      { lambda: 0.2, error: 0.5 },
      { lambda: 0.6, error: 0.5 },
    ]);
  });
});

describe("criticalLambda()", () => {
  it("is between λ .50 and .55 on the published curve: errors .28 and .52", () => {
    close(w2.criticalLambda(w2.publishedBoundary, 0.45), 0.5 + (0.05 * (0.45 - 0.28)) / (0.52 - 0.28));
  });

  it("is not where too little of the clean gradient leaves the noise in", () => {
    const curve = [0.6, 0.3, 0.1, 0.7].map((error, i) => ({ lambda: 0.1 * (i + 1), error }));
    close(w2.criticalLambda(curve, 0.4), 0.35);
  });

  it("is NaN where the curve never rises that far, lies above throughout, or is empty", () => {
    const flat = (error: number) => [0.2, 0.4].map((lambda) => ({ lambda, error }));
    for (const curve of [flat(0.3), flat(0.8), []]) assert.ok(Number.isNaN(w2.criticalLambda(curve, 0.45)));
  });
});

describe("boundaryFigure()", () => {
  const boundary = [row(0, 0.2, 0.3), row(0, 0.4, 0.1), row(0, 0.6, 0.6), row(1, 0.6, 0.8)];
  const figure = w2.boundaryFigure(
    { boundary, configuration: deciding },
    { beside: { name: "longer", curve: [] } },
  );

  it("draws the published curve, the other run's, single seeds, and this run's means", () => {
    const traces = figure.data as { name: string; x: number[]; y: number[] }[];
    assert.deepEqual(
      traces.map(({ name }) => name),
      [
        "published: width 64, learning rate 0.1, CIFAR-10",
        "longer",
        "single seeds",
        "this run: width 64, learning rate 0.10",
      ],
    );
    assert.deepEqual(traces[3].x, [0.2, 0.4, 0.6]);
    close(traces[3].y[2], 0.7);
  });

  it("says where the run crosses, and marks the checkpoints' λs", () => {
    const layout = JSON.stringify(figure.layout);
    assert.match(layout, /This run crosses the collapse threshold at λ = 0\.52/);
    assert.match(layout, /ordered: 0\.35.*collapse: 0\.6/);
    const none = w2.boundaryFigure({ boundary: boundary.slice(0, 2), configuration: deciding });
    assert.match(JSON.stringify(none.layout.title), /No λ of this run crosses the collapse threshold/);
  });
});
