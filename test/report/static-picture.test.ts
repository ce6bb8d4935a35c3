import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { figureBundle, plotlyMime } from "../../src/notebook/figure";
import { type PictureRequest, renderStaticPictures } from "../../src/report";
import { scratchFolder } from "../io/scratch";
import { launchBrowser, openOffline } from "../support/browser";

const spec = {
  data: [{ type: "scatter", x: new Float32Array([1, 2, 3]), y: [2, NaN, 3], name: "</script><b>loss</b>" }],
  layout: { title: "Loss", xaxis: { title: "step" }, height: 300 },
};

/** Runs as on a machine without a browser. */
function withoutBrowser(t: TestContext) {
  const before = process.env.DOLAB_BROWSER;
  process.env.DOLAB_BROWSER = "none";
  t.after(() => {
    if (before === undefined) delete process.env.DOLAB_BROWSER;
    else process.env.DOLAB_BROWSER = before;
  });
}

test("renderStaticPictures() writes PNG, SVG and PDF of the asked size, dark on white", async (t) => {
  if (!(await launchBrowser(t))) return;
  const folder = scratchFolder(t);
  const file = (name: string) => join(folder, name);
  const requests: PictureRequest[] = [
    { spec, path: file("a.png"), width: 500, height: 250, scale: 3 },
    { spec, path: file("a.svg") },
    { spec, path: file("a.pdf"), width: 600 },
    // What a notebook holds already has the notebook's look: it too becomes dark on white.
    { spec: figureBundle(spec).data[plotlyMime] as typeof spec, path: file("b.svg") },
  ];
  const { written, note } = await renderStaticPictures(requests);
  assert.deepEqual(
    written,
    requests.map((request) => request.path),
  );
  assert.equal(note, undefined);

  const png = readFileSync(file("a.png"));
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1500, 750]);
  for (const name of ["a.svg", "b.svg"]) {
    const svg = readFileSync(file(name), "utf8");
    assert.match(svg, /^<svg[^>]* width="720" height="300"/);
    assert.match(svg, /<rect x="0" y="0" width="720" height="300" style="fill: rgb\(255, 255, 255\)/);
    assert.match(svg, /class="xtick"><text[^>]*fill: rgb\(31, 35, 40\)/);
    assert.doesNotMatch(svg, /rgb\(118, 118, 118\)|<script/);
  }
  const pdf = readFileSync(file("a.pdf"), "latin1");
  assert.ok(pdf.startsWith("%PDF-1"));
  assert.equal(/\/Title \((.*)\)/.exec(pdf)?.[1], "Loss");
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
  assert.equal(Number(width), 450); // 600 by 300 CSS pixels are 450 by 225 points, which the browser rounds
  assert.ok(Math.abs(Number(height) - 225) < 1);
  assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1);
});

test("renderStaticPictures() without a browser writes pages that work offline and says how to get pictures", async (t) => {
  const folder = scratchFolder(t);
  const browser = await launchBrowser(t);
  withoutBrowser(t);
  const requests = ["a.png", "b.pdf"].map((name) => ({ spec, path: join(folder, name) }));
  const { written, note } = await renderStaticPictures(requests);
  assert.deepEqual(
    written,
    ["a.html", "b.html"].map((name) => join(folder, name)),
  );
  assert.match(note ?? "", /chromium/);
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
  assert.equal(scripts.length, 1, "one script for all pages of a folder");
  assert.ok(statSync(written[0]).size < 10_000);
  if (!browser) return;
  const { page, requests: asked, complaints } = await openOffline(t, browser, written[0]);
  await page.waitForSelector(".main-svg");
  assert.equal(asked.length, 2);
  assert.ok(asked.every((address) => address.startsWith("file:")));
  assert.deepEqual(complaints, []);
});

test("renderStaticPictures() can leave it at that without a browser", async (t) => {
  withoutBrowser(t);
  const path = join(scratchFolder(t), "a.png");
  assert.deepEqual((await renderStaticPictures([{ spec, path }], { withoutBrowser: "skip" })).written, []);
  assert.ok(!existsSync(path));
});

test("renderStaticPictures() refuses a format it cannot write before it draws anything", async (t) => {
  const folder = scratchFolder(t);
  const requests = ["a.png", "b.jpg"].map((name) => ({ spec, path: join(folder, name) }));
  await assert.rejects(renderStaticPictures(requests), {
    name: "RangeError",
    message: /b\.jpg as its name must end in \.png, \.pdf or \.svg: got "jpg"/,
  });
  assert.deepEqual(readdirSync(folder), []);
});
