import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { reasoners } from "../../../src/experiments";
import type { ReasonersRun } from "../../../src/experiments/reasoners/experiment";
import { weightsOf } from "../../../src/experiments/reasoners/reasoner-unit";
import { writeSafetensors } from "../../../src/io";
import { createDiagnosis, createReasoner, createThinker, miniatureReasoner } from "../../../src/models";
import { serveTheatre, theatreHtml } from "../../../src/pages";
import { isDisturbed, setupLink, undisturbed } from "../../../src/pages/reasoners/setup";
import { answerOf, followThought, runningExponents } from "../../../src/pages/reasoners/trajectory";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow, toStateDict } from "../../../src/tensor";
import { launchBrowser, openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

before(startBackend);

const { configuration } = reasoners.parameters({ preset: "smoke" });
const untrained = () =>
  createReasoner(miniatureReasoner("trm", { channels: configuration.channels }), { rng: createRandom(5) });
const { test: puzzles } = reasoners.sudokuSets(configuration);
const undone = { restart: undefined, kicks: [], holds: [] };
const first = puzzles.inputs.subarray(0, 16);

function follow(count: number, done: Parameters<typeof followThought>[2] = undone) {
  const source = followThought(untrained(), first, done);
  const steps = Array.from({ length: count + 1 }, () => source.next().value);
  source.return(undefined as never);
  return steps;
}

describe("followThought()", () => {
  it("goes as createDiagnosis() measures", async () => {
    const steps = follow(6);
    const diagnosis = createDiagnosis(untrained(), { exponents: 2, steps: 6, rng: createRandom(0), rows: 1 });
    const found = await diagnosis.run({ count: 1, inputs: first, labels: puzzles.labels.subarray(0, 16) });
    for (let time = 1; time <= 6; time++) {
      assert.ok(Math.abs(steps[time].driftHigh - found.driftHigh[time - 1]) < 1e-3);
      assert.ok(Math.abs(steps[time].driftLow - found.driftLow[time - 1]) < 1e-3);
      assert.ok(Math.abs(steps[time].halt - found.haltLogit[time - 1]) < 1e-3);
    }
    for (const place of [0, 1] as const)
      assert.ok(Math.abs(runningExponents(steps, place)[5] - found.lyapunov[place]) < 0.02); // both draw frame 0
    for (let cell = 0; cell < 16; cell++) {
      const sum = steps[6].probabilities.subarray(cell * 6, (cell + 1) * 6).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    }
    diagnosis.dispose();
  });

  it("is the same until it is disturbed, and another one after; keeps no tensor", () => {
    const plain = follow(4);
    const before = tensorflow().memory().numTensors;
    const kicked = follow(4, { ...undone, kicks: [{ step: 2, along: "unstable", size: 3, seed: 1 }] });
    const held = follow(4, { ...undone, holds: [{ cell: 7, token: 3, from: 2 }] });
    const begun = follow(4, { ...undone, restart: { size: 1, seed: 2 } });
    const weights = Object.keys(untrained().parameters).length;
    assert.deepEqual(kicked[1].probabilities, plain[1].probabilities);
    assert.deepEqual(held[1].probabilities, plain[1].probabilities);
    for (const other of [kicked[3], held[3], begun[1]])
      assert.notDeepEqual(other.probabilities, plain[3].probabilities);
    assert.equal(answerOf(held[2], 16)[7], 3);
    assert.equal(tensorflow().memory().numTensors - before, 4 * weights); // of the reasoners themselves
  });
});

describe("a set-up's link", () => {
  const link = setupLink({ puzzles: 5, cells: 16, vocabulary: 6, steps: 16 });

  it("comes back as it was written", () => {
    const text = "puzzle=3&steps=32&at=8&restart=1:5&kick=8:u:1:2&given=3:2&hold=5:4:8";
    const setup = link.read(`#${text}`);
    assert.equal(link.write(setup), text);
    assert.deepEqual(setup.kicks, [{ step: 8, along: "unstable", size: 1, seed: 2 }]);
    assert.ok(isDisturbed(setup) && !isDisturbed(undisturbed(setup)));
    assert.equal(link.write(link.read("")), "");
  });

  it("leaves out what is not to be had", () => {
    const setup = link.read("#puzzle=9&steps=1e9&at=40&restart=x&kick=1&given=16:2&given=1:9&hold=1:1:1");
    assert.equal(link.write(setup), "");
  });
});

describe("the theatre", () => {
  const given = (folder: string): ReasonersRun => {
    const row = { system: "trm", seed: 0, noisy: false, checkpoints: [{ step: 4, role: "chosen" }] };
    const correct = Float64Array.from({ length: 16 }, (_, i) => i % 2);
    const one = { tag: "trm_seed0", title: "TRM of seed 0", row, chosen: { correct } };
    return { folder, configuration, findings: [one] } as never as ReasonersRun;
  };

  it("thinks offline as Node does, and shows what a kick changes", async (t) => {
    const browser = await launchBrowser(t);
    if (!browser) return;
    const folder = temporaryFolder(t);
    const run = given(folder);
    const reasoner = untrained();
    const weights = weightsOf(folder, run.findings[0].row, 4);
    await assert.rejects(() => theatreHtml(run), /weights must be in .*weights_step_4\.safetensors: run/);
    await assert.rejects(() => theatreHtml(run, { training: "hrm_seed0" }), /"hrm_seed0": got trm_seed0/);
    writeSafetensors(weights, toStateDict(reasoner.parameters));
    const file = join(folder, "page.html");
    writeFileSync(file, await theatreHtml(run));
    const { page, complaints, requests } = await openOffline(t, browser, file);
    await page.waitForSelector('#page[aria-busy="false"]');
    assert.match(
      (await page.textContent("#facts")) ?? "",
      /TRM of seed 0 after 4 training steps, 4 × 4 .* 16 held/,
    );
    const thought = () =>
      page.evaluate(() => {
        const { dolab } = globalThis as never as { dolab: { results(): never } };
        const { steps, plain } = dolab.results() as {
          steps: { probabilities: Float32Array; driftHigh: number }[];
          plain?: unknown[];
        };
        const last = steps[steps.length - 1];
        return {
          count: steps.length,
          drift: last.driftHigh,
          last: Array.from(last.probabilities),
          plain: plain?.length,
        };
      });
    const found = await thought();
    const thinker = createThinker(reasoner, { rows: 1 });
    const one = { count: 1, inputs: first, labels: puzzles.labels.subarray(0, 16) };
    const { driftHigh } = thinker.run(one, { steps: 8 });
    assert.equal(found.count, 9);
    assert.equal(found.plain, undefined);
    assert.ok(Math.abs(found.drift - driftHigh[7]) < 1e-2, `${found.drift} ${driftHigh[7]}`);
    thinker.dispose();
    await page.getByRole("slider", { name: "Step" }).fill("4");
    await page.getByRole("button", { name: "Kick, at random" }).click();
    await page.waitForSelector('#page[aria-busy="false"]');
    const kicked = await thought();
    assert.equal(kicked.plain, 9);
    assert.notDeepEqual(kicked.last, found.last);
    assert.match(page.url(), /kick=4:r:1:1/);
    await page.getByRole("button", { name: /row 2, column 1/ }).click();
    await page.getByRole("button", { name: "Give 3" }).click();
    await page.getByRole("button", { name: "Run on" }).click();
    await page.waitForSelector('#page[aria-busy="false"]');
    assert.equal((await thought()).count, 17);
    await page.getByRole("button", { name: /Take back: kicked/ }).click();
    await page.waitForSelector('#page[aria-busy="false"]');
    assert.doesNotMatch(page.url(), /kick=/);
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((address) => address.startsWith("file:") || address.startsWith("data:")));
    const server = await serveTheatre(run);
    assert.equal((await fetch(`${server.url}files/thoughts.json`)).status, 200);
    await server.close();
  });
});
