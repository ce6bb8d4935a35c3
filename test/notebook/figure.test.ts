import assert from "node:assert/strict";
import { test } from "node:test";
import { type FigureSpec, figure, figureBundle, plotlyMime } from "../../src/notebook/figure";
import { fakeKernel } from "./kernel-bridge";

interface Plotly {
  data: Record<string, unknown>[];
  layout: Record<string, unknown> & { template: { layout: Record<string, unknown> } };
  config: Record<string, unknown>;
}

const plotly = (spec: FigureSpec, options = {}) => figureBundle(spec, options).data[plotlyMime] as Plotly;

test("figure() shows one output: Plotly's JSON, an HTML summary and text", (t) => {
  const { shown } = fakeKernel(t);
  figure({ data: [{ y: [1] }] });
  assert.deepEqual(Object.keys(shown[0].data), [plotlyMime, "text/html", "text/plain"]);
});

test("figureBundle() is plain JSON: typed arrays become arrays, NaN a gap", () => {
  const { data } = plotly({ data: [{ x: new Float64Array([1, NaN]), z: [new Float32Array([0.1])] }] });
  assert.deepEqual(data, [{ x: [1, null], z: [[0.1]] }]);
  const bundle = figureBundle({ data: [{ y: new Float32Array(5) }] });
  assert.deepEqual(JSON.parse(JSON.stringify(bundle)), bundle);
});

test("figureBundle() lays our template under the figure; what the figure says wins", () => {
  const { layout, config } = plotly(
    { data: [], layout: { height: 200, margin: { l: 5 } }, config: { displaylogo: true } },
    { download: "png", fileName: "mine" },
  );
  assert.equal(layout.height, 200);
  assert.equal((layout.margin as { l: number }).l, 5);
  assert.equal(config.displaylogo, true);
  assert.equal(config.responsive, false);
  assert.deepEqual(config.toImageButtonOptions, { format: "png", filename: "mine", scale: 2 });
  assert.equal(layout.template.layout.paper_bgcolor, "rgba(0, 0, 0, 0)");
  assert.equal(plotly({ data: [] }, { height: 321 }).layout.height, 321);
});

test("figureBundle() takes titles as text, which Plotly 4 no longer does", () => {
  const { layout } = plotly({
    data: [],
    layout: { title: "T", xaxis: { title: "x" }, yaxis2: { title: "y" } },
  });
  assert.deepEqual(
    [layout.title, layout.xaxis, layout.yaxis2],
    [{ text: "T" }, { title: { text: "x" } }, { title: { text: "y" } }],
  );
});

test("figureBundle() says in words what it shows, safely and without data", () => {
  const spec = {
    data: [
      {
        type: "scatter",
        name: "loss",
        x: Float64Array.from({ length: 100_000 }, (_, i) => i),
        y: new Float64Array(1e5),
      },
      { type: "bar", name: `</summary><script>alert(1)</script>`, x: ["a", "b", "c", "d", "e"], y: [NaN] },
    ],
    layout: {
      title: { text: "Loss <b>by</b> step<br>& more" },
      xaxis: { title: { text: "step" } },
      yaxis: { title: { text: "loss" } },
    },
  };
  const { data } = figureBundle(spec, { description: "It falls." });
  assert.equal(
    data["text/plain"],
    [
      "Figure: Loss by step & more",
      "loss against step. It falls.",
      "- loss (scatter): 100000 points, x from 0 to 99999, y 0",
      "- alert(1) (bar): 5 points, x: a, b, c, d and 1 more, y empty",
    ].join("\n"),
  );
  const html = String(data["text/html"]);
  assert.ok(html.length < 2000, `${html.length} characters`);
  assert.doesNotMatch(html, /<script|https?:|<b>/);
});

test("figureBundle() marks the figure for the index", () => {
  assert.deepEqual(figureBundle({ data: [] }, { thumbnail: true }).metadata, { dolab: { thumbnail: true } });
  assert.deepEqual(figureBundle({ data: [] }).metadata, {});
});

test("figureBundle() leaves the caller's figure as it was", () => {
  const spec = { data: [{ y: new Float64Array([1]) }], layout: { title: "T" } };
  const copy = structuredClone(spec);
  figureBundle(spec);
  assert.deepEqual(spec, copy);
});

test("figureBundle() refuses what is no figure", () => {
  assert.throws(() => figureBundle({} as FigureSpec), {
    name: "TypeError",
    message: "Cannot draw a figure as its data must be an array of traces: got undefined",
  });
  assert.throws(() => figureBundle({ data: [{ y: () => 1 }] }), /figure\.data\[0\]\.y as JSON/);
});
