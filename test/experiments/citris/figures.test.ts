import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { independentScenes, temporalScenes } from "../../../src/data";
import { citris } from "../../../src/experiments";
import { frameAt } from "../../../src/experiments/citris/figures/frames-figure";
import { sliderScenes } from "../../../src/experiments/citris/figures/slider-figure";
import { startBackend } from "../../../src/tensor";
import { untrainedModel } from "./untrained-model";

before(startBackend);

const scenes = independentScenes({ count: 6, size: 32, seed: 1 });

describe("sliderFigure()", () => {
  it("moves one factor at a time, and shows one scene and its latents at a time", () => {
    const { latents, moves } = sliderScenes(scenes.factors);
    assert.deepEqual([latents.length, moves.length], [30 * 6, 30]);
    const row = (frame: number) => Array.from(latents.subarray(6 * frame, 6 * frame + 6));
    assert.deepEqual(row(3).slice(2), row(7).slice(2)); // the position moves alone
    assert.deepEqual([row(13)[0], row(13)[5]], [row(17)[0], row(17)[5]]);
    const { data, layout } = citris.sliderFigure(untrainedModel());
    assert.equal(data.filter(({ visible }) => visible === true).length, 2);
    const [{ steps }] = layout.sliders as { steps: { args: [{ visible: boolean[] }] }[] }[];
    assert.equal(steps.length, 30);
    for (const { args } of steps) assert.equal(args[0].visible.length, data.length);
  });
});

describe("grids of frames", () => {
  it("say under each frame what was done to it", () => {
    const training = temporalScenes({ count: 30, size: 32, seed: 3 });
    const { texts } = citris.sequenceGrid({ training, factors: training.factors }, 30);
    for (const [t, words] of (texts?.[0] ?? []).entries()) {
      if (t === 0) continue;
      const done = training.factors.filter((_, i) => training.targets[(t - 1) * 5 + i] === 1);
      assert.ok(done.every(({ name }) => words.includes(name)));
      assert.equal(words === "no intervention", done.length === 0);
    }
    const { data } = citris.framesFigure({ title: "one", rows: [[frameAt(scenes.images, 32, 2)]] });
    const canvas = data[0].z as number[][][];
    assert.deepEqual(canvas[0][0].slice(0, 3), Array.from(scenes.images.subarray(2 * 3072, 2 * 3072 + 3)));
  });
});
