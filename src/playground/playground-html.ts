// The playground as one page: style, script and, where it is to stand alone, the model. What the page may do is what its
// policy lists: run this script and WebAssembly, use this style, and ask its own server for the model or nobody for anything.
import { createHash } from "node:crypto";
import { bundlePage } from "./bundle-page";
import { readModelFolder } from "./model-folder";

/** What a page that stands alone may take. */
export const LARGEST_PAGE = 10_000_000;

/**
 * The playground of a saved model as one HTML text that needs no network, for a file or an iframe's `srcdoc`.
 *
 * @param folder of a compact model, as `saveGpt2` writes it
 * @throws {RangeError} where a file is missing, the world has over 1,024 states, or the page would take 10 MB; {SyntaxError | SafetensorsError} where a file
 *   is damaged
 */
export async function playgroundHtml(folder: string): Promise<string> {
  const files = await readModelFolder(folder);
  const carried = Object.fromEntries(
    Array.from(files, ([name, content]) => [name, content.toString("base64")]),
  );
  const { html } = await page(JSON.stringify(carried), "'none'");
  if (html.length < LARGEST_PAGE) return html; // ASCII, so a byte a character
  const megabytes = (html.length / 1e6).toFixed(1);
  throw new RangeError(
    `Cannot put the model in ${folder} into a page as that takes less than 10 MB: got ${megabytes} MB; train with --vocabulary compact`,
  );
}

/** The page that asks its server for the model, and the policy that goes with it. */
export const servedPage = (): Promise<{ html: string; policy: string }> => page("null", "'self'");

async function page(
  carried: string,
  connect: "'none'" | "'self'",
): Promise<{ html: string; policy: string }> {
  const { script, style } = await bundlePage();
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
<title>Boolean world playground</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
<div class="page">
<header class="top">
<h1>Boolean world playground</h1>
<p>A small language model learnt the rules of a world of boolean variables from examples alone. Give it a state, switch parts of it off or flip its weights, and watch what it still knows.</p>
<p id="facts"><noscript>The model runs in this page, which needs JavaScript for it.</noscript></p>
</header>
<main id="playground"></main>
<p id="said" role="status"></p>
</div>
<script type="application/json" id="carried-model">${carried.replace(/</g, "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy };
}

const digest = (text: string) => `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
