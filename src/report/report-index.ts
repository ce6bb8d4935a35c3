// The page over all reports of a folder: a card each, with its telling figure and how it was made. Everything on it is
// read from the executed notebooks beside the reports, so that it is right whichever of them were made anew.
import fs from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../io/write-atomically";
import { escapeHtml } from "../notebook/escape-html";
import { formatDuration } from "../notebook/format-duration";
import { type ExecutedNotebook, readExecutedNotebook } from "./executed-notebook";

interface Card extends ExecutedNotebook {
  /** Of the files, without extension. */
  name: string;
  /** A data address. */
  thumbnail?: string;
}

/**
 * Writes index.html into a folder of reports (NAME.html, NAME.ipynb and perhaps NAME.png each).
 * @returns its path
 */
export function writeReportIndex(folder: string): string {
  const names = fs
    .readdirSync(folder)
    .filter(
      (file) => file.endsWith(".ipynb") && fs.existsSync(path.join(folder, file.replace(/ipynb$/, "html"))),
    )
    .map((file) => path.basename(file, ".ipynb"))
    .sort();
  const cards = names.map((name): Card => {
    const picture = path.join(folder, `${name}.png`);
    const data = fs.existsSync(picture) ? fs.readFileSync(picture).toString("base64") : undefined;
    const thumbnail = data && `data:image/png;base64,${data}`;
    return { name, thumbnail, ...readExecutedNotebook(path.join(folder, `${name}.ipynb`)) };
  });
  const index = path.join(folder, "index.html");
  writeFileAtomically(index, indexPage(cards));
  return index;
}

const style = (name: string) =>
  fs.readFileSync(path.join(__dirname, "nbconvert", "templates", "dolab", name), "utf8");

function indexPage(cards: Card[]): string {
  const failed = cards.filter((card) => card.outcome?.passed === false).length;
  const count = `${cards.length} ${cards.length === 1 ? "report" : "reports"}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>dolab reports</title>
<style>
${style("page.css")}
${style("index.css")}
</style>
</head>
<body>
<main>
<header><p class="kicker">${count}${failed ? `, ${failed} failed` : ""}</p><h1>dolab reports</h1></header>
${cards.length === 0 ? "<p>No report has been made yet: run <code>npm start</code>.</p>" : ""}
<ul class="cards">
${cards.map(cardHtml).join("\n")}
</ul>
</main>
</body>
</html>
`;
}

function cardHtml({ name, title, outcome, run, thumbnail }: Card): string {
  const passed = outcome?.passed !== false;
  const seconds = outcome?.wallTimeSeconds;
  const facts: [string, string | undefined][] = [
    ["Preset", run?.preset],
    ["Data", run?.dataSource],
    ["Wall time", seconds === undefined ? undefined : formatDuration(seconds)],
    ["Made", outcome?.startedAt.slice(0, 16).replace("T", ", ").concat(" UTC")],
  ];
  const told = facts.filter(([, value]) => value);
  const status = passed
    ? '<span class="status good">passed</span>'
    : '<span class="status bad">failed</span>';
  const synthetic = run?.dataIsSynthetic ? '<span class="status caution">synthetic data</span>' : "";
  const { error } = outcome ?? {};
  const complaint = error
    ? `${error.name}: ${error.message}`.split("\n").slice(0, 4).join("\n").slice(0, 400)
    : "";
  const picture = thumbnail
    ? `<img src="${thumbnail}" alt="" width="640" height="400">`
    : `<span class="no-picture" aria-hidden="true">${escapeHtml(title.slice(0, 1))}</span>`;
  return `<li class="card">
<a class="picture" href="${encodeURIComponent(name)}.html" tabindex="-1" aria-hidden="true">${picture}</a>
<div class="text">
<h2><a href="${encodeURIComponent(name)}.html">${escapeHtml(title)}</a></h2>
<p class="statuses">${status}${synthetic}</p>
<dl class="facts">${told.map(([key, value]) => `<div><dt>${key}</dt><dd>${escapeHtml(value ?? "")}</dd></div>`).join("")}</dl>
${complaint ? `<pre>${escapeHtml(`cell ${error?.cell}: ${complaint}`)}</pre>` : ""}
</div>
</li>`;
}
