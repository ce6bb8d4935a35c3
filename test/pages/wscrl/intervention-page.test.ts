import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { resolveConfiguration, runExperiment } from "../../../src/experiments";
import { wscrl } from "../../../src/experiments/wscrl/experiment";
import type { State } from "../../../src/pages/wscrl/answers";
import { wscrlPageHtml } from "../../../src/pages/wscrl/node/wscrl-html";
import { startBackend } from "../../../src/tensor";
import { launchBrowser, openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

before(startBackend);

describe("the intervention page", () => {
  it("answers offline as Node does, beside the true system, and follows its sliders", async (t) => {
    const browser = await launchBrowser(t);
    if (!browser) return;
    const folder = join(temporaryFolder(t), "run");
    const small = { preset: "smoke", models: ["ilcm"], trainPairs: 128, testPairs: 50 };
    const resolved = resolveConfiguration(wscrl, small) as never as Parameters<typeof runExperiment>[1];
    const data = await wscrl.load(resolved.configuration as never, { progress: undefined as never });
    const saved = await runExperiment(wscrl as never, resolved, data, { folder });
    const run = wscrl.outcome(saved as never);
    const file = join(folder, "page.html");
    writeFileSync(file, await wscrlPageHtml(run, { dimension: 2 }));
    const { page, complaints, requests } = await openOffline(t, browser, file);
    await page.waitForSelector('#page[aria-busy="false"]');
    assert.match((await page.textContent("#facts")) ?? "", /ILCM of 2 variables.*synthetic pairs/);
    const results = () =>
      page.evaluate(() =>
        (globalThis as never as { dolab: { results(): never } }).dolab.results(),
      ) as Promise<
        Record<"before" | "answered" | "truth", State> & Record<"answeredPath" | "truePath", State[]>
      >;
    const first = await results();
    // The first example of Node's own answers: do(z1 = 2) is the last point of its grid.
    const [{ answered, truth, values }] = run.rows[0].evaluation.answers.examples;
    const last = values.length - 1;
    for (const i of [0, 1]) {
      assert.ok(Math.abs(first.answered.observed[i] - answered[last][i]) < 2e-3, `x${i + 1} of the model`);
      assert.ok(Math.abs(first.truth.observed[i] - truth[last][i]) < 2e-3, `x${i + 1} of the true system`);
    }
    assert.ok(Math.abs(first.answered.causal[0] - 2) < 1e-3, "what is set has its value");
    assert.equal(first.truePath.length, 25);
    await page.getByRole("slider", { name: "z1", exact: true }).fill("-1");
    await page.waitForSelector('#page[aria-busy="false"]');
    const second = await results();
    assert.ok(Math.abs(second.truth.causal[0] + 1) < 1e-6 && Math.abs(second.answered.causal[0] + 1) < 1e-3);
    await page.getByRole("switch", { name: "Set z1" }).click();
    await page.waitForSelector('#page[aria-busy="false"]');
    const untouched = await results();
    assert.deepEqual(
      untouched.truth.causal.map((z) => z.toFixed(4)),
      untouched.before.causal.map((z) => z.toFixed(4)),
    );
    assert.match((await page.textContent("#answer")) ?? "", /the true system/);
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((address) => address.startsWith("file:") || address.startsWith("data:")));
  });

  it("is refused where a run has no checkpoints, or no such dimension", async (t) => {
    const rows = [{ model: "ilcm", dimension: 2, modelSeed: 1, dataSeed: 2 }] as never;
    const { configuration } = resolveConfiguration(wscrl, { preset: "smoke" }) as never as {
      configuration: never;
    };
    const run = { folder: temporaryFolder(t), configuration, rows };
    assert.throws(() => wscrlPageHtml(run, { dimension: 2 }), /ilcm-dim2-model1-data2.*holds no checkpoint/);
    assert.throws(() => wscrlPageHtml(run, { dimension: 3 }), /no ILCM of dimension 3/);
  });
});
