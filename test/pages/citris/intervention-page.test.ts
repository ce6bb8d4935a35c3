import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { renderScenes } from "../../../src/data";
import { framesOf, latentsOf, saveSceneModel } from "../../../src/experiments/citris/saved-model";
import type { CitrisRow } from "../../../src/experiments/citris/training/train-seed";
import { hardAssignment } from "../../../src/models/citris/prior/assignment";
import {
  type AutoregressivePrior,
  autoregressivePrior,
} from "../../../src/models/citris/prior/autoregressive-prior";
import { citrisPageHtml } from "../../../src/pages/citris/node/citris-html";
import { latentsAfter, valuesAfter } from "../../../src/pages/citris/run-on";
import { latentsAt } from "../../../src/pages/citris/scene-paths";
import { startBackend, tensorflow } from "../../../src/tensor";
import { untrainedConfiguration, untrainedModel } from "../../experiments/citris/untrained-model";
import { launchBrowser, openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

before(startBackend);

describe("latentsAt()", () => {
  const path = {
    latents: [3],
    axes: [
      [0, 1],
      [0, 1, 2],
    ],
    points: [[0], [1], [2], [10], [11], [12]],
  };

  it("gives the points of the grid, what lies between them in a straight line, and the edge beyond", () => {
    assert.deepEqual(latentsAt(path, [0, 0]), [0]);
    assert.deepEqual(latentsAt(path, [1, 2]), [12]);
    assert.deepEqual(latentsAt(path, [0.5, 1.5]), [6.5]);
    assert.deepEqual(latentsAt(path, [-3, 9]), [2]);
  });
});

describe("a scene that runs on", () => {
  const { citris, factors } = untrainedModel();
  const start = Float32Array.of(0.3, -0.2, 0.5, 0.1, -0.4);

  it("follows the means of the prior, each given those of its set before it", () => {
    const tf = tensorflow();
    const [next] = [latentsAfter(citris.prior, start, 1)];
    const network = citris.prior.network as { autoregressive: AutoregressivePrior };
    const { mean } = autoregressivePrior(network.autoregressive, {
      before: tf.tensor2d(start, [1, 5]),
      after: tf.tensor2d(next, [1, 5]),
      assigned: hardAssignment(citris.prior.logits).expandDims(0),
      targets: tf.zeros([1, 6]),
      perfect: true,
    });
    const means = mean.dataSync<"float32">(); // [1, sets, latents]; latent j is of set j
    for (const [j, value] of next.entries()) assert.ok(Math.abs(value - means[5 * j + j]) < 1e-6);
    assert.deepEqual(latentsAfter(citris.prior, next, 1), latentsAfter(citris.prior, start, 2));
  });

  it("has the change at its step, and all else as without it until then", () => {
    const change = { step: 2, places: [1], values: [7] };
    const [plain, set] = [undefined, change].map((one) => latentsAfter(citris.prior, start, 2, one));
    assert.deepEqual(Array.from(set), [plain[0], 7, ...plain.slice(2)]);
    assert.notDeepEqual(latentsAfter(citris.prior, start, 3, change), latentsAfter(citris.prior, start, 3));
  });

  it("goes half of the way to its goals by the true rules", () => {
    const values = Float32Array.of(0, 0, 0, 0, 0, 0); // x, y, rotation, spotlight, hues: y goes to 1.5 cos 0
    assert.deepEqual(Array.from(valuesAfter(factors, values, 1)), [0, 0.75, 0, 0, 0, 0]);
  });
});

describe("the intervention page", () => {
  it("draws offline what Node's decoder draws, and changes with a slider", async (t) => {
    const browser = await launchBrowser(t);
    if (!browser) return;
    const folder = temporaryFolder(t);
    const model = untrainedModel();
    saveSceneModel(folder, 0, model);
    const row = { seed: 0, citris: { diag: 0.5, sep: 0.25 } } as CitrisRow;
    const run = { folder, configuration: untrainedConfiguration(), rows: [row] };
    const file = join(folder, "page.html");
    writeFileSync(file, await citrisPageHtml(run, model));
    const { page, complaints, requests } = await openOffline(t, browser, `${file}`);
    await page.waitForSelector('#page[aria-busy="false"]');
    assert.match((await page.textContent("#facts")) ?? "", /diag 0\.50, sep 0\.25; synthetic/);
    const read = () =>
      page.evaluate(() => {
        const { drawn, truth } = (globalThis as never as { dolab: { results(): never } }).dolab.results() as {
          drawn: Float32Array;
          truth: Float32Array;
        };
        return { drawn: Array.from(drawn), truth: Array.from(truth) };
      });
    const values = [0.4, -0.3, 0.8, 2.4, 0.2, 3.6]; // the page's first scene, all on the sliders' steps
    const scene = renderScenes(values, model.factors, 32);
    const expected = framesOf(model, latentsOf(model, scene));
    const found = await read();
    const furthest = (one: number[], other: Uint8Array) =>
      one.reduce((most, value, i) => Math.max(most, Math.abs(255 * value - other[i])), 0);
    assert.ok(furthest(found.truth, scene) <= 1);
    assert.ok(furthest(found.drawn, expected) <= 6, `${furthest(found.drawn, expected)}`); // between grid points
    const slider = page.getByRole("slider", { name: "rotation" });
    await slider.fill("4");
    await page.waitForSelector('#page[aria-busy="false"]');
    const turned = await read();
    assert.notDeepEqual(turned.truth, found.truth);
    assert.match(page.url(), /rotation=4/);
    await page.evaluate(() => (location.hash = "#steps=3&change=spotlight&at=2&to=1"));
    await page.waitForSelector('#page[aria-busy="false"]');
    const ran = await read();
    const start = Float32Array.from(values);
    const set = { step: 2, places: [3], values: [1] };
    const wanted = renderScenes(valuesAfter(model.factors, start, 3, set), model.factors, 32);
    assert.ok(furthest(ran.truth, wanted) <= 1);
    assert.notDeepEqual(ran.drawn, found.drawn);
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((address) => address.startsWith("file:") || address.startsWith("data:")));
  });
});
