import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { colours, type PlotlyFigure, w2 } from "../../../src/experiments";
import { resultPictures } from "../../../src/experiments/w2/results/result-files";
import { figureBundle } from "../../../src/notebook";
import { madeUpRun } from "./made-up-run";

const run = madeUpRun({ 0.4: 0.2, 0.5: 0.12, 0.55: -0.02 });
const unworthy = {
  ...run,
  results: run.results.map((result) => ({ ...result, collapse_init_error: 0.45 })),
};

interface Trace {
  name?: string;
  x: number[];
  y: number[];
  xaxis?: string;
  line?: { color: string; dash?: string };
  error_y?: { array: number[] };
}
const traces = (figure: PlotlyFigure) => figure.data as unknown as Trace[];
const textOf = (value: unknown) => JSON.stringify(value);

const figures: Record<string, PlotlyFigure> = {
  trajectories: w2.trajectoriesFigure(run),
  gap: w2.gapFigure(run),
  directions: w2.directionsFigure(run),
  hysteresis: w2.hysteresisFigure(run),
};

for (const [name, { layout }] of Object.entries(figures)) {
  it(`the ${name} figure has a title, titled axes and shared colours, and can be shown`, () => {
    assert.ok((layout.title as { text: string }).text);
    assert.match(textOf(layout.xaxis3 ?? layout.xaxis), /"title":\{"text":"[^"]+"/);
    assert.match(textOf(layout.yaxis), /"title":\{"text":"[^"]+"/);
    assert.doesNotThrow(() => figureBundle(figures[name]));
    const known = Object.values(colours) as string[];
    for (const [colour] of textOf(figures[name]).matchAll(/#[0-9a-fA-F]{6}/g))
      assert.ok(known.includes(colour));
  });
}

describe("trajectoriesFigure()", () => {
  it("has a panel for each target, the line at 0.40, and one colour for each history", () => {
    const { layout } = figures.trajectories;
    assert.match(textOf(layout.annotations), /Intervention to λ=0\.4<.*λ=0\.5<.*λ=0\.55</);
    assert.equal((layout.shapes as { y0: number }[]).filter(({ y0 }) => y0 === 0.4).length, 3);
    const from = (name: string) => traces(figures.trajectories).filter((trace) => trace.name === name);
    assert.deepEqual(
      new Set(from("from ordered").map(({ line }) => line?.color)),
      new Set([colours.ordered]),
    );
    assert.deepEqual(
      new Set(from("from collapse").map(({ line }) => line?.color)),
      new Set([colours.collapse]),
    );
    assert.equal(from("from ordered").length, 3 * 2); // targets, seeds
    assert.deepEqual(from("from ordered")[0].x, [0, 5]);
    assert.equal(from("control: fresh start, its end").length, 3 * 2);
  });
});

describe("gapFigure()", () => {
  it("draws means and population deviations in percent, and the 10 % line", () => {
    const [bars] = traces(figures.gap);
    assert.deepEqual(
      bars.y.map((y) => Math.round(10 * y) / 10),
      [20, 12, -2],
    );
    assert.deepEqual(
      bars.error_y?.array.map((y) => Math.round(y)),
      [0, 0, 0],
    );
    assert.match(textOf(figures.gap.layout.shapes), /"y0":10,"y1":10/);
  });
});

describe("cautions", () => {
  it("stand in title and table where a checkpoint does not deserve its name, and nowhere else", () => {
    const caution = /2 of 2 collapse checkpoints miss their test error \(> 0\.45\)/;
    for (const draw of [w2.trajectoriesFigure, w2.gapFigure]) {
      assert.match(textOf(draw(unworthy).layout.title).replaceAll("<br>", " "), caution);
      assert.doesNotMatch(textOf(draw(run).layout.title), /Caution/);
    }
    assert.deepEqual(
      new Set(w2.targetTable(unworthy).map(({ checkpoints }) => checkpoints)),
      new Set(["unworthy"]),
    );
    assert.deepEqual(
      new Set(w2.targetTable(run).map(({ checkpoints }) => checkpoints)),
      new Set(["as named"]),
    );
  });
});

describe("every figure", () => {
  const generated = { ...run, configuration: { ...run.configuration, data: "generated" as const } };
  const draws = [w2.trajectoriesFigure, w2.gapFigure, w2.directionsFigure, w2.hysteresisFigure];

  it("says so of generated images, beside any caution, and not of CIFAR-10", () => {
    for (const draw of draws) {
      assert.match(textOf(draw(generated).layout.title), /Generated images, not CIFAR-10\./);
      assert.doesNotMatch(textOf(draw(run).layout.title), /Generated/);
    }
    const both = { ...generated, results: unworthy.results };
    assert.match(textOf(w2.gapFigure(both).layout.title), /not CIFAR-10\.<br>Caution\./);
  });

  it("of another run than the one at hand bears its name", () => {
    for (const draw of [w2.trajectoriesFigure, w2.gapFigure])
      assert.match(textOf(draw(run, { name: "Reference run" }).layout.title), /"Reference run\. [A-Z]/);
  });
});

describe("resultPictures()", () => {
  it("are the document's two, and each of ours that was measured", () => {
    const names = (shown: w2.W2Run) =>
      resultPictures(shown).map(({ name }) => name.replace("figures/W2_", ""));
    const document = ["intervention_trajectories", "gap_after_intervention"];
    assert.deepEqual(names(run), [...document, "directions", "hysteresis"]);
    const unswept = { ...run, configuration: { ...run.configuration, hysteresis: [] } };
    assert.deepEqual(names(unswept), [...document, "directions"]);
    const measured = { ...unswept, boundary: [{ seed: 0, lambda: 0.5, error: 0.3 }] };
    assert.deepEqual(names(measured), [...document, "directions", "boundary"]);
    assert.deepEqual(names({ ...unswept, epochs: [] }), document);
  });
});

describe("directionsFigure()", () => {
  it("shows means over seeds of the checkpoints and of one jump", () => {
    const [cosine, noisy, clean] = traces(w2.directionsFigure(run, { target: 0.4 }));
    assert.deepEqual(
      [cosine.x, cosine.y, noisy.y, clean.y],
      [
        [1, 2],
        [0.25, 0.25],
        [2, 2],
        [4, 4],
      ],
    );
    assert.match(textOf(w2.directionsFigure(run, { target: 0.4 }).layout.annotations), /jump to λ=0\.4</);
  });
});

describe("hysteresisFigure()", () => {
  it("draws the way out solid and the way back dashed, from the ordered checkpoint and from the collapse one", () => {
    const lines = traces(figures.hysteresis).filter(({ name }) => name);
    assert.deepEqual(
      lines.map(({ name, x, y, line }) => [name, line?.dash, x, y]),
      [
        ["from ordered, λ rising", "solid", [0.35, 0.6], [0.35, 0.6]],
        ["from ordered, λ falling again", "dash", [0.6, 0.35], [0.6, 0.8]],
        ["from collapse, λ falling", "solid", [0.6, 0.35], [0.6, 0.35]],
        ["from collapse, λ rising again", "dash", [0.35, 0.6], [0.35, 0.8]],
      ],
    );
  });
});

describe("labelNoiseFigure()", () => {
  it("shows each image's pixels, its label, and the clean one struck out where they differ", () => {
    const { data, layout } = w2.labelNoiseFigure(run.examples);
    const [{ z }] = data as unknown as { z: number[][][] }[];
    assert.deepEqual(
      [z[0][0], z[31][31], z[0][40]],
      [
        [200, 200, 200, 1],
        [200, 200, 200, 1],
        [50, 50, 50, 1],
      ],
    );
    assert.deepEqual(
      (layout.annotations as { text: string }[]).map(({ text }) => text),
      ["cat", "<s>dog</s><br><b>ship</b>"],
    );
    assert.match((layout.title as { text: string }).text, /1 of these 2 labels/);
  });
});

describe("the figures of the first seed's arms", () => {
  const stay = (target_lambda: number, errors: number[]): w2.Stay => ({
    target_lambda,
    init_error: errors[0],
    final_error: errors[errors.length - 1],
    trajectory: errors.map((error, epoch) => ({ epoch, error })),
  });
  const [first] = run.results;
  const armed: w2.W2Run = {
    ...run,
    results: [
      {
        ...first,
        hysteresis: [],
        longer: [
          { source: "ordered", ...stay(0.5, [0.1, 0.1]) },
          { source: "collapse", ...stay(0.5, [0.7, 0.6]) },
        ],
        lifetime: [stay(0.54, [0.1, 0.12])],
        escapes: [
          { learning_rate: 0.001, ...stay(0, [0.9, 0.9]) },
          { learning_rate: 0.01, ...stay(0.2, [0.9, 0.8]) },
        ],
        speed: [
          {
            hold: 5,
            source: "ordered",
            points: [0.3, 0.5, 0.3].map((target_lambda, i) => ({ target_lambda, error: [0.1, 0.4, 0.2][i] })),
          },
        ],
      },
    ],
  };
  const lines = (figure: PlotlyFigure) =>
    traces(figure).map(({ name, x, y, line }) => [name, x, y, line?.dash ?? "solid"]);

  it("draw each stay epoch by epoch, named by its λ and learning rate", () => {
    const longer = w2.longerFigure({
      ...armed,
      configuration: { ...armed.configuration, longerTargets: [0.5] },
    });
    assert.deepEqual(lines(longer), [
      ["from ordered, λ=0.5", [0, 1], [0.1, 0.1], "solid"],
      ["from collapse, λ=0.5", [0, 1], [0.7, 0.6], "solid"],
    ]);
    assert.deepEqual(lines(w2.lifetimeFigure(armed)), [
      ["seed 0, from ordered", [0, 1], [0.1, 0.12], "solid"],
    ]);
    assert.deepEqual(lines(w2.escapeFigure(armed)), [
      ["λ = 0, learning rate 0.0010", [0, 1], [0.9, 0.9], "solid"],
      ["λ = 0.2, learning rate 0.010", [0, 1], [0.9, 0.8], "solid"],
    ]);
  });

  it("draw each loop's way out and way back, which meet where λ turns", () => {
    assert.deepEqual(lines(w2.speedFigure(armed)), [
      ["5 epochs at each λ, out", [0.3, 0.5], [0.1, 0.4], "solid"],
      ["5 epochs at each λ, back", [0.5, 0.3], [0.4, 0.2], "dash"],
    ]);
  });

  it("are among the pictures of a run that has them", () => {
    const names = resultPictures(armed).map(({ name }) => name);
    for (const arm of ["longer", "lifetime", "escapes", "speed"])
      assert.ok(names.includes(`figures/W2_${arm}`), arm);
  });
});
