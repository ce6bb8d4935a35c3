// TeX to MathML, with KaTeX: reads [{ "tex": "...", "display": true }, ...] from standard input and writes as many
// MathML texts, null for a formula that KaTeX cannot read. Browsers implement MathML Core, which has no mathvariant
// but "normal", no negative space in <mspace> and no columnalign: each is written in the way that MathML Core has.
import fs from "node:fs";
import process from "node:process";
import katex from "katex";

/** First code points of A, a and 0 in Unicode's mathematical alphabets, and the letters that live elsewhere. */
const alphabets = {
  bold: [0x1d400, 0x1d41a, 0x1d7ce, {}],
  "bold-italic": [0x1d468, 0x1d482, 0x1d7ce, {}],
  "double-struck": [0x1d538, 0x1d552, 0x1d7d8, { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" }],
  script: [
    0x1d49c,
    0x1d4b6,
    0,
    { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ", e: "ℯ", g: "ℊ", o: "ℴ" },
  ],
  fraktur: [0x1d504, 0x1d51e, 0, { C: "ℭ", H: "ℌ", I: "ℑ", R: "ℜ", Z: "ℨ" }],
  "sans-serif": [0x1d5a0, 0x1d5ba, 0x1d7e2, {}],
  "bold-sans-serif": [0x1d5d4, 0x1d5ee, 0x1d7ec, {}],
  monospace: [0x1d670, 0x1d68a, 0x1d7f6, {}],
};

/** @param {string} text @param {keyof typeof alphabets} variant */
function inAlphabet(text, variant) {
  const [capital, small, digit, elsewhere] = alphabets[variant];
  const letters = [...text].map((letter) => {
    const known = /** @type {Record<string, string>} */ (elsewhere)[letter];
    if (known) return known;
    if (/[A-Z]/.test(letter)) return String.fromCodePoint(capital + letter.charCodeAt(0) - 65);
    if (/[a-z]/.test(letter)) return String.fromCodePoint(small + letter.charCodeAt(0) - 97);
    if (/[0-9]/.test(letter) && digit) return String.fromCodePoint(digit + letter.charCodeAt(0) - 48);
    if (/[α-ω]/.test(letter) && variant.startsWith("bold")) return boldGreek(letter, variant);
    return letter;
  });
  return letters.join("");
}

/** @param {string} letter @param {string} variant */
const boldGreek = (letter, variant) =>
  String.fromCodePoint((variant === "bold" ? 0x1d6c2 : 0x1d736) + letter.charCodeAt(0) - 0x3b1);

/** Writes the alignment and spacing that KaTeX gives a table's columns into each cell's style. */
function alignCells() {
  /** @type {{ columns: string[], tight: boolean, next: number }[]} */
  const open = [];
  return (/** @type {string} */ tag) => {
    if (tag.startsWith("<mtable")) {
      const columns = tag.match(/columnalign="([^"]*)"/)?.[1].split(" ") ?? ["center"];
      open.push({ columns, tight: /columnspacing="0em/.test(tag), next: 0 });
      return tag;
    }
    if (tag === "</mtable>") open.pop();
    const table = open[open.length - 1];
    if (tag === "<mtr>") table.next = 0;
    if (tag !== "<mtd>") return tag;
    const align = table.columns[Math.min(table.next++, table.columns.length - 1)];
    return `<mtd style="text-align: ${align}${table.tight ? "; padding-inline: 0" : ""}">`;
  };
}

/** KaTeX's HTML has it between "log" and its argument; its MathML leaves it to the browser, which does not. */
const thinSpace = '<mspace width="0.1667em"></mspace>';

/** @param {{ tex: string, display: boolean }} formula @returns {string | null} */
function toMathMl({ tex, display }) {
  try {
    const html = katex.renderToString(tex, {
      output: "mathml",
      displayMode: display,
      throwOnError: true,
      strict: false,
    });
    return html
      .replace(/^<span class="katex">(.*)<\/span>$/s, "$1")
      .replace(/(<m[ion]|<mtext) mathvariant="([a-z-]+)">([^<]*)</g, (whole, tag, variant, text) =>
        variant in alphabets ? `${tag}>${inAlphabet(text, variant)}<` : whole,
      )
      .replace(
        /<mo>\u2061<\/mo>(?=<m(?:i|n|sub|sup|subsup|over|under|frac|sqrt|style|text)\b)/g,
        `$&${thinSpace}`,
      )
      .replace(/<\/?mtable[^>]*>|<mtr>|<mtd>/g, alignCells())
      .replace(
        /<mtext>[\u2005-\u200a ]\u2063<\/mtext>/g,
        '<mspace style="margin-inline-start: -0.1667em"></mspace>',
      );
  } catch {
    return null;
  }
}

const formulas = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(formulas.map(toMathMl)));
