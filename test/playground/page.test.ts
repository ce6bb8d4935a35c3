/// <reference lib="dom" />
// The page in a real browser: its numbers against Node's, what it shows, and how it is used.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import { allStates, booleanWorld, formatState, gpt2, startBackend, tensorflow } from "../../src";
import { generate } from "../../src/models/gpt2/generate";
import { prepareInterventions } from "../../src/models/gpt2/interventions";
import { flipWeights, withWeightFlips } from "../../src/models/gpt2/weight-flips";
import { flipsOf, formatSetup, interventionsOf, type Setup } from "../../src/playground/page/setup";
import { launchBrowser, openOffline } from "../support/browser";
import { temporaryFolder } from "../support/temporary-folder";
import {
  exactStates,
  exportedPage,
  openPlayground,
  readInPage,
  settled,
  shownLogits,
  tensorCount,
  tinyWorld,
  weightBits,
} from "./open-playground";

const intact: Setup = { text: "1,0,1,0,1", off: [], by: "zero", flips: [] };
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
  "an MLP replaced by its mean": { ...intact, off: [{ kind: "mlp", layer: 1 }], by: "mean" },
  "signs flipped before reading, others in the middle": {
    ...intact,
    text: "1,1,0,1,0",
    flips: [
      { weight: "h.0.mlp.c_fc", seed: 3, fraction: 0.01, bit: 31, atToken: 0 },
      { weight: "h.1.attn.c_attn", seed: 4, fraction: 0.02, bit: 23, atToken: 5 },
    ],
  },
};

const withBrowser = (t: TestContext, body: (browser: Browser) => Promise<void>) =>
  launchBrowser(t).then((browser) => (browser ? body(browser) : undefined));

