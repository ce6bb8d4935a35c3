import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  independentScenes,
  renderScenes,
  sceneFactors,
  sceneTriplets,
  temporalScenes,
} from "../../src/data/temporal-scenes";
import { drawScene, nextScene } from "../../src/data/temporal-scenes/scene-dynamics";
import { createRandom } from "../../src/random";

const factors = sceneFactors({ depth: true, spotlightHue: true });
const columns = ["x", "y", "depth", "rotation", "spotlight", "objectHue", "spotlightHue", "backgroundHue"];
const none = factors.map(() => 0);

describe("temporalScenes()", () => {
  it("is the same for the same seed, and another for another", () => {
    const of = (seed: number) => temporalScenes({ count: 20, size: 16, seed });
    assert.deepEqual(of(1).images, of(1).images);
    assert.deepEqual(of(1).latents, of(1).latents);
    assert.notDeepEqual(of(1).latents, of(2).latents);
    const more = temporalScenes({ count: 25, size: 16, seed: 1 });
    assert.deepEqual(more.latents.subarray(0, of(1).latents.length), of(1).latents);
  });

  it("shows what its latents say", () => {
    const { images, latents, factors, size } = temporalScenes({ count: 10, size: 32, seed: 3, depth: true });
    const drawn = renderScenes(latents, factors, size);
    const furthest = drawn.reduce((most, value, i) => Math.max(most, Math.abs(value - images[i])), 0);
    assert.ok(furthest <= 1, `${furthest}`); // latents are kept in float32
  });

  it("intervenes on each factor with probability 1 / (factors + 1), and uniformly", () => {
    const { targets, latents, factors } = temporalScenes({ count: 6000, size: 8, seed: 4 });
    for (const [i] of factors.entries()) {
      const share = targets.filter((_, place) => place % 5 === i).reduce((sum, bit) => sum + bit) / 5999;
      assert.ok(Math.abs(share - 1 / 6) < 0.02, `${share}`);
    }
    const x = Array.from({ length: 5999 }, (_, k) => k)
      .filter((k) => targets[5 * k] === 1)
      .map((k) => latents[6 * (k + 1)]);
    const variance = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    assert.ok(Math.abs(variance - 4 / 3) < 0.15, `${variance}`); // of U(-2, 2)
  });

  it("moves half of the way to where the causes say, with the published noise", () => {
    const rng = createRandom(5);
    const steps = Array.from({ length: 4000 }, () => {
      const state = drawScene(factors, rng);
      return { state, next: nextScene(state, factors, none, rng) };
    });
    const near = steps.filter(({ state }) => Math.abs(state.x) < 1); // no bound in the way
    const errors = near.map(({ state, next }) => next.x - (state.x + 1.5 * Math.sin(state.rotation)) / 2);
    const mean = errors.reduce((a, b) => a + b) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    assert.ok(Math.abs(mean) < 0.01 && Math.abs(deviation - 0.1) < 0.01, `${mean}, ${deviation}`);
    const turns = steps.map(({ state, next }) => {
      const half = (2 * Math.PI - state.backgroundHue - state.spotlightHue) / 2;
      const short = Math.abs(half) > Math.PI / 2 ? half - Math.sign(half) * Math.PI : half;
      return Math.sin(next.spotlightHue - state.spotlightHue - short);
    });
    assert.ok(Math.abs(Math.hypot(...turns) / Math.sqrt(turns.length) - 0.15) < 0.01);
    for (const { next } of steps) {
      assert.ok(Math.abs(next.x) <= 2 && Math.abs(next.depth) <= 2);
      assert.ok(next.rotation >= 0 && next.rotation < 2 * Math.PI);
    }
  });

  it("changes nothing but the factor that is intervened upon, where all else is equal", () => {
    const targets = [0, 1, 0, 0, 0, 0];
    const state = drawScene(factors, createRandom(6));
    const next = nextScene(state, factors, targets, createRandom(7));
    assert.ok(Math.abs(next.objectHue - state.objectHue) < 1);
    assert.notEqual(next.rotation, state.rotation);
  });
});

describe("independentScenes()", () => {
  it("has factors that do not tell of one another", () => {
    const { latents, sampling, targets } = independentScenes({ count: 4000, size: 8, seed: 8 });
    assert.deepEqual([sampling, targets.length], ["independent", 0]);
    let product = 0;
    for (let k = 0; k < 4000; k++) product += latents[6 * k] * Math.sin(latents[6 * k + 2]);
    assert.ok(Math.abs(product / 4000) < 0.05, `${product / 4000}`);
  });
});

describe("sceneTriplets()", () => {
  it("has a third frame with the second one's factors where the mask is 1, and the first one's elsewhere", () => {
    const { latents, masks, factors, images } = sceneTriplets({
      count: 30,
      size: 8,
      seed: 9,
      spotlightHue: true,
    });
    assert.equal(images.length, 30 * 3 * 8 * 8 * 3);
    const width = latents.length / 90;
    for (let k = 0; k < 30; k++) {
      const mask = masks.subarray(k * factors.length, (k + 1) * factors.length);
      assert.ok(mask.includes(0) && mask.includes(1));
      let column = 0;
      for (const [i, factor] of factors.entries())
        for (const _ of factor.columns) {
          const from = (3 * k + mask[i]) * width + column;
          assert.equal(latents[(3 * k + 2) * width + column++], latents[from]);
        }
    }
  });
});

describe("scenes", () => {
  it("have the factors that are asked for", () => {
    assert.deepEqual(
      factors.flatMap((factor) => factor.columns.map(({ name }) => name)),
      columns,
    );
  });

  it("refuse sizes and numbers that make no sense", () => {
    assert.throws(() => temporalScenes({ count: -1, seed: 0 }), /from 0 on: got -1/);
    assert.throws(() => independentScenes({ count: 1, size: 4, seed: 0 }), /at least 8 pixels wide: got 4/);
    assert.throws(() => renderScenes([1, 2, 3], sceneFactors(), 8), /6 latents .*: got 3/);
  });
});
