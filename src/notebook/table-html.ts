// The HTML of a table. It stands alone: its style and its script (table.css, table-behaviour.js) travel in every
// output, so that it works in JupyterLab, in a report and offline; both are the same for all tables on a page.
import fs from "node:fs";
import { inProject } from "../environment/paths.mjs";
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
  const kinds = columns.map(kindOf);
  const head = columns.map(({ name }, column) => cellHtml({ text: name }, kinds[column], "col"));
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const cells = columns.map(({ cells }, column) =>
      cellHtml(cells[row], kinds[column], labelled && column === 0 ? "row" : ""),
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

/** Texts longer than this are broken into lines. */
const longText = 40;

const kindOf = ({ numeric, cells }: TextColumn) =>
  numeric ? "number" : cells.some(({ text }) => text.length > longText) ? "long" : "";

/** @param heads what the cell is the head of, if it is one */
function cellHtml({ text, full, missing }: TextCell, kind: string, heads: "" | "row" | "col"): string {
  const classes = [kind, missing ? "missing" : ""].filter(Boolean).join(" ");
  const attributes =
    (heads ? ` scope="${heads}"` : "") +
    (classes ? ` class="${classes}"` : "") +
    (full === undefined ? "" : ` title="${escapeHtml(full)}"`);
  const tag = heads ? "th" : "td";
  const written = heads === "col" ? breakableName(text) : escapeHtml(text);
  return `<${tag}${attributes}>${written}</${tag}>`;
}

/** A column's name as HTML that may break after its underscores and dots, so that names do not make a table wide. */
const breakableName = (name: string) => escapeHtml(name).replace(/([_.])(?=\w)/g, "$1<wbr>");

const parts = new Map<string, string>();

/** A file beside this one, without its comments and indentation. */
function part(name: string): string {
  let text = parts.get(name);
  if (text === undefined) {
    const lines = fs.readFileSync(inProject("src", "notebook", name), "utf8").split("\n");
    text = lines
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith("//") && !/^\/\*.*\*\/$/.test(line))
      .join("\n");
    parts.set(name, text);
  }
  return text;
}
