// Figures as still pictures, for papers and slides: PNG, PDF and SVG, drawn by one headless browser that is offline.
// Without a browser each becomes an interactive .html file instead; these share one plotly script in their folder.
import fs from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { findBrowser, withoutBrowser as howToGetPictures } from "../environment/browser.mjs";
import { writeFileAtomically } from "../io/write-atomically";
import { escapeHtml } from "../notebook/escape-html";
import { type FigureSpec, figureTitle, type PlainFigure, themedFigure } from "../notebook/figure";
import { figureTemplate, inksOnAnyPage, inksOnPaper } from "../notebook/figure-theme";
import { plotlyScript } from "./plotly-script";

export interface PictureRequest {
  spec: FigureSpec;
  /** Ends in .png, .pdf or .svg. */
  path: string;
  /** CSS pixels; 720 by the figure's own height by default. */
  width?: number;
  height?: number;
  /** Pixels of a PNG for each CSS pixel. */
  scale?: number;
}

export interface PicturesWritten {
  written: string[];
  /** How to get pictures where none could be drawn. */
  note?: string;
}

export interface DrawnFile {
  path: string;
  content: Uint8Array | string;
}

/** Pictures that are not written yet. */
export interface DrawnPictures {
  /** One a request, in order; none where there is no browser and pages are not wanted. */
  pictures: DrawnFile[];
  /** What lies beside the pictures and belongs to all of them: the script of pages. */
  beside: DrawnFile[];
  note?: string;
}

type Format = "png" | "pdf" | "svg";

/**
 * Draws figures with our look on white and writes them.
 *
 * @param requests each with a figure, the path of its picture and its size in CSS pixels
 * @param options `withoutBrowser` says what to do where no browser is found: write .html files, or nothing
 * @throws {RangeError} for a file name that ends in something else
 * @throws {Error} if a figure cannot be drawn, naming its file
 */
export async function renderStaticPictures(
  requests: readonly PictureRequest[],
  options: { withoutBrowser?: "html" | "skip" } = {},
): Promise<PicturesWritten> {
  const { pictures, beside, note } = await drawStaticPictures(requests, options);
  for (const { path: file, content } of beside) if (!fs.existsSync(file)) writeFileAtomically(file, content);
  for (const { path: file, content } of pictures) writeFileAtomically(file, content);
  return { written: pictures.map((picture) => picture.path), ...(note ? { note } : {}) };
}

/**
 * Draws figures as `renderStaticPictures` does and leaves the writing to the caller, who can put them in place together.
 *
 * @param requests as those of `renderStaticPictures`; paths may be relative to where the caller writes them
 * @param options as those of `renderStaticPictures`
 * @throws {RangeError} for a file name that ends in something else than .png, .pdf or .svg
 * @throws {Error} if a figure cannot be drawn, naming its file
 */
export async function drawStaticPictures(
  requests: readonly PictureRequest[],
  options: { withoutBrowser?: "html" | "skip" } = {},
): Promise<DrawnPictures> {
  const { withoutBrowser = "html" } = options;
  const figures = requests.map((request) => ({
    ...request,
    format: formatOf(request.path),
    figure: stylise(request),
  }));
  if (figures.length === 0) return { pictures: [], beside: [] };
  const browserPath = findBrowser();
  if (!browserPath && withoutBrowser === "skip") return { pictures: [], beside: [], note: howToGetPictures };
  if (!browserPath) return { ...(await drawPages(figures)), note: howToGetPictures };
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  try {
    const page = await (await browser.newContext({ offline: true })).newPage();
    await page.goto("about:blank");
    await page.addScriptTag({ path: await plotlyScript() });
    const pictures: DrawnFile[] = [];
    for (const { path: file, format, figure, scale = 2 } of figures) {
      pictures.push({ path: file, content: await draw(page, figure, { file, format, scale }) });
    }
    return { pictures, beside: [] };
  } finally {
    await browser.close();
  }
}

function formatOf(file: string): Format {
  const format = path.extname(file).slice(1).toLowerCase();
  if (format === "png" || format === "pdf" || format === "svg") return format;
  throw new RangeError(`Cannot draw ${file} as its name must end in .png, .pdf or .svg: got "${format}"`);
}

/** The figure with our look on white; a template of its own that is not the notebook's stays. */
function stylise({ spec, width = 720, height }: PictureRequest): PlainFigure {
  const { data, layout, frames } = themedFigure(spec, { height });
  const template = isNotebooks(layout.template) ? templateOnPaper() : layout.template;
  return themedFigure({ data, frames, layout: { ...layout, template, width } as object });
}

const isNotebooks = (template: unknown) =>
  (template as ReturnType<typeof figureTemplate>)?.layout?.font?.color === inksOnAnyPage.text;

/** A picture has no page around it: its title stands off the edge. */
function templateOnPaper() {
  const template = figureTemplate(inksOnPaper);
  template.layout.title.pad.l = 12;
  return template;
}

interface PlotlyInPage {
  Plotly: { toImage(figure: object, options: object): Promise<string> };
}

async function draw(
  page: Page,
  figure: PlainFigure,
  { file, format, scale }: { file: string; format: Format; scale: number },
): Promise<Uint8Array> {
  const { width, height } = figure.layout as { width: number; height: number };
  const size = { width, height };
  const options = { ...size, format: format === "png" ? "png" : "svg", scale: format === "png" ? scale : 1 };
  let address: string;
  try {
    address = await page.evaluate(
      ([drawn, how]) => (globalThis as unknown as PlotlyInPage).Plotly.toImage(drawn, how),
      [figure as object, options] as const,
    );
  } catch (error) {
    throw new Error(`Cannot draw ${file} as Plotly refused the figure: ${String(error).split("\n")[0]}`);
  }
  const comma = address.indexOf(",");
  const image = address.slice(0, comma).includes("base64")
    ? Buffer.from(address.slice(comma + 1), "base64")
    : Buffer.from(decodeURIComponent(address.slice(comma + 1)));
  if (format !== "pdf") return image;
  const paper = await page.context().newPage();
  try {
    await paper.setContent(
      `<title>${escapeHtml(figureTitle(figure))}</title><style>html, body { margin: 0 } svg { display: block }</style>${image.toString()}`,
    );
    return await paper.pdf({
      width: `${width}px`,
      height: `${height}px`,
      printBackground: true,
      pageRanges: "1",
    });
  } finally {
    await paper.close();
  }
}

/** Each figure as an interactive page; the pages of a folder share one script. */
async function drawPages(figures: { path: string; figure: PlainFigure }[]) {
  const script = await plotlyScript();
  const name = path.basename(script);
  const folders = Array.from(new Set(figures.map(({ path: picture }) => path.dirname(picture))));
  return {
    pictures: figures.map(({ path: picture, figure }) => ({
      path: picture.replace(/\.\w+$/, ".html"),
      content: figurePage(figure, name),
    })),
    beside: folders.map((folder) => ({ path: path.join(folder, name), content: fs.readFileSync(script) })),
  };
}

function figurePage({ data, layout, frames }: PlainFigure, script: string): string {
  const json = JSON.stringify({
    data,
    layout,
    frames,
    config: { responsive: true, displaylogo: false, showSendToCloud: false },
  }).replace(/</g, "\\u003c");
  return [
    `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(figureTitle({ layout }) || "Figure")}</title>`,
    `<div id="figure"></div><script src="${escapeHtml(script)}"></script>`,
    `<script>Plotly.newPlot("figure", ${json})</script></html>\n`,
  ].join("\n");
}
