// The page as notebooks and reports embed it: in a sandboxed frame without an origin, under a policy that it inherits.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { htmlPageBundle } from "../../../src/notebook/html-page";
import { openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";
import { exportedPage, withBrowser } from "./open-playground";

const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

test("the page works inside a report: every control, and nothing that its frame forbids", (t) =>
  withBrowser(t, async (browser) => {
    const { data } = htmlPageBundle(readFileSync(await exportedPage(), "utf8"), { title: "playground" });
    const file = join(temporaryFolder(t), "report.html");
    writeFileSync(
      file,
      `<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${policy}"></head>
<body>${data["text/html"]}</body></html>`,
    );
    const { page, requests, complaints } = await openOffline(t, browser, file);
    const frame = page.frameLocator("iframe");
    const ready = () => frame.locator('main[aria-busy="false"]').waitFor({ state: "attached" });
    const exact = async () => {
      await ready();
      return frame.locator("#accuracy-number").innerText();
    };
    assert.match(await exact(), /^32/);
    assert.equal(await frame.locator("body").evaluate(() => globalThis.origin), "null");
    assert.match(await frame.locator("#facts").innerText(), /WebAssembly/);
    await frame.getByRole("switch", { name: "Head 2 of layer 1" }).click();
    assert.doesNotMatch(await exact(), /^32/);
    await frame.getByRole("button", { name: "Undo" }).click();
    assert.match(await exact(), /^32/);

    const number = frame.getByLabel("neuron", { exact: true });
    await number.fill("18");
    await frame.getByRole("button", { name: "Switch", exact: true }).click();
    await frame.getByRole("button", { name: "Switch on: Neuron 18 of layer 1" }).waitFor();
    await number.fill("20");
    await number.press("Enter");
    await frame.getByRole("button", { name: "Switch on: Neuron 20 of layer 1" }).waitFor();
    await frame.getByRole("button", { name: "Restore" }).click();
    assert.match(await exact(), /^32/);

    await frame.getByRole("button", { name: "Copy link" }).click();
    await frame.locator("#said", { hasText: "this page on its own" }).waitFor();
    await frame.locator(".skip").press("Enter");
    assert.equal(await frame.locator("body").evaluate(() => document.activeElement?.id), "answer");
    assert.match(await exact(), /^32/, "and the frame stays where it is");
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith("file:") && url !== "about:srcdoc"),
      [],
    );
  }));
