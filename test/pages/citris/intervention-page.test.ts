import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { renderScenes } from "../../../src/data";
import { framesOf, latentsOf, saveSceneModel } from "../../../src/experiments/citris/saved-model";
import type { CitrisRow } from "../../../src/experiments/citris/training/train-seed";
import { citrisPageHtml } from "../../../src/pages/citris/node/citris-html";
import { latentsAt } from "../../../src/pages/citris/scene-paths";
import { startBackend } from "../../../src/tensor";
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
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((address) => address.startsWith("file:") || address.startsWith("data:")));
  });
});
