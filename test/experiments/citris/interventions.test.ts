import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { independentScenes } from "../../../src/data";
import { citris } from "../../../src/experiments";
import { frameAt } from "../../../src/experiments/citris/figures/frames-figure";
import { writeNpz } from "../../../src/io";
import { createRandom } from "../../../src/random";
import { startBackend } from "../../../src/tensor";
import { fixture } from "../../models/citris/published-citris";
import { temporaryFolder } from "../../support/temporary-folder";
import { untrainedModel } from "./untrained-model";

before(startBackend);

const scenes = independentScenes({ count: 12, size: 32, seed: 1 });

describe("an intervention on a factor", () => {
  it("takes the factor's latents from the donor and leaves all others", () => {
    const own = untrainedModel();
    const [first, second] = [0, 1].map((place) => frameAt(scenes.images, 32, place));
    for (const donor of [first, second]) {
      const shown = citris.interveneOnFactor(own, first, donor, 2);
      const [from, to] = [citris.latentsOf(own, first), citris.latentsOf(own, donor)];
      const wanted = citris.framesOf(
        own,
        from.map((value, i) => (i === 2 ? to[i] : value)),
      );
      assert.deepEqual(shown, wanted);
    }
  });

  it("is shown beside the truth, which changes nothing but that factor", () => {
    const grid = citris.interventionGrid(untrainedModel(), scenes, "rotation", {
      frame: 3,
      times: 2,
      rng: createRandom(4),
    });
    assert.equal(grid.rows.length, 2);
    assert.ok(grid.rows.every((row) => row.length === 3));
    const { layout, data } = citris.framesFigure(grid);
    assert.match(JSON.stringify(layout.title), /do\(rotation\)/);
    assert.equal(data.length, 1);
    const beyond = { frame: 12, rng: createRandom(4) };
    assert.throws(
      () => citris.interventionGrid(untrainedModel(), scenes, "rotation", beyond),
      /there are frames 0 to 11: got 12/,
    );
    assert.throws(
      () => citris.factorPlace(untrainedModel(), "colour"),
      /factors are position, .*: got "colour"/,
    );
  });
});

describe("triplets", () => {
  it("mix latents as the published masks say: ψ_0's from the first frame, unless a mask has a column for it", () => {
    const { assignment, source, mask_1 } = fixture("triplet-mask");
    const sets = (assignment as number[][]).map((row) => row.indexOf(1));
    for (const [row, mask] of (source as number[][]).entries())
      assert.deepEqual(
        sets.map((set) => (set < mask.length ? 1 - mask[set] : 1)),
        mask_1[row],
      );
    const own = untrainedModel();
    const pair = scenes.images.subarray(0, 3 * 32 * 32 * 3);
    const all = citris.predictTriplets(own, pair, [1, 1, 1, 1, 1]);
    const second = citris.framesOf(own, citris.latentsOf(own, frameAt(scenes.images, 32, 1)));
    const furthest = all.reduce((most, value, i) => Math.max(most, Math.abs(value - second[i])), 0);
    assert.ok(furthest <= 1, `${furthest}`);
  });
});

describe("readFrames()", () => {
  it("reads frames with and without alpha, whatever axes stand before, and refuses others", (t) => {
    const file = join(temporaryFolder(t), "own.npz");
    const write = (key: string, shape: number[], value = 7) =>
      writeNpz(file, { [key]: { shape, data: new Uint8Array(shape.reduce((a, b) => a * b)).fill(value) } });
    write("imgs", [2, 3, 8, 8, 4]);
    const { frames, leading } = citris.readFrames(file, 8);
    assert.deepEqual([frames.length, leading], [6 * 8 * 8 * 3, [2, 3]]);
    assert.throws(
      () => citris.readFrames(file, 16),
      /\[\.\.\., 16, 16, 3 or 4\], as the model's were: got \[2,3,8,8,4\]/,
    );
    write("frames", [1, 8, 8, 3]);
    assert.throws(() => citris.readFrames(file, 8), /got no such array/);
    writeNpz(file, { images: { shape: [1, 1, 1, 3], data: Float32Array.of(0.5, 0, 0) } });
    assert.throws(() => citris.readFrames(file, 1), /whole numbers from 0 to 255: got 0.5/);
  });
});
