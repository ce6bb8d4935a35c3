// The HTML of a table. It stands alone: its style and its script (table.css, table-behaviour.js) travel in every
// output, so that it works in JupyterLab, in a report and offline; both are the same for all tables on a page.
import fs from "node:fs";
import path from "node:path";
import { escapeHtml } from "./escape-html";
import type { TextCell, TextColumn } from "./table-cells";

export interface TableFrame {
  title: string;
  caption: string;
  /** Says which rows are missing, or "". */
  leftOut: string;
  pageSize: number;
}

export function tableHtml(columns: TextColumn[], { title, caption, leftOut, pageSize }: TableFrame): string {
  const rowCount = columns[0]?.cells.length ?? 0;
  const shown = Math.min(pageSize, rowCount);
  const notes = [caption, leftOut].filter(Boolean).map((text) => `<span>${escapeHtml(text)}</span>`);
  const heading = `${title ? `<strong>${escapeHtml(title)}</strong>` : ""}${notes.join("")}`;
  const labelled = columns.length > 0 && !columns[0].numeric;
  const head = columns.map(
    ({ name, numeric }) => `<th scope="col"${numeric ? ' class="number"' : ""}>${escapeHtml(name)}</th>`,
  );
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const cells = columns.map(({ cells, numeric }, column) =>
      cellHtml(cells[row], numeric, labelled && column === 0),
    );
    return `<tr${row < shown ? "" : " hidden"}>${cells.join("")}</tr>`;
  });
  const status = rowCount === 0 ? "no rows" : rowCount > shown ? `rows 1–${shown} of ${rowCount}` : "";
  return [
    `<div class="dolab-table" data-page-size="${pageSize}" data-lm-suppress-shortcuts="true">`,
    `<style>${part("table.css")}</style>`,
    `<div class="dolab-scroll" role="region" tabindex="0" aria-label="${escapeHtml(title || "Table")}"><table>`,
    heading ? `<caption>${heading}</caption>` : "",
    `<thead><tr>${head.join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody></table></div>`,
    status ? `<div class="dolab-pages"><span role="status">${status}</span></div>` : "",
    rowCount > 1 ? `<script>${part("table-behaviour.js")}</script>` : "",
    "</div>",
  ]
    .filter(Boolean)
    .join("\n");
}

function cellHtml({ text, full, missing }: TextCell, numeric: boolean, label: boolean): string {
  const classes = [numeric ? "number" : "", missing ? "missing" : ""].filter(Boolean).join(" ");
  const attributes = `${classes ? ` class="${classes}"` : ""}${full === undefined ? "" : ` title="${escapeHtml(full)}"`}`;
  return label
    ? `<th scope="row"${attributes}>${escapeHtml(text)}</th>`
    : `<td${attributes}>${escapeHtml(text)}</td>`;
}

const parts = new Map<string, string>();

/** A file beside this one, without its comments and indentation. */
function part(name: string): string {
  let text = parts.get(name);
  if (text === undefined) {
    const lines = fs.readFileSync(path.join(__dirname, name), "utf8").split("\n");
    text = lines
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith("//") && !/^\/\*.*\*\/$/.test(line))
      .join("\n");
    parts.set(name, text);
  }
  return text;
}
