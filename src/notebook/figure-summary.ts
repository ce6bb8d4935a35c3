// What a figure shows, for viewers that cannot draw it and for readers who cannot see it: the title, the axes, and for
// each trace how many points and between which values.
import { escapeHtml } from "./escape-html";
import { formatNumber } from "./format-numbers";
import type { Json } from "./plain-json";

type Trace = Record<string, Json>;

interface Figure {
  data: Trace[];
  layout: Record<string, Json>;
}

const coordinates = ["x", "y", "z", "r", "theta", "a", "b", "c", "values", "labels"];

/** @returns a few lines of text, and the same as HTML with the traces folded */
export function describeFigure(figure: Figure, description = ""): { text: string; html: string } {
  const title = plainText(titleText(figure.layout.title)) || "Untitled figure";
  const axes = ["x", "y"].map((name) => plainText(titleText((figure.layout[`${name}axis`] as Trace)?.title)));
  const showing = axes[0] && axes[1] ? `${axes[1]} against ${axes[0]}` : axes[0] || axes[1];
  const traces = figure.data.map(describeTrace);
  const lead = [showing, description].filter(Boolean).join(". ");
  const text = [`Figure: ${title}`, ...(lead ? [lead] : []), ...traces.map((trace) => `- ${trace}`)].join(
    "\n",
  );
  const count = `${traces.length} ${traces.length === 1 ? "trace" : "traces"}`;
  const html =
    `<figure class="dolab-figure-summary" style="margin: 0.5em 0"><figcaption><strong>${escapeHtml(title)}</strong>` +
    `${lead ? `<br>${escapeHtml(lead)}` : ""}</figcaption><details><summary>Data: ${count}</summary><ul>` +
    `${traces.map((trace) => `<li>${escapeHtml(trace)}</li>`).join("")}</ul></details></figure>`;
  return { text, html };
}

function describeTrace(trace: Trace, index: number): string {
  const ranges = coordinates.flatMap((name) =>
    Array.isArray(trace[name]) ? [range(name, trace[name] as Json[])] : [],
  );
  const longest = Math.max(
    0,
    ...coordinates.map((name) => (Array.isArray(trace[name]) ? (trace[name] as Json[]).length : 0)),
  );
  const name = plainText(trace.name) || `trace ${index + 1}`;
  const points = longest === 1 ? "1 point" : `${longest} points`;
  return `${name} (${plainText(trace.type) || "scatter"}): ${[points, ...ranges].join(", ")}`;
}

/** Such as "y from 0.02 to 2.3"; a matrix is taken as all its values. */
function range(name: string, values: Json[]): string {
  const flat = values.flat() as Json[];
  let low = Infinity;
  let high = -Infinity;
  for (const value of flat) {
    if (typeof value !== "number") continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low <= high)
    return low === high
      ? `${name} ${formatNumber(low)}`
      : `${name} from ${formatNumber(low)} to ${formatNumber(high)}`;
  const words = [...new Set(flat.filter((value) => typeof value === "string"))] as string[];
  if (words.length === 0) return `${name} empty`;
  return `${name}: ${words.slice(0, 4).map(plainText).join(", ")}${words.length > 4 ? ` and ${words.length - 4} more` : ""}`;
}

/** Plotly takes a title as a text or as an object with one. */
export const titleText = (title: unknown): unknown =>
  title !== null && typeof title === "object" ? (title as { text?: unknown }).text : title;

/** Text without Plotly's markup, which is a few HTML tags. */
export const plainText = (value: unknown): string =>
  typeof value === "string"
    ? value
        .replace(/<br\s*\/?>/gi, " ")
        .replace(/<\/?[a-z][^>]*>/gi, "")
        .trim()
    : "";
