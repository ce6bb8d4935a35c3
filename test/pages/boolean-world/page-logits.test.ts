// The page's numbers in a real browser against Node's.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { Page } from "playwright-core";
import {
  allStates,
  booleanWorld,
  createGpt2,
  createRandom,
  documentRules,
  formatState,
  gpt2,
  startBackend,
  tensorflow,
} from "../../../src";
import { longestText, worldTokenizer } from "../../../src/experiments/boolean-world/model/world-texts";
import { generate } from "../../../src/models/gpt2/generate";
import { prepareInterventions } from "../../../src/models/gpt2/interpret/interventions";
import { generateWithWeightFlips } from "../../../src/models/gpt2/interpret/weight-flips";
import { playgroundHtml } from "../../../src/pages";
import { flipsOf, interventionsOf, type Setup } from "../../../src/pages/boolean-world/setup";
import { openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";
import {
  exportedPage,
  intact,
  openPlayground,
  readInPage,
  settled,
  tinyWorld,
  withBrowser,
} from "./open-playground";

const flipped = "signs flipped before reading, others in the middle";
const setups: Record<string, Setup> = {
  "the model as saved": intact,
  "a head and a neuron switched off": {
    ...intact,
    text: "0,1,1,0,0",
    off: [
      { kind: "head", layer: 0, index: 1 },
      { kind: "neuron", layer: 1, index: 17 },
    ],
  },
  "a whole layer switched off": { ...intact, off: [{ kind: "layer", layer: 1 }] },
  "an MLP replaced by its mean": { ...intact, off: [{ kind: "mlp", layer: 1 }], by: "mean" },
  [flipped]: {
    ...intact,
    text: "1,1,0,1,0",
    flips: [
      { weight: "h.0.mlp.c_fc", seed: 3, fraction: 0.01, bit: 31, atToken: 0 },
      { weight: "h.1.attn.c_attn", seed: 4, fraction: 0.02, bit: 23, atToken: 5 },
    ],
  },
};

/** Asks both under one set-up and compares every logit of every token that is written. */
async function requireNodesLogits(page: Page, model: booleanWorld.WorldModel, setup: Setup, title: string) {
  const { parameters, configuration, tokenizer, rules } = model;
  const prompt = tokenizer.encode(setup.text);
  const prompts = allStates(rules).map((state) => tokenizer.encode(formatState(state)));
  const written = setup.by === "mean" ? await generate(parameters, prompts, configuration) : [];
  const reference = written.map((ids, i) => [...prompts[i], ...ids]);
  const observe = await prepareInterventions(parameters, configuration, interventionsOf(setup), {
    reference,
  });
  const expected: Float32Array[] = [];
  const [ids] = await generateWithWeightFlips(parameters, [prompt], configuration, flipsOf(setup), {
    observe,
    stopAt: [tokenizer.endOfText],
    atLogits: (scores) => void expected.push(scores.dataSync<"float32">().slice()),
  });
  const { logits, answer } = await readInPage(page, setup, prompt);
  assert.equal(logits.length, expected.length, title);
  for (const [i, row] of expected.entries())
    for (const [token, value] of row.entries())
      assert.ok(Math.abs(logits[i][token] - value) <= 1e-4, `${title}: ${i}, ${token}`);
  assert.equal(answer, tokenizer.decode(ids).replace("<|endoftext|>", ""), title);
}

test("the page's logits are Node's, with parts off and weights flipped before and during the answer", (t) =>
  withBrowser(t, async (browser) => {
    await startBackend();
    const { page } = await openPlayground(t, browser);
    const model = await booleanWorld.loadWorldModel(tinyWorld);
    const { parameters, configuration, tokenizer } = model;
    const tf = tensorflow();
    for (const [title, setup] of Object.entries(setups)) await requireNodesLogits(page, model, setup, title);
    // The cached passes above against one pass without a cache: the first written token's logits.
    const first = tokenizer.encode(intact.text);
    const whole = tf.tidy(() =>
      gpt2(parameters, tf.tensor2d([first], [1, first.length], "int32"), configuration)
        .dataSync<"float32">()
        .slice(),
    );
    const { logits } = await readInPage(page, intact, first);
    const last = whole.slice(-configuration.vocabulary);
    for (const [token, value] of last.entries()) assert.ok(Math.abs(logits[0][token] - value) <= 1e-4);
    for (const variable of Object.values(parameters)) variable.dispose();
  }));

test("at the default size, 4 layers of 128 channels, the page's logits are Node's as well", (t) =>
  withBrowser(t, async (browser) => {
    await startBackend();
    const tokenizer = worldTokenizer(documentRules, "compact");
    const configuration = {
      vocabulary: tokenizer.size,
      positions: longestText(documentRules, tokenizer),
      width: 128,
      layers: 4,
      heads: 4,
    };
    const parameters = createGpt2(configuration, { rng: createRandom(1) });
    const tf = tensorflow();
    // Larger than a start has them, so that no two tokens are nearly as likely.
    for (const variable of Object.values(parameters))
      if (variable.rank === 2) tf.tidy(() => variable.assign(variable.mul(4)));
    const model = { parameters, configuration, tokenizer, rules: documentRules, excluded: [] };
    const folder = temporaryFolder(t);
    booleanWorld.saveWorldModel(folder, model);
    const file = join(folder, "page.html");
    writeFileSync(file, await playgroundHtml(folder));
    const { page } = await openOffline(t, browser, file);
    await settled(page);
    await requireNodesLogits(page, model, intact, "as saved");
    await requireNodesLogits(
      page,
      model,
      { ...setups[flipped], off: [{ kind: "head", layer: 3, index: 2 }] },
      flipped,
    );
    for (const variable of Object.values(parameters)) variable.dispose();
  }));

test("a page whose browser forbids WebAssembly computes the same in plain JavaScript", (t) =>
  withBrowser(t, async (browser) => {
    const without = readFileSync(await exportedPage(), "utf8").replace(" 'wasm-unsafe-eval'", "");
    const file = join(temporaryFolder(t), "plain.html");
    writeFileSync(file, without);
    const { page } = await openOffline(t, browser, file);
    const wasm = await openPlayground(t, browser);
    await page.locator("#accuracy-number").waitFor({ timeout: 30_000 });
    assert.match(await page.locator("#facts").innerText(), /by JavaScript/);
    const prompt = (await booleanWorld.loadWorldModel(tinyWorld)).tokenizer.encode(intact.text);
    const [plain, fast] = [
      await readInPage(page, intact, prompt),
      await readInPage(wasm.page, intact, prompt),
    ];
    assert.equal(plain.answer, fast.answer);
    for (const [i, row] of fast.logits.entries())
      for (const [token, value] of row.entries()) assert.ok(Math.abs(plain.logits[i][token] - value) <= 1e-4);
  }));
