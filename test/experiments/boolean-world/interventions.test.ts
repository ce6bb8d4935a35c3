import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { allStates, documentRules, formatState } from "../../../src/data";
import { colours, type PlotlyFigure } from "../../../src/experiments";
import {
  activationFigure,
  adaptModel,
  attentionFigure,
  probeFigure,
  recoveryFigure,
  traceFigure,
  weightFigure,
} from "../../../src/experiments/boolean-world";
import {
  everyExample,
  longestText,
  worldTokenizer,
} from "../../../src/experiments/boolean-world/model/world-texts";
import { createGpt2, type ProbeRow, readActivations, type TraceRow, weightRows } from "../../../src/models";
import { figureBundle } from "../../../src/notebook";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";

before(startBackend);

function smallModel(width = 16) {
  const rules = documentRules;
  const tokenizer = worldTokenizer(rules, "compact");
  const positions = longestText(rules, tokenizer);
  const configuration = { vocabulary: tokenizer.size, positions, width, layers: 2, heads: 4 };
  const parameters = createGpt2(configuration, { rng: createRandom(4) });
  return { rules, tokenizer, configuration, parameters, excluded: [allStates(rules)[5]] };
}

const [{ prompt, completion }] = everyExample(documentRules);
const text = prompt + completion;

function assertShowable({ data, layout }: PlotlyFigure) {
  assert.ok((layout.title as { text: string }).text);
  const axes = JSON.stringify(Object.entries(layout).filter(([name]) => /^[xy]axis/.test(name)));
  assert.match(axes, /"xaxis\d*",\{[^[]*.*?"title":\{"text":"[^"]+"/);
  assert.doesNotThrow(() => figureBundle({ data, layout }));
  const known = [...(Object.values(colours) as string[]), "#FFFFFF"];
  for (const [colour] of JSON.stringify({ data, layout }).matchAll(/#[0-9a-fA-F]{6}/g))
    assert.ok(known.includes(colour), colour);
}

interface HeatMap {
  z: (number | null)[][];
  y?: number[];
}
const maps = ({ data }: PlotlyFigure) => data as unknown as HeatMap[];

describe("the figures of interventions", () => {
  it("draw each head's attention, and nothing where a head cannot look", async () => {
    const { parameters, configuration, tokenizer } = smallModel();
    const ids = tokenizer.encode(text);
    const tokens = ids.map((id) => tokenizer.decode([id]));
    const read = await readActivations(parameters, [ids], configuration);
    const figure = attentionFigure(read.get("h.1.attn.pattern")!, { layer: 1, tokens });
    assertShowable(figure);
    assert.equal(figure.data.length, 4);
    for (const { z } of maps(figure)) {
      for (const [row, shares] of z.entries()) {
        const seen = shares.slice(0, row + 1) as number[];
        assert.ok(Math.abs(seen.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
        assert.ok(shares.slice(row + 1).every((share) => share === null));
      }
    }
    assert.throws(
      () => attentionFigure(read.get("h.1.attn.pattern")!, { layer: 1, tokens, input: 1 }),
      /^RangeError: Cannot draw attention as there are 1 inputs of \d+ tokens: got \d+ tokens of input 1$/,
    );
    const some = new Map([...read].filter(([name]) => name.endsWith("mlp.neurons")));
    const activations = activationFigure(some, { title: "MLP neurons", tokens });
    assertShowable(activations);
    assert.deepEqual(
      maps(activations).map(({ z }) => [z.length, z[0].length]),
      [
        [ids.length, 64],
        [ids.length, 64],
      ],
    );
    assert.throws(() => activationFigure(read, { tokens }), /^RangeError: Cannot draw "h.0.attn.pattern"/);
    const name = "transformer.h.0.attn.c_proj.weight";
    const weights = weightFigure(await weightRows(parameters, name), { name });
    assertShowable(weights);
    assert.equal(maps(weights)[0].z.length, 16);
  });

  it("draw probes at a position beside shuffled labels", () => {
    const row = (variable: string, layer: number, accuracy: number): ProbeRow => ({
      variable,
      layer,
      position: 3,
      accuracy,
      control: 0.5,
      majority: 0.5,
    });
    const rows = [row("A", 0, 0.5), row("A", 1, 1), row("B", 0, 0.75), row("B", 1, 0.25)];
    const figure = probeFigure(rows, { position: 3, token: "\n" });
    assertShowable(figure);
    assert.deepEqual(
      figure.data.map(({ name, x, y }) => [name, x, y]),
      [
        ["A", [0, 1], [0.5, 1]],
        ["B", [0, 1], [0.75, 0.25]],
        ["shuffled labels, mean", [0, 1], [0.5, 0.5]],
      ],
    );
    assert.throws(() => probeFigure(rows, { position: 0 }), /got none at 0/);
  });

  it("draw a causal trace, layer by position, without what is not a number", () => {
    const kinds = [
      ["embedding", -1] as const,
      ["residual", 0] as const,
      ["attention", 0] as const,
      ["mlp", 0] as const,
    ];
    const rows = kinds.flatMap(([kind, layer]) =>
      [0, 1].map(
        (position): TraceRow => ({ kind, layer, position, effect: position === 0 ? Number.NaN : 0.5 }),
      ),
    );
    const figure = traceFigure(rows, { tokens: ["0", ","] });
    assertShowable(figure);
    assert.deepEqual(
      maps(figure).map(({ y, z }) => [y, z]),
      [
        [
          [-1, 0],
          [
            [null, 0.5],
            [null, 0.5],
          ],
        ],
        [[0], [[null, 0.5]]],
        [[0], [[null, 0.5]]],
      ],
    );
  });

  it("draw a recovery beside what was before", () => {
    const rows = [
      { step: 0, loss: Number.NaN, without: 0.1, restored: 1 },
      { step: 20, loss: 0.2, without: 0.9, restored: 0.7 },
    ];
    const figure = recoveryFigure(rows, { part: "head 0", before: 1 });
    assertShowable(figure);
    assert.deepEqual(
      figure.data.map(({ y }) => y),
      [
        [0.1, 0.9],
        [1, 0.7],
      ],
    );
  });
});

describe("adaptModel()", () => {
  it("trains a copy on without a part, by its seed, and leaves the model as it was", async () => {
    const tf = tensorflow();
    const model = smallModel(32);
    const before = Object.values(model.parameters).map((value) => value.dataSync().slice());
    const tensors = tf.memory().numTensors;
    const ablation = [{ kind: "ablate-head", layer: 0, head: 1, by: "mean" }] as const;
    const options = { steps: 30, every: 20, learningRate: 5e-3 };
    const { rows, model: adapted } = await adaptModel(model, ablation, options);
    assert.deepEqual(
      rows.map(({ step }) => step),
      [0, 20, 30],
    );
    assert.ok(Number.isNaN(rows[0].loss) && rows[2].loss < rows[1].loss);
    for (const { without, restored } of rows)
      assert.ok([without, restored].every((share) => share >= 0 && share <= 1));
    assert.deepEqual(
      Object.values(model.parameters).map((value) => value.dataSync()),
      before,
    );
    tf.dispose(adapted.parameters);
    assert.equal(tf.memory().numTensors, tensors);
    const again = await adaptModel(model, ablation, options);
    assert.deepEqual(again.rows, rows);
    const name = "transformer.h.0.mlp.c_fc.weight";
    assert.notDeepEqual(again.model.parameters[name].dataSync(), model.parameters[name].dataSync());
    assert.deepEqual(again.model.excluded.map(formatState), model.excluded.map(formatState));
  });

  it("refuses sizes and interventions that there are not", async () => {
    const model = smallModel();
    await assert.rejects(adaptModel(model, [], { steps: 0 }), /steps must be a whole number from 1: got 0/);
    await assert.rejects(
      adaptModel(model, [{ kind: "ablate-head", layer: 9, head: 0, by: "zero" }]),
      /a layer is from 0 to below 2: got 9/,
    );
  });
});
