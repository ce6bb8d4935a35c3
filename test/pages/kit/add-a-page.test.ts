// "How to add a page" at the head of src/pages/kit, followed to the letter in a temporary folder, and the page opened with
// the network off: its numbers against Node's.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import {
  createDense,
  createRandom,
  dense,
  htmlPageBundle,
  prefixNames,
  startBackend,
  tensorflow,
  writeSafetensors,
} from "../../../src";
import { inProject } from "../../../src/environment/paths.mjs";
import { launchBrowser, openOffline } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";

const src = inProject("src");

/** The programs of the how-to, by the file that it puts each in. */
function programs(): { main: string; node: string } {
  const head = readFileSync(join(src, "pages", "kit", "index.ts"), "utf8").split(/^export /m)[0];
  const [, main, node] = head
    .split(/^\/\/ \d\. /m)
    .map((step) => Array.from(step.matchAll(/^\/\/(?: {5}(.*))?$/gm), ([, line = ""]) => line).join("\n"));
  return { main, node };
}

/** Puts both programs where the how-to says, in a folder whose imports of src reach this checkout. */
function addPage(folder: string): { html(file: string): Promise<string> } {
  const page = join(folder, "pages", "tiny");
  mkdirSync(join(page, "node"), { recursive: true });
  const here = (code: string) =>
    code
      .replace(
        /from "(?:\.\.\/)+(kit[^"]*)"/g,
        (_, name) => `from ${JSON.stringify(join(src, "pages", name))}`,
      )
      .replace(/from "(?:\.\.\/)+([a-z][^"]*)"/g, (_, name) => `from ${JSON.stringify(join(src, name))}`)
      .replace(/inProject\("src", "pages", "tiny", "main.ts"\)/, JSON.stringify(join(page, "main.ts")));
  const { main, node } = programs();
  writeFileSync(join(page, "main.ts"), here(main));
  writeFileSync(join(page, "node", "tiny-html.ts"), here(node));
  const { tinyHtml } = createRequire(__filename)(join(page, "node", "tiny-html.ts"));
  return { html: tinyHtml };
}

/** A network's file, and what Node says its output is. */
async function tinyNetwork(folder: string) {
  await startBackend();
  const tf = tensorflow();
  const rng = createRandom(7);
  const [first, second] = [createDense(1, 8, { rng }), createDense(8, 1, { rng })];
  const names = { ...prefixNames("first", first), ...prefixNames("second", second) };
  const tensors = Object.entries(names).map(([name, { shape, dataSync }]) => [
    name,
    { shape, data: dataSync.call(names[name as keyof typeof names]) },
  ]);
  const file = join(folder, "model.safetensors");
  writeSafetensors(file, Object.fromEntries(tensors));
  const output = (input: number, { gain = 1, off = false } = {}) =>
    tf.tidy(() => {
      const kept = tf.tensor1d([1, off ? 0 : 1, 1, 1, 1, 1, 1, 1]);
      return dense(
        second,
        dense(first, tf.tensor2d([[input]]))
          .tanh()
          .mul(kept),
      )
        .mul(gain)
        .dataSync()[0];
    });
  return { file, output };
}

async function withPage(
  t: TestContext,
  body: (made: {
    html: string;
    folder: string;
    output: (input: number, how?: object) => number;
  }) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder(t);
  const { file, output } = await tinyNetwork(folder);
  await body({ html: await addPage(folder).html(file), folder, output });
}

test("a page made as the kit's head says computes Node's numbers offline, with undo, a link, and in a notebook's frame", async (t) => {
  const browser = await launchBrowser(t);
  if (!browser) return;
  await withPage(t, async ({ html, folder, output }) => {
    const file = join(folder, "tiny.html");
    writeFileSync(file, html);
    const { page, requests, complaints } = await openOffline(t, browser, file);
    const settled = () => page.locator('main[aria-busy="false"]').waitFor({ state: "attached" });
    const shown = async () => {
      await settled();
      return page.locator(".score strong").innerText();
    };
    assert.equal(await shown(), output(0).toFixed(3));
    assert.match(
      await page.locator("#facts").innerText(),
      /A network of 8 neurons; computed here, by WebAssembly/,
    );
    assert.equal(await page.locator(".chart path").count(), 1);

    await page.getByLabel("Input", { exact: true }).fill("0.5");
    await page.getByLabel("Gain", { exact: true }).fill("1.5");
    await page.getByRole("switch", { name: "Second neuron" }).click();
    assert.equal(await shown(), output(0.5, { gain: 1.5, off: true }).toFixed(3));
    assert.match(page.url(), /#input=0.5&gain=1.5&second=false$/);
    const link = page.url();
    for (let i = 0; i < 3; i++) await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await shown(), output(0).toFixed(3));
    await page.goto("about:blank");
    await page.goto(link);
    assert.equal(await shown(), output(0.5, { gain: 1.5, off: true }).toFixed(3));
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByRole("button", { name: "Play Input" }).click();
    await page.waitForFunction(
      () => Number((document.querySelector("input[type=range]") as HTMLInputElement).value) > 0.05,
    );
    await page.getByRole("button", { name: "Play Input" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(
      await page.getByLabel("Input", { exact: true }).inputValue(),
      "0",
      "what is played is one step",
    );
    assert.deepEqual(complaints, []);
    assert.equal(new Set(requests.map((url) => url.split("#")[0])).size, 1, "the file itself");

    const report = join(folder, "report.html");
    writeFileSync(
      report,
      `<!DOCTYPE html><body>${htmlPageBundle(html, { title: "tiny" }).data["text/html"]}</body>`,
    );
    const framed = (await openOffline(t, browser, report)).page.frameLocator("iframe");
    await framed.locator('main[aria-busy="false"]').waitFor({ state: "attached" });
    assert.equal(await framed.locator(".score strong").innerText(), output(0).toFixed(3));
  });
});
