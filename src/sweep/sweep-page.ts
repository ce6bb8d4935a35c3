// A sweep on one page for any browser: what was swept, and for each point its summary, claims and the figures that were
// collected, which travel in the page.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Claim, claimCount } from "../experiments/claims";
import { readRun } from "../experiments/saved-run";
import { doneKeys } from "../experiments/unit-rows";
import { escapeHtml } from "../notebook/escape-html";
import type { Sweep } from "./sweep-file";
import { pointFolder } from "./sweep-folder";
import { type SweepPlan, type SweepPoint, shown } from "./sweep-points";

/** Points beyond these are in sweep.csv. */
const MOST_POINTS = 100;

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse } th, td { border-bottom: 1px solid #ccc; padding: .25rem .75rem; text-align: left; vertical-align: top }
img { max-width: 100%; display: block; margin: 1rem 0 } pre { white-space: pre-wrap } section { margin-top: 3rem }`;

/** @returns the page */
export function sweepPage(
  folder: string,
  sweep: Sweep,
  { experiment, points, units, varied }: SweepPlan,
): string {
  const text = escapeHtml;
  const told = points.slice(0, MOST_POINTS).map((point) => tellPoint(folder, experiment, point));
  const done = points.reduce((sum, point) => sum + doneKeys(pointFolder(folder, point)).size, 0);
  const over = varied.length > 0 ? ` over ${varied.join(", ")}` : "";
  const rows = told.map(({ point, done: rowsDone, claims }) => {
    const values = varied.map((key) => `<td>${text(JSON.stringify(point.varied[key]) ?? "")}</td>`);
    return `<tr><td><a href="#p${point.index}">${text(point.name)}</a></td>${values.join("")}<td>${rowsDone} of ${point.units.length}</td><td>${claims.length > 0 ? text(claimCount(claims)) : ""}</td></tr>`;
  });
  const more =
    points.length > MOST_POINTS ? `<p>and ${shown(points.length - MOST_POINTS)} more points</p>` : "";
  return `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>${text(sweep.name)}</title><style>${STYLE}</style>
<h1>${text(sweep.name)}</h1>
<p>${told.some(({ synthetic }) => synthetic) ? "Synthetic data. " : ""}${text(experiment.title)}, preset ${sweep.preset}${text(over)}: ${shown(done)} of ${shown(units)} units done, in ${shown(points.length)} ${points.length === 1 ? "point" : "points"}.</p>
<table><tr><th>point</th>${varied.map((key) => `<th>${text(key)}</th>`).join("")}<th>units</th><th>claims</th></tr>
${rows.join("\n")}</table>${more}
${told.map(section).join("\n")}
</html>
`;
}

interface ToldPoint {
  point: SweepPoint;
  done: number;
  synthetic: boolean;
  summary: string;
  claims: Claim[];
  pictures: { name: string; bytes: Buffer }[];
}

function tellPoint(folder: string, experiment: SweepPlan["experiment"], point: SweepPoint): ToldPoint {
  const place = pointFolder(folder, point);
  const done = doneKeys(place).size;
  if (done === 0) return { point, done, synthetic: false, summary: "", claims: [], pictures: [] };
  const run = readRun(experiment, place);
  const outcome = experiment.outcome(run);
  const names = existsSync(run.output) ? readdirSync(run.output).filter((name) => name.endsWith(".png")) : [];
  return {
    point,
    done,
    synthetic: run.synthetic,
    summary: experiment.summary(outcome),
    claims: experiment.claims(outcome),
    pictures: names.sort().map((name) => ({ name, bytes: readFileSync(join(run.output, name)) })),
  };
}

function section({ point, done, summary, claims, pictures }: ToldPoint): string {
  if (done === 0) return "";
  const lines = claims.map(
    ({ claim, found, verdict, published }) =>
      `<li><b>${verdict}</b>: ${escapeHtml(claim)}. Found: ${escapeHtml(found)}${published ? `; published: ${escapeHtml(published.value)} (${escapeHtml(published.source)})` : ""}</li>`,
  );
  const images = pictures.map(
    ({ name, bytes }) =>
      `<img alt="${escapeHtml(name)}" src="data:image/png;base64,${bytes.toString("base64")}">`,
  );
  return `<section id="p${point.index}"><h2>${escapeHtml(point.name)}</h2><pre>${escapeHtml(summary)}</pre>
<ul>${lines.join("\n")}</ul>${images.join("\n")}</section>`;
}
