// The markup of the index of reports: a card for each notebook, and, while some are running, a script that loads the page again
// every two seconds, also when it is opened as a file. A page whose run ended without a word says so.
import fs from "node:fs";
import { inProject } from "../environment/paths.mjs";
import { type Claim, claimCount } from "../experiments/claims";
import { escapeHtml } from "../notebook/escape-html";
import { formatDuration } from "../notebook/format-duration";
import type { IndexEntry, ReportEntry } from "./report-index";

/** While notebooks run, the index is written anew at least this often, in milliseconds. */
export const indexHeartbeatMs = 5_000;

const part = (name: string) =>
  fs.readFileSync(inProject("src", "report", "nbconvert", "templates", "dolab", name), "utf8");

/** @param entries in the order in which they are shown */
export function indexPage(entries: readonly IndexEntry[]): string {
  const live = entries.some(({ state }) => state === "waiting" || state === "running");
  const written = live ? ` data-written="${Date.now()}" data-heartbeat="${indexHeartbeatMs}"` : "";
  return `<!DOCTYPE html>
<html lang="en"${written}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
${live ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : ""}
<title>${live ? `${countOf(entries, "ready")} of ${entries.length} ready · ` : ""}dolab reports</title>
<style>
${part("page.css")}
${part("index.css")}
</style>
</head>
<body>
<main>
<header><p class="kicker" role="status">${headline(entries)}</p><h1>dolab reports</h1>
<p class="ended" hidden>The run that wrote this page has ended without finishing it: start it again with <code>npm start</code>.</p></header>
${entries.length === 0 ? "<p>No report has been made yet: run <code>npm start</code>.</p>" : ""}
<ul class="cards">
${entries.map(cardHtml).join("\n")}
</ul>
</main>
${live ? `<script>${part("index.js")}</script>` : ""}
</body>
</html>
`;
}

const countOf = (entries: readonly IndexEntry[], state: IndexEntry["state"]) =>
  entries.filter((entry) => entry.state === state).length;

function headline(entries: readonly IndexEntry[]): string {
  const states = (["running", "waiting", "failed"] as const)
    .map((state) => [countOf(entries, state), state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const total = `${entries.length} ${entries.length === 1 ? "report" : "reports"}`;
  return [total, ...states].join(", ");
}

const statusLooks = { waiting: "quiet", running: "busy", ready: "good", failed: "bad" } as const;

function cardHtml(entry: IndexEntry): string {
  const { title, state, failed } = entry;
  const report = entry.report ?? failed;
  const statuses = [
    `<span class="status ${statusLooks[state]}">${state}</span>`,
    report?.run?.dataIsSynthetic ? '<span class="status caution">synthetic data</span>' : "",
  ];
  const picture = report?.thumbnail
    ? `<img src="${report.thumbnail}" alt="" width="640" height="400">`
    : `<span class="no-picture" aria-hidden="true">${escapeHtml(title.slice(0, 1))}</span>`;
  const link = report && encodeURIComponent(report.html);
  const heading = escapeHtml(title);
  return `<li class="card">
${link ? `<a class="picture" href="${link}" tabindex="-1" aria-hidden="true">${picture}</a>` : `<div class="picture">${picture}</div>`}
<div class="text">
<h2>${link ? `<a href="${link}">${heading}</a>` : heading}</h2>
<p class="statuses">${statuses.join("")}</p>
${pendingHtml(entry)}
${report ? factsHtml(report) : ""}
${failed ? failureHtml(failed, entry.report) : report?.outcome?.passed === false ? failureHtml(report) : ""}
</div>
</li>`;
}

/** How far the run is, or why there is none, and what the report that is there shows meanwhile. */
function pendingHtml({ pending, report, failed }: IndexEntry): string {
  if (!pending) return "";
  const { state, cell, cells, heading, startedAt, problem, soFar } = pending;
  const lines: string[] = [];
  if (state === "running") {
    const place = cell && cells ? `cell ${cell} of ${cells}` : "starting its kernel";
    const since = startedAt ? formatDuration(Math.max(0, (Date.now() - Date.parse(startedAt)) / 1000)) : "";
    lines.push([place, heading, since].filter(Boolean).join(" · "));
  }
  if (problem) lines.push(problem);
  else if (report || failed) lines.push("Below is its last report; it stays until the new one is ready");
  const bar =
    cell && cells ? `<progress max="${cells}" value="${cell - 1}" aria-label="cells done"></progress>` : "";
  const growing = soFar
    ? `<p class="pending"><a href="${encodeURIComponent(soFar)}">Read what is there so far</a></p>`
    : "";
  return lines.map((line) => `<p class="pending">${escapeHtml(line)}</p>`).join("") + bar + growing;
}

function factsHtml({ run, outcome, claims }: ReportEntry): string {
  const seconds = outcome?.wallTimeSeconds;
  const facts: [string, string | undefined][] = [
    ["Claims", claims && claimCount(claims)],
    ["Preset", run?.preset],
    ["Data", run?.dataSource],
    ["Wall time", seconds === undefined ? undefined : formatDuration(seconds)],
    ["Made", outcome?.startedAt.slice(0, 16).replace("T", ", ").concat(" UTC")],
  ];
  const told = facts.flatMap(([key, value]) =>
    value ? `<div><dt>${key}</dt><dd>${oneLine(value)}</dd></div>` : [],
  );
  return `<dl class="facts">${told.join("")}</dl>${claims?.length ? claimsHtml(claims) : ""}`;
}

const marks = { shown: "✓", "not shown": "✗", "cannot be told here": "?" } as const;

const claimsHtml = (claims: readonly Claim[]) =>
  `<details class="claims"><summary>The claims</summary><ul>${claims
    .map(
      ({ claim, verdict }) =>
        `<li><span aria-hidden="true">${marks[verdict]}</span> ${escapeHtml(claim)}: ${verdict}</li>`,
    )
    .join("")}</ul></details>`;

/** What fills more than a line of a card shows its beginning; the rest opens with a click. */
const longestLine = 44;

const oneLine = (text: string) =>
  text.length <= longestLine
    ? escapeHtml(text)
    : `<details class="long"><summary>${escapeHtml(text)}</summary></details>`;

/** @param good the report that the failed run did not replace */
function failureHtml({ html, outcome }: ReportEntry, good?: ReportEntry): string {
  const { error, startedAt } = outcome ?? {};
  const when = startedAt ? ` of ${startedAt.slice(0, 16).replace("T", ", ")} UTC` : "";
  const notice = good
    ? `<p class="failure">A later run${when} failed; the report above is the last good one. <a href="${encodeURIComponent(html)}">See how far it came</a></p>`
    : "";
  if (!error) return notice;
  const reason = `${error.name}: ${error.message}`.split("\n").slice(0, 4).join("\n").slice(0, 400);
  return `${notice}<pre>${escapeHtml(`cell ${error.cell}: ${reason}`)}</pre>`;
}
