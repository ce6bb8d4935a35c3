import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { lambdaPageHtml, w2PageHtml } from "../../../src/pages/w2/node/w2-page-html";
import { madeUpRun } from "../../experiments/w2/made-up-run";
import { madeUpTree } from "../../experiments/w2/made-up-tree";
import { launchBrowser, openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

describe("w2PageHtml()", () => {
  it("refuses a run without a tree, saying which key makes one", () => {
    assert.throws(
      () => w2PageHtml(madeUpRun({ 0.5: 0.2 })),
      /Cannot make a page of the run in nowhere as its first seed must have trained a tree: set treeLambdas/,
    );
  });
});

describe("the page of λ", () => {
  it("shows, offline, what was computed along the λs nearest to its sliders, and says how near they are", async (t) => {
    const browser = await launchBrowser(t);
    if (!browser) return;
    const file = join(temporaryFolder(t), "page.html");
    const carried = { ...madeUpTree, made: { ordered: 0.35, collapse: 0.6 }, facts: "Made up" };
    writeFileSync(file, await lambdaPageHtml(carried));
    const { page, complaints, requests } = await openOffline(t, browser, file);
    const settled = () => page.waitForSelector('#page[aria-busy="false"]');
    const shown = () =>
      page.evaluate(() =>
        (globalThis as never as { dolab: { results(): unknown } }).dolab.results(),
      ) as Promise<{
        lambdas: number[];
        paths: Record<string, { error: number[] }>;
      }>;
    await settled();
    assert.match((await page.textContent("#facts")) ?? "", /^Made up; 8 trainings of 4 epochs$/);
    assert.match((await page.textContent("#lambda")) ?? "", /The λ that you ask for was computed/);
    assert.deepEqual((await shown()).lambdas, [0.6, 0.2]);
    await page.getByRole("slider", { name: "λ, epochs 3 to 4" }).fill("0.55");
    await settled();
    const { lambdas, paths } = await shown();
    assert.deepEqual(lambdas, [0.6, 0.6]);
    assert.deepEqual(paths.ordered.error, [0.16, 0.16, 0.16, 0.16]);
    assert.deepEqual(paths.collapse.error, [0.86, 0.86, 0.86, 0.86]);
    assert.match(
      (await page.textContent("#lambda")) ?? "",
      /not computed: shown is 0\.6, then 0\.6, up to 0\.05 from yours/,
    );
    assert.match((await page.textContent("#headline")) ?? "", /gap 70\.0 %/);
    assert.equal(await page.locator("#error .legend > span").count(), 3);
    await page.getByLabel("Show the network that begins").selectOption("ordered");
    await settled();
    assert.equal(await page.locator("#error .legend > span").count(), 2);
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((address) => address.startsWith("file:") || address.startsWith("data:")));
  });
});
