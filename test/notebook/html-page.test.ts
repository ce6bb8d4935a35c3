import assert from "node:assert/strict";
import { test } from "node:test";
import { htmlPage, htmlPageBundle } from "../../src/notebook/html-page";
import { fakeKernel } from "./kernel-bridge";

test("a page stands in a frame whose scripts run, but on nothing around it", (t) => {
  const { shown } = fakeKernel(t);
  htmlPage(`<p title="one &amp; two">"page" & more</p>`, { title: 'A "page"', height: 321 });
  const { data } = shown[0] as { data: Record<string, string> };
  assert.equal(data["text/plain"], 'Page: A "page"');
  assert.match(data["text/html"], /sandbox="allow-scripts"/);
  assert.match(data["text/html"], /title="A &quot;page&quot;"/);
  assert.match(data["text/html"], /height: 321px/);
  const inner = /srcdoc="([^"]*)"/.exec(data["text/html"])?.[1] as string;
  const entities: Record<string, string> = { quot: '"', lt: "<", gt: ">", amp: "&", "#39": "'" };
  const read = inner.replace(/&(quot|lt|gt|amp|#39);/g, (_, name) => entities[name]);
  assert.equal(read, `<p title="one &amp; two">"page" & more</p>`);
});

test("a page without a title is refused", () => {
  assert.throws(
    () => htmlPageBundle("<p>", { title: " " }),
    /^RangeError: Cannot show a page as its frame needs/,
  );
});
