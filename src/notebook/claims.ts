// The last table of a notebook: each claim beside what its authors found and what this run found, with a verdict that a word
// and a mark tell, not a colour alone. The same output carries the rows as data, from which the report's masthead, the index
// and index.json read them.
import { type Claim, claimCount, type Verdict } from "../experiments/claims";
import { type DisplayBundle, display } from "./display";
import { escapeHtml } from "./escape-html";

export const claimsMime = "application/vnd.dolab.claims+json";

/** The claims as they are stored in the notebook. */
export interface ClaimsRecord {
  schema: 1;
  claims: readonly Claim[];
}

export interface ClaimsOptions {
  /** The table's title. */
  title?: string;
  /** A sentence under the title: what the numbers are and where they come from. */
  caption?: string;
}

const marks: Record<Verdict, { mark: string; colour: string }> = {
  shown: { mark: "✓", colour: "var(--jp-success-color1, #009e73)" },
  "not shown": { mark: "✗", colour: "var(--jp-error-color1, #d55e00)" },
  "cannot be told here": { mark: "?", colour: "var(--jp-content-font-color2, #808080)" },
};

/**
 * Shows the claims of a run in the running cell. Where a notebook announces several times, the last announcement counts.
 *
 * @param claims one row a claim, in the order in which they are read
 * @param options the table's title and caption
 * @throws {RangeError} where a row is incomplete: no sentence, no finding, an unknown verdict, or no reason why it cannot be told
 * @example
 * import { announceClaims, claimCount, type Claim } from "dolab";
 * const claim: Claim = {
 *   claim: "Largest exponents tell right from wrong answers",
 *   published: { value: "AUC 0.984", source: "document 001" },
 *   found: "AUC 0.971 [0.958, 0.982]",
 *   verdict: "shown",
 * };
 * announceClaims([claim]); // the table's caption begins with this count
 * claimCount([claim]); // => "1 of 1 claims shown"
 */
export function announceClaims(claims: readonly Claim[], options: ClaimsOptions = {}): void {
  display(claimsBundle(claims, options));
}

/**
 * Makes the output that `announceClaims` shows, as HTML, plain text and data.
 *
 * @param claims one row a claim, in the order in which they are read
 * @param options the table's title and caption
 * @throws {RangeError} as `announceClaims` does
 * @example
 * import { claimsBundle } from "dolab";
 * const { data } = claimsBundle([{ claim: "Two is even", published: null, found: "2 % 2 = 0", verdict: "shown" }]);
 * String(data["text/plain"]).split("\n")[2]; // => "✓ shown: Two is even"
 */
export function claimsBundle(
  claims: readonly Claim[],
  { title = "What this run shows", caption = "" }: ClaimsOptions = {},
): DisplayBundle {
  claims.forEach(requireWhole);
  const record: ClaimsRecord = {
    schema: 1,
    claims: claims.map(({ claim, published, found, verdict, why }) => ({
      claim,
      published,
      found,
      verdict,
      ...(why ? { why } : {}),
    })),
  };
  return {
    data: {
      [claimsMime]: record,
      "text/html": claimsHtml(claims, title, caption),
      "text/plain": claimsText(claims, title),
    },
    metadata: {},
  };
}

function requireWhole({ claim, found, verdict, why }: Claim, index: number): void {
  const refuse = (rule: string, got: unknown) => {
    throw new RangeError(`Cannot announce claim ${index + 1} as ${rule}: got ${JSON.stringify(got)}`);
  };
  if (!claim?.trim()) refuse("it must be a sentence", claim);
  if (!found?.trim()) refuse(`"${claim}" must say what this run found`, found);
  if (!Object.hasOwn(marks, verdict))
    refuse(`the verdict of "${claim}" must be one of ${Object.keys(marks).join(", ")}`, verdict);
  if (verdict === "cannot be told here" && !why?.trim())
    refuse(`"${claim}" must say why it cannot be told here`, why);
}

const line = "border-bottom: 1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.3))";
const cell = `padding: 6px 16px 6px 0; ${line}; text-align: left; vertical-align: top; white-space: normal; overflow-wrap: break-word`;
const pale = "color: var(--jp-content-font-color2, inherit)";

function claimsHtml(claims: readonly Claim[], title: string, caption: string): string {
  const heads = ["Verdict", "Claim", "Published", "Found here"].map(
    (name) => `<th scope="col" style="${cell}; font-weight: 600">${name}</th>`,
  );
  const rows = claims.map(({ claim, published, found, verdict, why }) => {
    const { mark, colour } = marks[verdict];
    const cells = [
      `<td style="${cell}; min-width: 7em; font-weight: 600"><span aria-hidden="true" style="color: ${colour}">${mark}</span> ${verdict}</td>`,
      `<th scope="row" style="${cell}; min-width: 14em; font-weight: 400">${escapeHtml(claim)}</th>`,
      `<td style="${cell}; min-width: 8em">${published ? `${escapeHtml(published.value)}<br><small style="${pale}">${escapeHtml(published.source)}</small>` : "–"}</td>`,
      `<td style="${cell}; min-width: 8em">${escapeHtml(found)}${why ? `<br><small style="${pale}">${escapeHtml(why)}</small>` : ""}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const notes = [claimCount(claims), caption].filter(Boolean).map(escapeHtml).join(". ");
  return (
    `<div class="dolab-claims" role="region" tabindex="0" aria-label="${escapeHtml(title)}" style="margin: 0.6em 0 1em; overflow-x: auto; font-size: 13px; line-height: 1.45">` +
    `<table style="display: table; width: auto; margin: 0; border: 0; border-collapse: collapse; font-size: inherit; font-variant-numeric: tabular-nums">` +
    `<caption style="padding: 0 0 6px; caption-side: top; color: inherit; text-align: left"><strong>${escapeHtml(title)}</strong><br><span style="${pale}">${notes}</span></caption>` +
    `<thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`
  );
}

function claimsText(claims: readonly Claim[], title: string): string {
  const rows = claims.map(({ claim, published, found, verdict, why }) => {
    const theirs = published ? `; published: ${published.value} (${published.source})` : "";
    return `${marks[verdict].mark} ${verdict}: ${claim}\n  found: ${found}${theirs}${why ? `\n  ${why}` : ""}`;
  });
  return [title, claimCount(claims), ...rows].join("\n");
}
