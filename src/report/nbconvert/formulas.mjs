// Sets TeX formulas with KaTeX, as HTML for the eye and MathML for screen readers: reads
// [{ "tex": "...", "display": true }, ...] from standard input and writes { "html": [...], "css": "..." }; html is null
// for a formula that KaTeX cannot read, and the style carries the fonts that these formulas use, so that they look the
// same on every machine. (MathML alone is set with whatever font a reader has, most often one without mathematics.)
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import katex from "katex";

/** @param {{ tex: string, display: boolean }} formula @returns {string | null} */
function set({ tex, display }) {
  try {
    return katex.renderToString(tex, { displayMode: display, strict: false });
  } catch {
    return null;
  }
}

/** KaTeX's style with the fonts in it whose rules apply to some of the formulas. @param {string} html */
function style(html) {
  const file = createRequire(import.meta.url).resolve("katex/dist/katex.min.css");
  const css = fs.readFileSync(file, "utf8");
  const classes = new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names.split(" ")));
  const families = new Set(["KaTeX_Main"]);
  for (const [, selectors, family] of css.matchAll(/}([^{}@]+){[^{}]*font-family:(KaTeX_\w+)/g)) {
    const names = [...selectors.matchAll(/\.([\w-]+)/g)].map(([, name]) => name);
    if (names.some((name) => name !== "katex" && classes.has(name))) families.add(family);
  }
  return css.replace(/@font-face{[^}]*}/g, (face) => {
    const family = face.match(/font-family:(\w+)/)?.[1] ?? "";
    const font = face.match(/url\((fonts\/[\w-]+\.woff2)\)/)?.[1];
    if (!font || !families.has(family)) return "";
    const data = fs.readFileSync(path.join(path.dirname(file), font)).toString("base64");
    return face.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`);
  });
}

const html = JSON.parse(fs.readFileSync(0, "utf8")).map(set);
process.stdout.write(JSON.stringify({ html, css: style(html.join("")) }));
