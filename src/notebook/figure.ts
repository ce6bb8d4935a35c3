// A Plotly figure as one notebook output: the figure itself for viewers that draw it (JupyterLab with the plotly
// package, our report), a light HTML summary for those that do not, and plain text.
import { type DisplayBundle, display } from "./display";
import { describeFigure, plainText, titleText } from "./figure-summary";
import { figureHeight, figureTemplate, marginAbove } from "./figure-theme";
import { type Json, plainJson } from "./plain-json";

/** A figure as plain Plotly data; arrays may be typed. See https://plotly.com/javascript/reference/ */
export interface FigureSpec {
  data: readonly object[];
  layout?: object;
  /** Steps of a slider or an animation. */
  frames?: readonly object[];
  config?: object;
}

export interface FigureOptions {
  /** Pixels; the width follows the page. */
  height?: number;
  /** What the figure shows, in a sentence, for readers who cannot see it. */
  description?: string;
  /** What the toolbar's camera saves. */
  download?: "svg" | "png";
  /** The name of the saved file, without extension. */
  fileName?: string;
  /** Takes this figure, not the notebook's first, as the picture in the index of reports. */
  thumbnail?: boolean;
}

export const plotlyMime = "application/vnd.plotly.v1+json";

/**
 * Shows a figure in the running cell.
 *
 * @param spec the figure as Plotly describes it
 * @param options its height in pixels, a description for readers who cannot see it, and what its toolbar saves
 * @throws {TypeError} if the figure has no `data` or contains something that JSON cannot carry
 * @example
 * import { figure } from "dolab";
 * const numbers = { data: [{ y: [3, 1, 2] }], layout: { title: { text: "Three numbers" } } };
 * figure(numbers, { description: "Three numbers, of which the second is the least." });
 * numbers.data.length; // => 1
 */
export function figure(spec: FigureSpec, options: FigureOptions = {}): void {
  display(figureBundle(spec, options));
}

/**
 * Makes the output that `figure` shows: Plotly for viewers that draw it, a summary as HTML and text for others.
 *
 * @param spec the figure as Plotly describes it
 * @param options as those of `figure`
 * @throws {TypeError} as `figure` does
 * @example
 * import { figureBundle } from "dolab";
 * const { data } = figureBundle({ data: [{ y: [3, 1, 2] }], layout: { title: { text: "Three numbers" } } });
 * data["text/plain"]; // => "Figure: Three numbers\n- trace 1 (scatter): 3 points, y from 1 to 3"
 */
export function figureBundle(spec: FigureSpec, options: FigureOptions = {}): DisplayBundle {
  const { height, description, download = "svg", fileName, thumbnail } = options;
  const plotly = themedFigure(spec, { height });
  plotly.config = {
    responsive: false, // JupyterLab resizes figures itself, and with this on a change of its theme collapses them
    displaylogo: false,
    showSendToCloud: false, // Plotly's default is a button that uploads the figure and its data
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: {
      format: download,
      filename: fileName ?? fileNameOf(plotly),
      scale: download === "png" ? 2 : 1,
    },
    ...(plotly.config as object),
  };
  const { html, text } = describeFigure(plotly, description);
  return {
    data: { [plotlyMime]: plotly, "text/html": html, "text/plain": text },
    metadata: thumbnail ? { dolab: { thumbnail: true } } : {},
  };
}

export interface PlainFigure {
  data: Record<string, Json>[];
  layout: Record<string, Json>;
  frames?: Record<string, Json>[];
  config?: Json;
}

/**
 * The figure as JSON with our template under it; what the figure says itself wins.
 * @throws {TypeError} as `figure`
 */
export function themedFigure(
  spec: FigureSpec,
  { height, template = figureTemplate() }: { height?: number; template?: object } = {},
): PlainFigure {
  if (!Array.isArray(spec?.data)) {
    throw new TypeError(
      `Cannot draw a figure as its data must be an array of traces: got ${typeof spec?.data}`,
    );
  }
  const plain = plainJson(spec, "figure") as unknown as PlainFigure;
  const layout: PlainFigure["layout"] = { template: template as Json, height: figureHeight, ...plain.layout };
  if (height !== undefined) layout.height = height;
  for (const part of [layout, ...axesOf(layout)]) {
    if (typeof part.title === "string") part.title = { text: part.title }; // which Plotly no longer takes
  }
  const title = titleText(layout.title);
  const titleLines = typeof title === "string" && title ? title.split(/<br\s*\/?>/i).length : 0;
  layout.margin = { t: marginAbove(titleLines), ...(layout.margin as object) };
  return { ...plain, layout };
}

const axesOf = (layout: PlainFigure["layout"]) =>
  Object.keys(layout)
    .filter((key) => /^[xy]axis\d*$/.test(key))
    .map((key) => layout[key] as Record<string, Json>);

/** The title without Plotly's markup, or "". */
export const figureTitle = ({ layout }: { layout?: { title?: unknown } }): string =>
  plainText(titleText(layout?.title));

const fileNameOf = (plotly: PlainFigure) =>
  figureTitle(plotly)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60) || "figure";
