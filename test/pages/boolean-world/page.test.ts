// The page in a real browser: what it shows, and how it is used.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { booleanWorld, startBackend } from "../../../src";
import { prepareInterventions } from "../../../src/models/gpt2/interpret/interventions";
import { withWeightFlips } from "../../../src/models/gpt2/interpret/weight-flips";
import { formatSetup } from "../../../src/pages/boolean-world/setup";
import { openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";
import {
  exactStates,
  exportedPage,
  intact,
  openPlayground,
  settled,
  shownLogits,
  tensorCount,
  tinyWorld,
  weightBits,
  withBrowser,
} from "./open-playground";

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
    assert.match(await page.locator("#headline").innerText(), new RegExp(`^${off} of 32 .* fewer`));

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
        return active.getAttribute("aria-label") || active.id || active.tagName;
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
    await page.locator("#state-problem", { hasText: "a 0 or 1 for each of A, B, C, D, E" }).waitFor();
    assert.equal(await page.getByLabel("as text", { exact: true }).getAttribute("aria-invalid"), "true");
    await page.keyboard.type(",1");
    await settled(page);
    assert.equal(await page.locator("#state-problem").innerText(), "");
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
    assert.equal(await focused(), "off");
    const only = page.getByRole("button", { name: "Switch on: Head 2 of layer 1" });
    await only.focus();
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await page.locator(".chips li").count(), 0);
    assert.equal(await focused(), "off", "where the chips were");
    await page.getByRole("button", { name: "Flip weights" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "flip-0-weight");
    await page.keyboard.press("Control+z");
    await settled(page);
    assert.notEqual(await focused(), "BODY");
    await page.locator(".skip").focus();
    const before = page.url();
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "answer");
    assert.equal(page.url(), before);
  }));

test("a state being typed is found wrong after a pause or on leaving, and not at each key", (t) =>
  withBrowser(t, async (browser) => {
    const { page } = await openPlayground(t, browser);
    const field = page.getByLabel("as text", { exact: true });
    const problem = page.locator("#state-problem");
    assert.equal(await problem.getAttribute("role"), "status");
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      const node = document.querySelector("#state-problem") as Element;
      new MutationObserver(() => told.push(node.textContent ?? "")).observe(node, { childList: true });
    });
    await field.evaluate((input: HTMLInputElement, typed: string) => {
      input.focus();
      for (let count = 0; count <= typed.length; count++) {
        input.value = typed.slice(0, count);
        input.dispatchEvent(new Event("input"));
      }
    }, "1, 0,0,0,1");
    await settled(page);
    assert.deepEqual(await page.evaluate("told"), []);
    await page.getByRole("button", { name: "Next state" }).click();
    assert.equal(await field.inputValue(), "1,0,0,1,0", "after one with white space");
    await field.fill("1,0");
    await page.keyboard.press("Tab");
    assert.match(await problem.innerText(), /a 0 or 1 for each/);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await page.getByRole("button", { name: "Next state" }).click();
    assert.equal(await field.inputValue(), "0,0,0,0,0", "the first, after what is no state");
    assert.equal(await problem.innerText(), "");
  }));

test("a run that fails takes the older numbers away and says so until one succeeds", (t) =>
  withBrowser(t, async (browser) => {
    const { page } = await openPlayground(t, browser);
    const numbers = () => page.locator("#accuracy-number").innerText();
    assert.match(await numbers(), /^32/);
    await page.evaluate(() => {
      const { runner } = (globalThis as unknown as { dolab: { runner: Record<string, unknown> } }).dolab;
      for (const name of ["read", "evaluate"])
        runner[name] = () => Promise.reject(new Error("There is no memory left"));
    });
    await page.getByRole("switch", { name: "Head 2 of layer 1" }).click();
    await settled(page);
    await page.getByRole("alert").filter({ hasText: "There is no memory left" }).waitFor();
    assert.equal(await numbers(), "?");
    assert.match(await page.locator("#answer .verdict").innerText(), /No answer/);
    assert.equal(await page.locator("#answer td").count(), 0);
    assert.equal(await page.locator(".states .exact, .states .missed").count(), 0);
    assert.equal(await page.locator("#headline").innerText(), "");
    await page.evaluate(() => {
      const { runner } = (globalThis as unknown as { dolab: { runner: Record<string, unknown> } }).dolab;
      for (const name of ["read", "evaluate"]) delete runner[name];
    });
    await page.getByRole("switch", { name: "Head 2 of layer 1" }).click();
    assert.equal(await exactStates(page), 32);
    assert.equal(await page.getByRole("alert").innerText(), "");
    assert.match(await page.locator("#answer .verdict").innerText(), /agrees/);
  }));

test("a page that cannot start says why, and one without JavaScript what it needs", (t) =>
  withBrowser(t, async (browser) => {
    const html = readFileSync(await exportedPage(), "utf8");
    const file = join(temporaryFolder(t), "broken.html");
    writeFileSync(file, html.replace(/(id="carried-files">)[^<]*/, "$1{}"));
    const { page } = await openOffline(t, browser, file);
    await page.getByRole("alert").filter({ hasText: "This page cannot start." }).waitFor();
    assert.equal(await page.locator("#facts").innerText(), "There is no model to show.");
    assert.match(html, /<p id="facts"><noscript>[^<]* needs JavaScript/);
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