test("the page's logits are Node's, with parts off and weights flipped before and during the answer", (t) =>
  withBrowser(t, async (browser) => {
    await startBackend();
    const { page } = await openPlayground(t, browser);
    const model = await booleanWorld.loadWorldModel(tinyWorld);
    const { parameters, configuration, tokenizer, rules } = model;
    const tf = tensorflow();
    const prompts = allStates(rules).map((state) => tokenizer.encode(formatState(state)));
    const written = await generate(parameters, prompts, configuration);
    const reference = prompts.map((prompt, i) => [...prompt, ...written[i]]);
    for (const [title, setup] of Object.entries(setups)) {
      const prompt = tokenizer.encode(setup.text);
      const { logits, answer } = await readInPage(page, setup, prompt);
      const observe = await prepareInterventions(parameters, configuration, interventionsOf(setup), {
        reference,
      });
      const flips = flipsOf(setup);
      const undos: (() => void)[] = [];
      const expected: Float32Array[] = [];
      const [ids] = await generate(parameters, [prompt], configuration, {
        ...{ observe, stopAt: [tokenizer.endOfText] },
        atToken: ({ index }) =>
          void undos.push(
            flipWeights(
              parameters,
              flips.filter(({ atToken }) => atToken === index),
            ),
          ),
        atLogits: (scores) => void expected.push(scores.dataSync<"float32">().slice()),
      });
      for (const undo of undos.reverse()) undo();
      assert.equal(logits.length, expected.length, title);
      for (const [i, row] of expected.entries())
        for (const [token, value] of row.entries())
          assert.ok(Math.abs(logits[i][token] - value) <= 1e-4, `${title}: ${i}, ${token}`);
      assert.equal(answer, tokenizer.decode(ids).replace("<|endoftext|>", ""), title);
    }
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

test("a state clicked, a head switched off, weights flipped: the accuracy is Node's, and undo restores every bit", (t) =>
  withBrowser(t, async (browser) => {
    await startBackend();
    const model = await booleanWorld.loadWorldModel(tinyWorld);
    const { parameters, configuration } = model;
    const { page, requests, complaints } = await openPlayground(t, browser);
    assert.equal(await exactStates(page), 32);
    const weights = await weightBits(page);
    const tensors = await tensorCount(page);
    await page.getByRole("button", { name: "B", exact: true }).click();
    await settled(page);
    assert.equal(await page.getByLabel("as text", { exact: true }).inputValue(), "1,1,1,0,1");
    assert.match(await page.locator("#answer .verdict").innerText(), /agrees/);
    const logits = await shownLogits(page);

    await page.getByRole("switch", { name: "Head 2 of layer 1" }).click();
    const off = (await exactStates(page)) as number;
    const observe = await prepareInterventions(parameters, configuration, [
      { kind: "ablate-head", layer: 0, head: 1, by: "zero" },
    ]);
    const exact = async (options: Parameters<typeof booleanWorld.evaluateModel>[1]) =>
      (await booleanWorld.evaluateModel(model, options)).rows.filter((row) => row.exact).length;
    assert.equal(off, await exact({ observe }));
    assert.ok(off < 32);
    assert.match(await page.locator("#accuracy-live").innerText(), new RegExp(`^${off} of 32 .* fewer`));

    await page.getByRole("button", { name: "Flip weights" }).click();
    await page.getByLabel("Weight", { exact: true }).selectOption("h.1.mlp.c_fc");
    await page.getByLabel("Share", { exact: true }).fill("10");
    const flipped = await exactStates(page);
    const flips = [
      { weight: "transformer.h.1.mlp.c_fc.weight", elements: { fraction: 0.1, seed: 1 }, bits: [31] },
    ];
    assert.equal(flipped, await withWeightFlips(parameters, flips, () => exact({ observe })));
    assert.notEqual(await shownLogits(page), logits);

    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await exactStates(page), 32);
    assert.equal(await shownLogits(page), logits);
    assert.deepEqual(await weightBits(page), weights);
    assert.equal(await tensorCount(page), tensors, "nothing is left over");
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Redo" }).click();
    assert.equal(await exactStates(page), flipped);
    await page.getByRole("button", { name: "Restore" }).click();
    assert.equal(await exactStates(page), 32);
    assert.equal(await shownLogits(page), logits);
    assert.deepEqual(complaints, []);
    assert.equal(requests.length, 1, "the file itself");
    for (const variable of Object.values(parameters)) variable.dispose();
  }));

test("a link holds the whole set-up", (t) =>
  withBrowser(t, async (browser) => {
    const { page } = await openPlayground(t, browser);
    await page.getByRole("switch", { name: "MLP of layer 2" }).click();
    await page.getByRole("button", { name: "Flip weights" }).click();
    await page.getByLabel("When", { exact: true }).selectOption("3");
    const exact = await exactStates(page);
    const url = page.url();
    const logits = await shownLogits(page);
    await page.goto("about:blank");
    await page.goto(url);
    assert.equal(await exactStates(page), exact);
    assert.equal(await shownLogits(page), logits);
    assert.equal(
      await page.getByRole("switch", { name: "MLP of layer 2" }).getAttribute("aria-checked"),
      "false",
    );
    assert.equal(await page.getByLabel("When", { exact: true }).inputValue(), "3");
  }));

test("the main path goes by keyboard alone, and the focus is never lost", (t) =>
  withBrowser(t, async (browser) => {
    const { page } = await openPlayground(t, browser);
    const focused = () =>
      page.evaluate(() => {
        const active = document.activeElement as HTMLElement;
        return active.getAttribute("aria-label") ?? active.id ?? active.tagName;
      });
    const tabTo = async (name: string) => {
      for (let i = 0; i < 150; i++) {
        if ((await focused()) === name) return;
        await page.keyboard.press("Tab");
        assert.notEqual(await focused(), "BODY");
      }
      assert.fail(`no way to ${name}`);
    };
    await tabTo("B");
    await page.keyboard.press("Space");
    assert.equal(
      await page.getByRole("button", { name: "B", exact: true }).getAttribute("aria-pressed"),
      "true",
    );
    await tabTo("state-text");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0,0,1,1");
    await settled(page);
    assert.match(await page.getByRole("alert").innerText(), /a 0 or 1 for each of A, B, C, D, E/);
    assert.equal(await page.getByLabel("as text", { exact: true }).getAttribute("aria-invalid"), "true");
    await page.keyboard.type(",1");
    await settled(page);
    assert.equal(await page.getByRole("alert").innerText(), "");
    assert.match(await page.locator("#answer .verdict").innerText(), /agrees/);
    await tabTo("Head 2 of layer 1");
    await page.keyboard.press("Enter");
    assert.ok((await exactStates(page)) < 32);
    assert.equal(await focused(), "Head 2 of layer 1");
    await page.keyboard.press("Control+z");
    assert.equal(await exactStates(page), 32);
    await page.keyboard.press("Control+Shift+z");
    assert.ok((await exactStates(page)) < 32);
    const map = page.getByRole("application", { name: /chosen head/ });
    await map.focus();
    await page.keyboard.press("ArrowDown");
    assert.match(
      await map.locator("xpath=..").locator(".readout").innerText(),
      /^Token 2 “,” looks at token 1 “0”: \d/,
    );
    const neurons = page.getByRole("application", { name: "Activations of layer 2" });
    await neurons.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await settled(page);
    const chip = page.getByRole("button", { name: "Switch on: Neuron 128 of layer 2" });
    await chip.focus();
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await chip.count(), 0);
    assert.notEqual(await focused(), "BODY");
  }));

test("light, dark and 360 pixels: readable, without sideways scrolling, heat maps in the scheme's colours", (t) =>
  withBrowser(t, async (browser) => {
    const papers = new Set<string>();
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openPlayground(t, browser, {
        colorScheme,
        viewport: { width: 360, height: 740 },
      });
      await page.getByRole("switch", { name: "Attention of layer 1" }).click();
      await settled(page);
      await page.evaluate("globalThis.__name = (named) => named"); // which tsx puts around functions
      const { wide, contrasts, corner } = await page.evaluate(() => {
        const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (color: string) => {
          const scale = color.startsWith("color(") ? 1 : 255;
          const [r, g, b] = channels(color.replace("color(srgb", "")).map((value) => {
            const share = value / scale;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const background = (from: Element): string => {
          for (let at: Element | null = from; at; at = at.parentElement) {
            const { backgroundColor } = getComputedStyle(at);
            if (!/^rgba\(.*, 0\)$/.test(backgroundColor)) return backgroundColor;
          }
          return "rgb(255, 255, 255)";
        };
        const seen = Array.from(document.querySelectorAll("main *")).filter(
          (part) =>
            part.checkVisibility() &&
            !part.closest('[aria-disabled="true"], .unseen, select') &&
            Array.from(part.childNodes).some((node) => node.nodeType === 3 && node.textContent?.trim()),
        );
        const found = seen.map((part) => {
          const [a, b] = [luminance(getComputedStyle(part).color), luminance(background(part))];
          return { text: part.textContent, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
        });
        const canvas = document.querySelector("canvas") as HTMLCanvasElement;
        const pixel = canvas.getContext("2d")?.getImageData(canvas.width - 1, 0, 1, 1).data ?? [];
        return {
          wide: document.documentElement.scrollWidth,
          contrasts: found.filter(({ ratio }) => !(ratio >= 4.5)),
          corner: `${Array.from(pixel)}`,
        };
      });
      assert.equal(wide, 360);
      assert.deepEqual(contrasts, []);
      papers.add(corner);
    }
    assert.equal(papers.size, 2);
  }));

test("a link of a set-up that would blow up the numbers shows so, and the page goes on", (t) =>
  withBrowser(t, async (browser) => {
    const { page, complaints } = await openPlayground(t, browser);
    const flips = [{ weight: "wte", seed: 1, fraction: 1, bit: 30, atToken: 0 }];
    await page.evaluate((hash) => (location.hash = hash), formatSetup({ ...intact, flips }));
    await page.getByRole("group", { name: "Flip 1" }).waitFor();
    assert.equal(await exactStates(page), 0);
    assert.match(await page.locator("#answer .verdict").innerText(), /differs/);
    await page.getByRole("button", { name: "Restore" }).click();
    assert.equal(await exactStates(page), 32);
    assert.deepEqual(complaints, []);
  }));

test("the page works inside a report, whose policy it inherits", (t) =>
  withBrowser(t, async (browser) => {
    const policy =
      "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";
    const quoted = (text: string) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    const file = join(temporaryFolder(t), "report.html");
    const inner = quoted(readFileSync(await exportedPage(), "utf8"));
    writeFileSync(
      file,
      `<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${policy}"></head>
<body><iframe title="playground" width="1000" height="700" srcdoc="${inner}"></iframe></body></html>`,
    );
    const { page, requests, complaints } = await openOffline(t, browser, file);
    const frame = page.frameLocator("iframe");
    const ready = () => frame.locator('main[aria-busy="false"]').waitFor({ state: "attached" });
    await ready();
    assert.match(await frame.locator("#facts").innerText(), /WebAssembly/);
    await frame.getByRole("switch", { name: "Head 2 of layer 1" }).click();
    await ready();
    assert.doesNotMatch(await frame.locator("#accuracy-number").innerText(), /^32/);
    await frame.getByRole("button", { name: "Undo" }).click();
    await ready();
    assert.match(await frame.locator("#accuracy-number").innerText(), /^32/);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith("file:") && url !== "about:srcdoc"),
      [],
    );
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
