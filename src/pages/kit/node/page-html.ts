// A page as one HTML text: style, script and, where it is to stand alone, the files that it carries. What the page may do is
// what its policy lists: it runs this script and WebAssembly, uses this style, and asks its own server for files, or nobody
// for anything.
import { createHash } from "node:crypto";
import { bundlePage, type PageDefinition } from "./bundle-page";

/** How many bytes a page that stands alone may take. */
export const LARGEST_PAGE = 10_000_000;

/** The files that a page carries, by name. */
export type CarriedFiles = ReadonlyMap<string, Uint8Array> | Readonly<Record<string, Uint8Array | string>>;

/**
 * Makes a page that needs no network and no other file, for a file of its own or for `htmlPage` in a notebook.
 *
 * @param page its title, lead, entry and styles
 * @param files what `load` in its `main.ts` finds, by name: bytes, or text that is carried as UTF-8
 * @param options.what names what the page shows in the refusal of a page that is too large, such as "the model in out/final"
 * @returns ASCII, so that it takes as many bytes as it has characters
 * @throws {RangeError} where the page would take 10 MB or more
 * @throws {Error} where the page's code does not compile, or needs Node
 * @example
 * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { pageHtml } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/page-`);
 * writeFileSync(`${folder}/main.ts`, 'document.title = "Two by two";');
 * const html = await pageHtml({ title: "A table", lead: "It counts.", entry: `${folder}/main.ts` });
 * html.includes("<title>A table</title>"); // => true
 * rmSync(folder, { recursive: true });
 */
export async function pageHtml(
  page: PageDefinition,
  files: CarriedFiles = {},
  { what = page.title, remedy = "carry less" }: { what?: string; remedy?: string } = {},
): Promise<string> {
  const entries = files instanceof Map ? [...files] : Object.entries(files);
  const carried = Object.fromEntries(
    entries.map(([name, content]) => [name, Buffer.from(content).toString("base64")]),
  );
  const { html } = await writePage(page, carried, "'none'");
  if (html.length < LARGEST_PAGE) return html;
  const megabytes = (html.length / 1e6).toFixed(1);
  throw new RangeError(
    `Cannot put ${what} into a page as that must take less than 10 MB: got ${megabytes} MB; ${remedy}`,
  );
}

/** Makes the page that asks its server for these files, and the policy that goes with it. */
export const servedPage = (
  page: PageDefinition,
  names: readonly string[],
): Promise<{ html: string; policy: string }> =>
  writePage(page, Object.fromEntries(names.map((name) => [name, null])), "'self'");

async function writePage(
  page: PageDefinition,
  /** Base64 by name; null for a file that the server has. */
  carried: Record<string, string | null>,
  connect: "'none'" | "'self'",
): Promise<{ html: string; policy: string }> {
  const { script, style } = await bundlePage(page);
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}' 'wasm-unsafe-eval'`,
    `style-src '${digest(style)}'`,
    "img-src data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>${asciiHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
<div class="page">
<header class="top">
<h1>${asciiHtml(page.title)}</h1>
<p>${asciiHtml(page.lead)}</p>
<p id="facts"><noscript>The model runs in this page, which needs JavaScript for it.</noscript></p>
</header>
<main id="page"></main>
<p id="said" role="status"></p>
</div>
<script type="application/json" id="carried-files">${JSON.stringify(carried).replace(/</g, "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy };
}

const digest = (text: string) => `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;

/** Text as HTML in ASCII. */
const asciiHtml = (text: string) =>
  text.replace(/[^ -%'-;=?-~]/gu, (character) => `&#${character.codePointAt(0)};`);
